import CMPI
import Restoration

/// MPI counts in 32 bits; what is longer goes in pieces.
private let longest = 1 << 30

extension Communicator: Collective {
  package func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws {
    try inPieces(numbers.count) { try check(cmpi_sum_floats(numbers.baseAddress! + $0, $1), "add over all ranks") }
  }

  package func sum(_ numbers: UnsafeMutableBufferPointer<Double>) throws {
    try inPieces(numbers.count) { try check(cmpi_sum_doubles(numbers.baseAddress! + $0, $1), "add over all ranks") }
  }

  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws { try broadcast(bytes, from: 0) }

  private func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) throws {
    try inPieces(bytes.count) {
      try check(cmpi_broadcast(bytes.baseAddress! + $0, $1, Int32(root)), "send to all ranks")
    }
  }

  /// - Precondition: all together are shorter than 2³¹ bytes.
  package func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var (own, counts) = (Int32(bytes.count), [Int32](repeating: 0, count: size))
    try check(cmpi_gather_counts(&own, &counts), "collect from all ranks")
    let ends = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int($1)) }
    precondition(ends[size] <= Int(Int32.max), "more was collected than MPI can count")
    let places = ends.map { Int32($0) }
    var all = [UInt8](repeating: 0, count: ends[size])
    try check(cmpi_gather(bytes, own, &all, counts, places), "collect from all ranks")
    return (0..<size).map { Array(all[ends[$0]..<ends[$0 + 1]]) }
  }

  private func inPieces(_ count: Int, _ body: (_ start: Int, _ count: Int32) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: longest) { try body(start, Int32(min(longest, count - start))) }
  }
}
