/// One file of a corpus, with what it counts for.
struct CorpusFile {
  let path: String
  var text: String
  var bindings = 0
  var artifacts = 0
}

/// A whole policy repository, made from a size and a seed.
struct Corpus {
  let organisation: Organisation
  let files: [CorpusFile]
  /// Five of the files as a later commit has them: each with one binding more.
  let revisedFiles: [CorpusFile]

  init(size: CorpusSize, seed: UInt64) {
    let organisation = Organisation(size: size, seed: seed)
    let writer = PolicyWriter(organisation: organisation, size: size, seed: seed)
    let teamFiles = organisation.teams.indices.map(writer.teamFile)
    self.organisation = organisation
    files =
      [writer.root, writer.foundation, writer.platform]
      + organisation.departments.indices.flatMap {
        [writer.peopleFile(department: $0), writer.departmentFile($0)]
      }
      + organisation.systems.indices.map(writer.systemFile)
      + teamFiles
      + organisation.services.indices.map(writer.serviceFile)
    revisedFiles = (0..<5).map { nth in
      let team = nth * organisation.teams.count / 5 + nth * organisation.departments.count / 5 % 5
      return writer.revised(teamFiles[team], team: team)
    }
  }
}
