import GitStore
import Synchronization

/// What libFuzzer calls with each input: https://llvm.org/docs/LibFuzzer.html. `scripts/fuzz.sh` links it; elsewhere nobody
/// calls it. The target's name is in `WRIT_FUZZ_TARGET`, the folder for repositories in `WRIT_FUZZ_FOLDER`.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  if let problem = chosen.run(bytes) { fatalError("\(chosen.rawValue): \(problem)") }
  return 0
}

private let chosen: FuzzTarget = {
  let environment = GitEnvironment.current
  guard let target = environment["WRIT_FUZZ_TARGET"].flatMap({ FuzzTarget(rawValue: $0) }) else {
    fatalError("WRIT_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  RepositoryFuzz.folder.withLock { $0 = environment["WRIT_FUZZ_FOLDER"] }
  return target
}()
