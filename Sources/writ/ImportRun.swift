import ArgumentParser
import Artifacts
import GitStore
import PolicyCompiler

/// One import: reads the files, turns them into policy, and writes that where it belongs.
struct ImportRun {
  let format: ImportFormat
  let options: ImportOptions
  let arguments: ImportArguments

  init(_ format: ImportFormat, options: ImportOptions, arguments: ImportArguments) {
    self.format = format
    self.options = options
    self.arguments = arguments
  }

  func run(_ path: String) throws {
    let source = try ImportSource(path, takesFolders: format == .peribolos)
    let place = arguments.stdout ? nil : try ImportPlace(arguments)
    let sources = SourceMap(source.files)
    var options = options
    options.folder = source.folder
    let own = format.importer.policy(from: SourceMap([]), options: options).possiblePaths
    let others = try place?.otherFiles(own) ?? []
    options.isEnvironmentDeclared = Self.declares(options.environment, others)
    let imported = format.importer.policy(from: sources, options: options)
    let diagnostics = source.problems + imported.diagnostics
    try report(diagnostics, sources.masked())
    guard let place else {
      Terminal.write(SafeText.escapedLines(imported.files.map(\.text).joined()))
      return
    }
    if !arguments.force { try checked(imported.files, others, place) }
    let changes = try place.changes(imported, force: arguments.force)
    try place.write(changes)
    if arguments.format == .json { return }
    if place.startsRepository { Terminal.write("created \(RootSettings.fileName)\n") }
    for change in changes { Terminal.write("\(change.verb) \(SafeText.escaped(place.shown(change.path)))\n") }
    if changes.isEmpty { Terminal.write("\(SafeText.escaped(place.shown(""))) holds this import already\n") }
    let found = DiagnosticPrinter.summary(diagnostics)
    if !found.isEmpty { Terminal.write("imported with \(found)\(hasHidden(diagnostics) ? " (notes with --notes)" : "")\n") }
  }

  // MARK: Report

  private func report(_ diagnostics: [Diagnostic], _ sources: SourceMap) throws {
    switch arguments.format {
    case .json: Terminal.write(DiagnosticJSON.document(diagnostics, sources: sources, instant: Terminal.now))
    case .human:
      let shown = diagnostics.filter { arguments.notes || $0.severity != .note }
      let printer = DiagnosticPrinter(sources: sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      if !shown.isEmpty { Terminal.say(printer.text(shown) + "\n") }
    }
    let fails = diagnostics.contains { $0.severity == .error || (arguments.strict && $0.severity == .warning) }
    if fails { throw Failure(.policyErrors, "nothing was imported: \(DiagnosticPrinter.summary(diagnostics))") }
  }

  private func hasHidden(_ diagnostics: [Diagnostic]) -> Bool { !arguments.notes && diagnostics.contains { $0.severity == .note } }

  // MARK: The policy around it

  private static func declares(_ environment: String, _ files: [SourceFile]) -> Bool {
    let documents = files.map { PolicyDocument.parse($0, file: 0, grammar: .complete) }
    return documents.contains { $0.declarations.contains { $0.section == .environments && $0.name?.text == environment } }
  }

  /// What is written must compile with what is there already; mistakes that were there before are nobody's business here.
  private func checked(_ files: [ImportedPolicy.File], _ others: [SourceFile], _ place: ImportPlace) throws {
    let compiler = Compiler(grammar: .complete, at: Terminal.now)
    let together = compiler.compile(others + files.map { SourceFile(path: place.path($0.path), text: $0.text) })
    let errors = together.diagnostics.inOrder().filter { $0.severity == .error }
    if errors.isEmpty { return }
    let known = others.isEmpty ? [] : Set(compiler.compile(others).diagnostics.map(\.message))
    let new = errors.filter { !known.contains($0.message) }
    if new.isEmpty { return }
    let printer = DiagnosticPrinter(sources: together.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
    Terminal.say(printer.text(new) + "\n")
    throw Failure(
      .policyErrors, "nothing was written: the policy would have \(DiagnosticPrinter.summary(new)) with what is imported",
      help: "rename what is there, import --into another repository, or write it with --force and mend it")
  }
}
