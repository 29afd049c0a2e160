import CLibgit2

/// The settings of the machine and the user, found where git finds them.
///
/// This is what git calls protected configuration: no repository can put anything here. Read only when
/// somebody asks for one of its settings, so most runs never touch these files.
struct UserConfiguration: ~Copyable {
  private let files: Configuration
  private let environment: GitEnvironment

  private init(files: consuming Configuration, environment: GitEnvironment) {
    self.files = files
    self.environment = environment
  }

  static func load(_ environment: GitEnvironment) throws(GitError) -> UserConfiguration {
    try Library.ensureStarted()
    return UserConfiguration(files: try read(paths(in: environment)), environment: environment)
  }

  /// Every value of `name`: system, user, then `GIT_CONFIG_COUNT` and its companions.
  func values(of name: String) -> [String] {
    files.values(of: name) + Self.valuesFromVariables(name, environment)
  }

  private static func read(
    _ paths: [(String, git_config_level_t)]
  ) throws(GitError) -> Configuration {
    do {
      let files = try Configuration()
      for (path, level) in paths { try files.add(file: path, level: level) }
      return files
    } catch {
      throw error.unexpected("read the user's git configuration")
    }
  }

  /// From `git help config`: GIT_CONFIG_GLOBAL replaces both files of the user.
  static func paths(in environment: GitEnvironment) -> [(String, git_config_level_t)] {
    var paths: [(String, git_config_level_t)] = []
    if environment.flag("GIT_CONFIG_NOSYSTEM") != true {
      paths.append((environment["GIT_CONFIG_SYSTEM"] ?? "/etc/gitconfig", GIT_CONFIG_LEVEL_SYSTEM))
    }
    if let global = environment["GIT_CONFIG_GLOBAL"] {
      paths.append((global, GIT_CONFIG_LEVEL_GLOBAL))
      return paths
    }
    let home = environment["HOME"]
    if let folder = environment["XDG_CONFIG_HOME"] ?? home.map({ "\($0)/.config" }) {
      paths.append(("\(folder)/git/config", GIT_CONFIG_LEVEL_XDG))
    }
    if let home { paths.append(("\(home)/.gitconfig", GIT_CONFIG_LEVEL_GLOBAL)) }
    return paths
  }

  static func valuesFromVariables(
    _ name: String, _ environment: GitEnvironment
  ) -> [String] {
    guard let count = environment["GIT_CONFIG_COUNT"].flatMap({ Int($0) }), count > 0 else { return [] }
    return (0..<min(count, 1000)).compactMap { position in
      guard environment["GIT_CONFIG_KEY_\(position)"]?.lowercased() == name else { return nil }
      return environment.variables["GIT_CONFIG_VALUE_\(position)"] ?? ""
    }
  }
}
