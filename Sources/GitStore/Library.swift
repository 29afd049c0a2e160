import CLibgit2

/// libgit2's process-wide state: started once, on first use, from whichever thread comes first.
enum Library {
  /// What libgit2 may keep in memory and map at once, in bytes. Its defaults suit a server.
  private static let objectCacheBytes = 32 << 20
  private static let mappedWindowBytes = 32 << 20
  private static let mappedTotalBytes = 1 << 30
  private static let openPackFiles = 128

  private static let failure: GitError? = start()

  static func ensureStarted() throws(GitError) {
    if let failure { throw failure }
  }

  private static func start() -> GitError? {
    let count = git_libgit2_init()
    guard count >= 0 else { return LibraryError(count).unexpected("start libgit2") }

    var result = setSwitches()
    for (option, size) in [
      (GIT_OPT_SET_MWINDOW_SIZE, mappedWindowBytes),
      (GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, mappedTotalBytes),
      (GIT_OPT_SET_MWINDOW_FILE_LIMIT, openPackFiles),
    ] where result >= 0 {
      result = writ_git_set_size(Int32(option.rawValue), size)
    }
    if result >= 0 { result = writ_git_set_cache_size(objectCacheBytes) }
    if result >= 0 { result = ignoreConfigurationOutsideTheRepository() }
    if result >= 0 { result = RepositoryFormat.registerExtensions() }
    return result < 0 ? LibraryError(result).unexpected("set up libgit2") : nil
  }

  private static func setSwitches() -> Int32 {
    // Reading a blob takes half the time without its SHA-1. What is damaged on disk is still
    // found: zlib's checksum covers every object, and git checked the hash when it stored it.
    let hashing = writ_git_set_switch(Int32(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION.rawValue), 0)
    guard hashing >= 0 else { return hashing }
    // libgit2 1.5 knows neither `safe.directory = *` nor GIT_CONFIG_*: `Ownership` checks instead.
    return writ_git_set_switch(Int32(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
  }

  /// A repository is read by its own configuration alone: the same on every machine, and a broken
  /// `~/.gitconfig` breaks nothing. Who needs the user's settings asks `UserConfiguration`.
  private static func ignoreConfigurationOutsideTheRepository() -> Int32 {
    let levels = [
      GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
      GIT_CONFIG_LEVEL_GLOBAL,
    ]
    for level in levels {
      let result = unsafe writ_git_set_search_path(level.rawValue, "")
      guard result >= 0 else { return result }
    }
    return 0
  }
}
