import CMPI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that one rank sent to another.
public struct Message: Equatable, Sendable {
  public var source: Int
  /// What the message is about; the sender's choice.
  public var tag: Int
  public var bytes: [UInt8]
}

/// Messages from rank to rank. Waiting sleeps between its looks, so that the core is free for a rank that computes.
extension World {
  /// Sends `bytes`, shorter than 2³¹, and waits until they may be forgotten: short ones at once, long ones when the
  /// other rank receives them.
  ///
  /// - Parameter tag: from 0 to 32767.
  /// - Throws: `MPIError`.
  public func send(_ bytes: [UInt8], to rank: Int, tag: Int) throws {
    precondition((0..<size).contains(rank) && (0...32767).contains(tag), "rank \(rank) or tag \(tag) is out of range")
    guard let count = Int32(exactly: bytes.count) else {
      throw MPIError(operation: "send \(bytes.count) bytes", reason: "a message holds less than 2^31")
    }
    // The memory must stay where it is until the request is done.
    try bytes.withUnsafeBytes { bytes in
      var (request, done): (MPI_Request?, Int32) = (nil, 0)
      try check(cmpi_begin_send(bytes.baseAddress, count, Int32(rank), Int32(tag), &request), "send to rank \(rank)")
      try wait(for: {
        try check(cmpi_is_done(&request, &done), "send to rank \(rank)")
        return done != 0 ? () : nil
      })
    }
  }

  /// The next message of that rank and tag, or of any; waits for it. Throws `MPIError`.
  public func receive(from rank: Int? = nil, tag: Int? = nil) throws -> Message {
    try wait(for: { try receiveIfThere(from: rank, tag: tag) })
  }

  /// The same, or nil where none has come yet.
  public func receiveIfThere(from rank: Int? = nil, tag: Int? = nil) throws -> Message? {
    var (found, source, foundTag, count): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    try check(
      cmpi_look(
        rank.map { Int32($0) } ?? cmpi_any_rank, tag.map { Int32($0) } ?? cmpi_any_tag, &found, &source, &foundTag,
        &count),
      "look for messages")
    guard found != 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    try check(cmpi_receive(&bytes, count, source, foundTag), "receive from rank \(source)")
    return Message(source: Int(source), tag: Int(foundTag), bytes: bytes)
  }

  /// Looks again and again, first after 20 µs, later every 5 ms.
  private func wait<Value>(for look: () throws -> Value?) throws -> Value {
    var microseconds: UInt32 = 20
    while true {
      if let value = try look() { return value }
      usleep(microseconds)
      microseconds = min(5000, microseconds * 3 / 2)
    }
  }
}
