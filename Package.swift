// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Strictness is the same everywhere: see STYLE.md, "Compiler settings".
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Folders of `Sources/Artifacts` that are targets: each holds a README and goldens beside its code.
let targetFolders = try FileManager.default.contentsOfDirectory(atPath: Context.packageDirectory + "/Sources/Artifacts")
  .filter { FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/Artifacts/\($0)/Golden") }.sorted()

/// A static build links what Debian's packages have as archives, without any network: `make release` tries it first.
let isStatic = Context.environment["WRIT_STATIC"] == "1"

let package = Package(
  name: "writ",
  products: [
    .executable(name: "writ", targets: ["writ"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(
      name: "CLibgit2", cSettings: isStatic ? [.define("WRIT_STATIC")] : [],
      linkerSettings: (isStatic ? [":libgit2.a", ":libpcre2-8.a", ":libz.a", ":libmbedcrypto.a"] : ["git2"]).map { .linkedLibrary($0) }
        // See inflate.c.
        + (isStatic ? [.unsafeFlags(["-Xlinker", "--wrap=inflate"])] : [])),
    .target(name: "CLibYAML", linkerSettings: [.linkedLibrary(isStatic ? ":libyaml.a" : "yaml")]),
    .target(name: "GitStore", dependencies: ["CLibgit2"], swiftSettings: settings),
    .target(name: "PolicyCompiler", dependencies: ["CLibYAML"], swiftSettings: settings),
    .target(
      name: "Artifacts", dependencies: ["PolicyCompiler"],
      exclude: targetFolders.flatMap { ["\($0)/README.md", "\($0)/Golden"] },
      swiftSettings: settings),
    .executableTarget(
      name: "writ",
      dependencies: [
        "GitStore", "PolicyCompiler", "Artifacts",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "Fuzzing", dependencies: ["GitStore", "PolicyCompiler", "Artifacts"], swiftSettings: settings),
    .executableTarget(
      name: "dev",
      dependencies: [
        "Fuzzing", "PolicyCompiler", "Artifacts",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(name: "GitStoreTests", dependencies: ["GitStore", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "PolicyCompilerTests", dependencies: ["Artifacts", "PolicyCompiler", "TestSupport"],
      exclude: ["Diffs", "Imports", "Mistakes", "Reports"],
      swiftSettings: settings),
    .testTarget(
      name: "ArtifactsTests", dependencies: ["Artifacts", "PolicyCompiler", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "CommandTests", dependencies: ["writ", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ExampleTests", dependencies: ["writ", "PolicyCompiler", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "FuzzTests", dependencies: ["Fuzzing", "TestSupport"], exclude: ["Corpus"], swiftSettings: settings),
    .testTarget(name: "HouseTests", dependencies: ["TestSupport"], swiftSettings: settings),
  ]
)
