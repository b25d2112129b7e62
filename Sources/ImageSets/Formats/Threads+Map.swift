import Support

extension Threads {
  /// What `body` makes of the ranges that together cover 0 ..< count, in the ranges' order; one range a thread, none
  /// shorter than `grain` unless it is the only one.
  static func mapRanges<Result: Sendable>(
    of count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let parts = max(1, min(Threads.count, count / grain))
    return [Result](unsafeUninitializedCapacity: parts) { results, filled in
      nonisolated(unsafe) let results = results
      forEachRange(of: parts) { range in
        for part in range {
          let result = body(count * part / parts..<count * (part + 1) / parts)
          results.initializeElement(at: part, to: result)
        }
      }
      filled = parts
    }
  }
}
