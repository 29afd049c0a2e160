/// One name in a stored folder.
struct TreeEntry {
  enum Kind {
    case file, executable, folder, symlink, submodule
  }

  var kind: Kind
  var name: [UInt8]
  var id: ObjectID
}

extension [TreeEntry] {
  /// Reads git's tree format: for each entry its mode in octal digits, a space, the name, a NUL, and 20 bytes of
  /// id. (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects)
  ///
  /// nil when the bytes are not a tree. Names and order are as stored: nothing is trusted yet.
  init?(treeBytes bytes: [UInt8]) {
    self = []
    var position = 0
    while position < bytes.count {
      var mode: UInt32 = 0
      let digits = position
      while position < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "7") = bytes[position], position - digits < 7 {
        mode = mode << 3 | UInt32(bytes[position] - UInt8(ascii: "0"))
        position += 1
      }
      guard position > digits, position < bytes.count, bytes[position] == UInt8(ascii: " ") else { return nil }
      guard
        let end = bytes[(position + 1)...].firstIndex(of: 0),
        bytes.count - end > ObjectID.byteCount,
        let id = ObjectID(bytes: bytes[(end + 1)...(end + ObjectID.byteCount)])
      else { return nil }
      guard let kind = TreeEntry.Kind(mode: mode) else { return nil }
      append(TreeEntry(kind: kind, name: Array<UInt8>(bytes[(position + 1)..<end]), id: id))
      position = end + ObjectID.byteCount + 1
    }
  }
}

extension TreeEntry.Kind {
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
