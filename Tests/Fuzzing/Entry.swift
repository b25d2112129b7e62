import Foundation
import Support

/// The target of this process, by TIDDU_FUZZING_TARGET.
private let target: @Sendable ([UInt8]) throws -> Void = {
  let name = ProcessInfo.processInfo.environment["TIDDU_FUZZING_TARGET"] ?? ""
  guard let target = targets[name] else {
    print("TIDDU_FUZZING_TARGET is one of \(targets.keys.sorted().joined(separator: " "))")
    exit(64)
  }
  // Inputs take microseconds; threads would only wait.
  Threads.use(1)
  return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  do {
    try target(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    guard isReported(error) else { fatalError("an error of another kind: \(error)") }
  }
  return 0
}

/// Puts the target's seeds where libFuzzer looks for inputs, before it does.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer) -> CInt {
  _ = target
  guard let folder = ProcessInfo.processInfo.environment["TIDDU_FUZZING_SEEDS"],
    let name = ProcessInfo.processInfo.environment["TIDDU_FUZZING_TARGET"]
  else { return 0 }
  do {
    for (number, seed) in try seeds(of: name).enumerated() {
      try WholeFile.write(seed, to: "\(folder)/seed-\(number)")
    }
  } catch { fatalError("\(error)") }
  return 0
}
