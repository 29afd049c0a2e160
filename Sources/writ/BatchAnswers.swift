import PolicyCompiler

/// Answers questions in JSON Lines, one a line, in their order.
struct BatchAnswers: ~Copyable {
  private var questions: BatchQuestions

  init(_ asked: AskedPolicy, defaultEnvironment: String?, at instant: Instant) {
    questions = BatchQuestions(asked.policy, defaultEnvironment: defaultEnvironment, at: instant)
  }

  /// - Parameter path: the file; `-` is standard input.
  mutating func run(_ path: String) throws {
    var number = 0
    var output = ""
    try Terminal.lines(of: path) { line in
      number += 1
      guard let answer = questions.answer(line, number) else { return }
      output += answer + "\n"
      if output.utf8.count > 1 << 16 {
        Terminal.write(output)
        output = ""
      }
    }
    Terminal.write(output)
  }
}
