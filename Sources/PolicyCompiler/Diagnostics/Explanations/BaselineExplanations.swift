/// Codes W06: baselines.
extension Explanation {
  static let staleBaseline = Explanation(
    .staleBaseline, "a baseline that holds more than there is",
    """
    A baseline records the problems that a repository had when it adopted Writ, and `writ check` lets just those pass. Some of its entries match nothing \
    any more, since what they are about was mended, or changed into something else that is judged anew. As long as an entry stays there, the same \
    problem could come back without anybody being told.
    """,
    mending: "write the baseline anew with `writ check --write-baseline`, read what is gone from it, and commit it with what was mended.",
    example: .outside("A policy alone cannot show it: it is about the file `.writ-baseline.json` beside `writ.yaml`."))
}
