extension Threads {
  /// What `body` makes of the ranges that together cover 0 ..< count, in the ranges' order; one range a thread, none
  /// shorter than `grain` unless it is the only one.
  package static func mapRanges<Result: Sendable>(
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

  /// What `body` makes of each of the values, in their order, or the first error that came.
  package static func results<Value: Sendable, Result: Sendable>(
    of values: [Value], _ body: @Sendable (Value) throws -> Result
  ) throws -> [Result] {
    let results = mapRanges(of: values.count, grain: 1) { range in
      range.map { place in Swift.Result { try body(values[place]) } }
    }
    return try results.flatMap(\.self).map { try $0.get() }
  }
}
