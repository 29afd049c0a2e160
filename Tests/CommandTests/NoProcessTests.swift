import Foundation
import TestSupport
import Testing

/// Reading a repository starts no program and reaches no network: as the system sees it, not as the code says it.
@Suite struct NoProcessTests {
  /// What is printed or committed has the moment of judging in it, and two runs are compared.
  private static let moment = "2026-11-20"

  /// Every command that reads a repository, or that writes what was rendered from one.
  static let commands = [
    ["check"], ["check", "--rev", "HEAD", "--format", "sarif", "--at", moment], ["diff", "HEAD~1..HEAD"], ["diff"], ["log"], ["drift"],
    ["render", "--check"],
    ["why", "job", "write", "db/marts/x", "--in", "dev"], ["can", "job", "write", "db/marts/x", "--in", "dev", "--rev", "HEAD"], ["test"],
    ["render", "--commit", "--at", moment], ["render", "--force"], ["check", "--write-baseline"], ["import", "permifrost", "roles.yml"],
  ]

  /// A repository whose configuration, attributes and hooks name a program wherever git knows a place for one.
  private static func trap() throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    try scratch.commit("first")
    try scratch.write("policies/more.yaml", SmallPolicy.warning)
    try scratch.write(".gitattributes", "* filter=evil diff=evil merge=evil text=auto\n")
    try scratch.write(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c touch% ran\n\tupdate = !touch ran\n")
    try scratch.write(
      "roles.yml", "roles:\n  - analyst: { warehouses: [loading] }\nusers:\n  - zora: { can_login: true, member_of: [analyst] }\n")
    try scratch.commit("second")
    let evil = "\(scratch.path)/evil"
    try scratch.write("evil", "#!/bin/sh\ntouch '\(scratch.path)/ran'\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: evil)
    for hook in [
      "pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "reference-transaction", "post-index-change", "post-checkout",
    ] {
      try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/.git/hooks/\(hook)", withDestinationPath: evil)
    }
    for name in [
      "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy", "core.alternateRefsCommand",
      "sequence.editor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command",
      "diff.external",
      "merge.evil.driver", "gpg.program", "gpg.ssh.defaultKeyCommand", "credential.helper", "uploadpack.packObjectsHook", "pager.log",
      "alias.log",
      "remote.origin.uploadpack", "trailer.x.command", "interactive.diffFilter", "hook.x.command",
    ] { try scratch.git("config", name, evil) }
    for (name, value) in [
      ("commit.gpgSign", "true"), ("filter.evil.required", "true"), ("remote.origin.url", "ext::\(evil)"), ("protocol.ext.allow", "always"),
      ("includeIf.gitdir:/**.path", "\(scratch.path)/more.config"), ("hook.x.event", "pre-commit"),
    ] { try scratch.git("config", name, value) }
    try scratch.write("more.config", "[core]\n\tsshCommand = \(evil)\n")
    return scratch
  }

  @Test(arguments: commands) func nothingThatARepositoryNamesIsRun(_ arguments: [String]) throws {
    let scratch = try Self.trap()
    let run = try Program.run(Program.writ, arguments, in: scratch.path)
    #expect([0, 2].contains(run.status), "\(run.everything)")
    #expect(!scratch.has("ran"))
    if arguments == ["check"] {
      // That the trap is one.
      _ = try? scratch.git("status")
      #expect(scratch.has("ran"))
    }
  }

  private static let tracerWorks =
    (try? Program.run("/usr/bin/env", ["strace", "-f", "-o", "/dev/null", "true"], in: "/").status) == 0

  @Test(.enabled(if: tracerWorks, "needs strace, and leave to trace"), arguments: commands)
  func noProgramIsStartedAndNoSocketMade(_ arguments: [String]) throws {
    let scratch = try Self.trap()
    let log = scratch.path + ".strace"
    defer { try? FileManager.default.removeItem(atPath: log) }
    let run = try Program.run(
      "/usr/bin/env", ["strace", "-f", "-qq", "-e", "trace=%network,%process", "-o", log, Program.writ] + arguments, in: scratch.path)
    #expect([0, 2].contains(run.status), "\(run.everything)")
    let calls = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").filter { $0.contains("(") }
    #expect(calls.count { $0.contains("execve(") } == 1, "\(calls.joined(separator: "\n"))")
    let forbidden = [
      "socket(", "socketpair(", "connect(", "bind(", "listen(", "sendto(", "sendmsg(", "execveat(", " fork(", "vfork(", "kill(", "ptrace(",
    ]
    for call in calls {
      #expect(!forbidden.contains { call.contains($0) }, "\(call)")
      // Threads are no programs.
      if call.contains("clone(") || call.contains("clone3(") { #expect(call.contains("CLONE_THREAD"), "\(call)") }
    }
  }

  private static let isolation: [String]? = [["unshare", "-n"], ["unshare", "-r", "-n"]].first {
    (try? Program.run("/usr/bin/env", $0 + ["true"], in: "/").status) == 0
  }

  @Test(.enabled(if: isolation != nil, "needs leave to make a network namespace"), arguments: commands)
  func withoutANetworkAllIsTheSame(_ arguments: [String]) throws {
    let (here, there) = (try Self.trap(), try Self.trap())
    let plain = try Program.run(Program.writ, arguments, in: here.path)
    let isolated = try Program.run("/usr/bin/env", (Self.isolation ?? []) + [Program.writ] + arguments, in: there.path)
    #expect(isolated.status == plain.status)
    #expect(isolated.output == plain.output && isolated.errors == plain.errors)
  }

  private static let listerWorks = (try? Program.run("/usr/bin/env", ["nm", "--version"], in: "/").status) == 0

  /// What the program itself calls in other libraries: nothing that opens a connection, resolves a name, or starts a program
  /// other than the one place that fetches for partial clones.
  @Test(.enabled(if: listerWorks, "needs nm")) func theProgramLinksNoNetwork() throws {
    let run = try Program.run("/usr/bin/env", ["nm", "--undefined-only", "--no-demangle", Program.writ], in: "/")
    #expect(run.status == 0)
    let names = Set(
      run.output.split(separator: "\n").compactMap { $0.split(separator: " ").last?.split(separator: "@").first.map(String.init) })
    #expect(names.contains("git_libgit2_init") || names.contains("openat"), "nm says nothing")
    let forbidden = [
      "socket", "connect", "bind", "listen", "accept", "getaddrinfo", "gethostbyname", "sendto", "sendmsg", "system", "popen", "fork",
      "vfork",
      "execve", "execv", "execvp", "dlopen",
    ]
    // libgit2 linked whole brings its own code for sockets, whose TLS, SSH and HTTP are stubs that fail.
    if names.contains("git_libgit2_init") { #expect(names.intersection(forbidden) == []) }
    #expect(
      !names.contains {
        $0.hasPrefix("git_remote") || $0.hasPrefix("git_clone") || $0.hasPrefix("git_transport") || $0.hasPrefix("git_fetch")
          || $0.hasPrefix("git_push")
      })
    #expect(!names.contains { $0.hasPrefix("curl_") || $0.hasPrefix("SSL_") || $0.contains("FoundationNetworking") })
  }
}
