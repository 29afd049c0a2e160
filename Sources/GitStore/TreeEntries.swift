/// One name in a stored folder.
struct TreeEntry {
  typealias Kind = TreeItem.Kind

  var kind: Kind
  var name: [UInt8]
  var id: ObjectID

  var item: TreeItem { TreeItem(kind: kind, id: id) }
}

extension [TreeEntry] {
  /// nil when the bytes are not a tree. Names and order are as stored: nothing is trusted yet.
  init?(treeBytes bytes: [UInt8]) {
    self = []
    var names = TreeNames(bytes)
    while names.advance() { append(TreeEntry(kind: names.kind, name: Array<UInt8>(bytes[names.name]), id: names.id)) }
    if names.isDamaged { return nil }
  }
}

/// Reads git's tree format name by name: for each entry its mode in octal digits, a space, the name, a NUL, and 20
/// bytes of id. (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects)
struct TreeNames {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var kind = TreeItem.Kind.file
  private(set) var name = 0..<0
  /// Whether it ended because what follows is no entry.
  private(set) var isDamaged = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var id: ObjectID {
    // INVARIANT: `advance` has seen that so many bytes follow the name.
    ObjectID(bytes: bytes[(name.upperBound + 1)...(name.upperBound + ObjectID.byteCount)])!
  }

  func isNamed(_ other: [UInt8]) -> Bool { name.count == other.count && bytes[name].elementsEqual(other) }

  /// Goes to the next entry; false at the end.
  mutating func advance() -> Bool {
    guard position < bytes.count, !isDamaged else { return false }
    isDamaged = true
    var mode: UInt32 = 0
    let digits = position
    while position < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "7") = bytes[position], position - digits < 7 {
      mode = mode << 3 | UInt32(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    guard position > digits, position < bytes.count, bytes[position] == UInt8(ascii: " ") else { return false }
    guard
      let end = bytes[(position + 1)...].firstIndex(of: 0), bytes.count - end > ObjectID.byteCount,
      let kind = TreeItem.Kind(mode: mode)
    else { return false }
    self.kind = kind
    name = (position + 1)..<end
    position = end + ObjectID.byteCount + 1
    isDamaged = false
    return true
  }
}

extension TreeItem.Kind {
  fileprivate init?(mode: UInt32) {
    switch mode & 0o170000 {
    case 0o100000: self = mode & 0o100 == 0 ? .file : .executable
    case 0o040000: self = .folder
    case 0o120000: self = .symlink
    case 0o160000: self = .submodule
    default: return nil
    }
  }
}
