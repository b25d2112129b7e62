import Foundation
import Restoration
import Support
import Testing

/// Ranks as threads of one process, which meet in memory.
enum Ranks {
  /// Calls `body` once for each of `size` ranks at the same time; what each returned or threw, in their order.
  static func run<Value>(_ size: Int, _ body: @escaping (any Collective) throws -> Value) -> [Result<Value, any Error>]
  {
    let table = Table(size: size)
    nonisolated(unsafe) let body = body
    nonisolated(unsafe) var results = [Result<Value, any Error>?](repeating: nil, count: size)
    let lock = NSLock()
    let done = DispatchGroup()
    for rank in 0..<size {
      done.enter()
      let thread = Thread {
        nonisolated(unsafe) let result = Result { try body(Seat(rank: rank, at: table)) }
        lock.withLock { results[rank] = result }
        done.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    done.wait()
    return results.compactMap { $0 }
  }
}

/// Where the threads lay down what they have, and wait for each other.
private final class Table: @unchecked Sendable {
  struct Deserted: Error {}

  let size: Int
  private let condition = NSCondition()
  private var laidDown: [Int: [UInt8]] = [:]
  private var readers = 0

  init(size: Int) { self.size = size }

  /// What all ranks laid down. Throws where one does not come: it has ended, or waits for something else.
  func exchange(_ bytes: [UInt8], of rank: Int) throws -> [[UInt8]] {
    condition.lock()
    defer { condition.unlock() }
    try wait { readers == 0 }
    laidDown[rank] = bytes
    condition.broadcast()
    try wait { laidDown.count == size }
    let all = (0..<size).map { laidDown[$0] ?? [] }
    readers += 1
    if readers == size { (laidDown, readers) = ([:], 0) }
    condition.broadcast()
    return all
  }

  private func wait(until holds: () -> Bool) throws {
    let limit = Date(timeIntervalSinceNow: 20)
    while !holds() { guard condition.wait(until: limit) else { throw Deserted() } }
  }
}

private final class Seat: Collective {
  let rank: Int
  private let table: Table
  var size: Int { table.size }
  var host: String { "host\(rank)" }

  init(rank: Int, at table: Table) { (self.rank, self.table) = (rank, table) }

  func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws { try add(numbers) }
  func sum(_ numbers: UnsafeMutableBufferPointer<Double>) throws { try add(numbers) }

  private func add<Number: FloatingPoint>(_ numbers: UnsafeMutableBufferPointer<Number>) throws {
    let all = try gather(Array(UnsafeRawBufferPointer(numbers)))
    numbers.update(repeating: 0)
    for bytes in all {
      #expect(bytes.count == numbers.count * MemoryLayout<Number>.size)
      bytes.withUnsafeBytes {
        for (index, number) in $0.bindMemory(to: Number.self).enumerated() { numbers[index] += number }
      }
    }
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws {
    let first = try gather(Array(bytes))[0]
    #expect(first.count == bytes.count)
    bytes.copyBytes(from: first)
  }

  func gather(_ bytes: [UInt8]) throws -> [[UInt8]] { try table.exchange(bytes, of: rank) }
}
