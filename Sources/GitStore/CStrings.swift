import Glibc

/// A NULL-terminated array of C strings, freed with its owner.
@unsafe struct CStrings: ~Copyable {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    unsafe count = strings.count
    unsafe pointers = .allocate(capacity: strings.count + 1)
    for (position, string) in strings.enumerated() {
      unsafe (pointers + position).initialize(to: strdup(string))
    }
    unsafe (pointers + strings.count).initialize(to: nil)
  }

  deinit {
    for position in unsafe 0..<count { unsafe free(pointers[position]) }
    unsafe pointers.deallocate()
  }
}
