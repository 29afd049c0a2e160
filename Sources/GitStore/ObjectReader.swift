import CLibgit2

/// Reads objects by id: from packs and loose files, and in a partial clone from its remote.
final class ObjectReader {
  let database: Handle<ObjectDatabaseKind>
  private let missing: MissingObjects
  private let isShallow: Bool
  /// How many objects were read with their content, for tests of what is read twice.
  private(set) var readCount = 0

  init(
    _ repository: borrowing Handle<RepositoryKind>, origin: Repository.Origin, promisor: PromisorRemote?
  ) throws(GitError) {
    let pointer = unsafe repository.pointer
    do {
      database = try unsafe Handle { unsafe git_repository_odb(&$0, pointer) }
      // In a pre-receive hook, what is being pushed waits in a folder of its own.
      for folder in Self.foldersBeside(origin.environment) {
        try check(unsafe git_odb_add_disk_alternate(database.pointer, folder))
      }
    } catch {
      throw error.unexpected("open the objects of `\(origin.location.gitDirectory)`")
    }
    missing = MissingObjects(origin: origin, promisor: promisor)
    isShallow = unsafe git_repository_is_shallow(pointer) == 1
  }

  /// The bytes of an object, copied once.
  ///
  /// - Parameter what: the object in the user's words, such as a path, for messages.
  func bytes(
    of id: ObjectID, kind: git_object_t, what: @autoclosure () -> String, fetchMissing: Bool
  ) throws(GitError) -> [UInt8] {
    readCount += 1
    let object: Handle<RawObjectKind>
    do {
      object = try raw(id)
    } catch {
      guard error.isNotFound, fetchMissing, missing.canFetch else {
        throw failure(error, id, what())
      }
      try fetch([id])
      do { object = try raw(id) } catch { throw failure(error, id, what()) }
    }
    guard unsafe git_odb_object_type(object.pointer) == kind else {
      throw GitError(.damagedObject, "object \(id.short) (\(what())) is not of the kind that its tree says")
    }
    return Self.copy(object)
  }

  /// The size of a blob, without reading its content; nil when it is not here.
  func size(of id: ObjectID, what: @autoclosure () -> String) throws(GitError) -> Int? {
    var length = 0
    var type = GIT_OBJECT_INVALID
    var oid = id.oid
    do {
      try check(unsafe git_odb_read_header(&length, &type, database.pointer, &oid))
    } catch {
      if error.isNotFound { return nil }
      throw failure(error, id, what())
    }
    return length
  }

  /// Fetches in one go, if this is a partial clone, those objects that are not here yet.
  func fetchMissing(_ ids: some Sequence<ObjectID>) throws(GitError) {
    guard missing.canFetch else { return }
    let absent = ids.filter { id in
      var oid = id.oid
      let flags = GIT_ODB_LOOKUP_NO_REFRESH.rawValue
      return unsafe git_odb_exists_ext(database.pointer, &oid, flags) == 0
    }
    if !absent.isEmpty { try fetch(absent) }
  }

  /// An object that is not here, and what can be done about it.
  func absent(_ id: ObjectID, _ what: String) -> GitError {
    missing.error(for: id, what: what, isShallow: isShallow)
  }

  private func fetch(_ ids: [ObjectID]) throws(GitError) {
    try missing.fetch(ids) { () throws(GitError) in
      do throws(LibraryError) {
        try check(unsafe git_odb_refresh(database.pointer))
      } catch {
        throw error.unexpected("look for the objects that git fetched")
      }
      return ids.filter { id in
        var oid = id.oid
        return unsafe git_odb_exists(database.pointer, &oid) == 0
      }
    }
  }

  private func raw(_ id: ObjectID) throws(LibraryError) -> Handle<RawObjectKind> {
    var oid = id.oid
    let database = unsafe database.pointer
    return try unsafe Handle { unsafe git_odb_read(&$0, database, &oid) }
  }

  private func failure(_ error: LibraryError, _ id: ObjectID, _ what: String) -> GitError {
    if error.isNotFound { return absent(id, what) }
    return GitError(
      .damagedObject, "object \(id.short) (\(what)) cannot be read: \(error.message)",
      hint: "`git fsck` names what is damaged; a fresh clone repairs it")
  }

  private static func copy(_ object: borrowing Handle<RawObjectKind>) -> [UInt8] {
    let count = unsafe git_odb_object_size(object.pointer)
    guard count > 0, let data = unsafe git_odb_object_data(object.pointer) else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(start: data, count: count))
      filled = count
    }
  }

  private static func foldersBeside(_ environment: GitEnvironment) -> [String] {
    let alternates = environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] ?? ""
    return [environment["GIT_OBJECT_DIRECTORY"]].compactMap(\.self)
      + alternates.split(separator: ":").map(String.init)
  }
}
