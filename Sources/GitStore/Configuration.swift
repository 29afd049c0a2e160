import CLibgit2

/// Git configuration read from chosen files, in order: later files win.
struct Configuration: ~Copyable {
  private let handle: Handle<ConfigurationKind>

  /// An empty configuration, to which files are added.
  init() throws(LibraryError) {
    handle = try unsafe Handle { unsafe git_config_new(&$0) }
  }

  /// The repository's own configuration, without anything from outside it.
  init(of repository: borrowing Handle<RepositoryKind>) throws(LibraryError) {
    let pointer = unsafe repository.pointer
    handle = try unsafe Handle { unsafe git_repository_config(&$0, pointer) }
  }

  /// Adds a file; one that does not exist adds nothing.
  func add(file path: String, level: git_config_level_t) throws(LibraryError) {
    try check(unsafe git_config_add_file_ondisk(handle.pointer, path, level, nil, 1))
  }

  /// The same, with what it includes on condition of a repository.
  func add(
    file path: String, level: git_config_level_t, for repository: borrowing Handle<RepositoryKind>
  ) throws(LibraryError) {
    try check(unsafe git_config_add_file_ondisk(handle.pointer, path, level, repository.pointer, 1))
  }

  /// The last value of `name`, as git reads a setting that is given more than once.
  func string(_ name: String) -> String? {
    values(of: name).last
  }

  /// The setting as a boolean: nil when unset; a key without a value is true.
  func bool(_ name: String) -> Bool? {
    var value: Int32 = 0
    guard unsafe git_config_get_bool(&value, handle.pointer, name) == 0 else { return nil }
    return value != 0
  }

  /// Every value of `name`, in the order of files and lines.
  func values(of name: String) -> [String] {
    unsafe settings { unsafe git_config_multivar_iterator_new(&$0, $1, name, nil) }.map(\.value)
  }

  /// Every setting of some sections, with their normalised names. Not by `git_config_iterator_glob_new`: that of libgit2 1.5
  /// leaks 20 KB for each setting that does not match.
  func settings(of sections: Set<String>) -> [Setting] {
    unsafe settings(where: { name in name.firstIndex(of: ".").map { sections.contains(String(name[..<$0])) } ?? false }) {
      unsafe git_config_iterator_new(&$0, $1)
    }
  }

  private func settings(
    where isWanted: (String) -> Bool = { _ in true }, _ create: (inout OpaquePointer?, OpaquePointer) -> Int32
  ) -> [Setting] {
    let config = unsafe handle.pointer
    guard
      let iterator = try? unsafe Handle<ConfigurationIteratorKind>({ unsafe create(&$0, config) })
    else { return [] }
    var found: [Setting] = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while unsafe git_config_next(&entry, iterator.pointer) == 0, let current = unsafe entry {
      guard let name = unsafe current.pointee.name.map({ unsafe String(cString: $0) }), isWanted(name) else { continue }
      let value = unsafe current.pointee.value.map { unsafe String(cString: $0) }
      found.append(Setting(name: name, value: value ?? ""))
    }
    return found
  }
}

/// One line of configuration: section and key in lowercase, subsection as written.
struct Setting {
  var name: String
  var value: String
}
