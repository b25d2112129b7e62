import CMPI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that one rank sent to another.
package struct Message: Equatable, Sendable {
  package var source: Int
  /// What the message is about; the sender's choice.
  package var tag: Int
  package var bytes: [UInt8]
}

/// A message whose bytes must stay where they are until it has gone.
final class PendingSend {
  let bytes: UnsafeMutableRawBufferPointer
  var request: MPI_Request?

  init(_ content: [UInt8]) {
    bytes = .allocate(byteCount: max(1, content.count), alignment: 1)
    bytes.copyBytes(from: content)
  }

  deinit { bytes.deallocate() }
}

/// Messages from rank to rank. Waiting sleeps between its looks, so that the core is free for a rank that computes.
extension Communicator {
  /// Sends `bytes`, shorter than 2³¹, and does not wait for the other rank to receive them: two that send to each other
  /// would else wait for ever.
  ///
  /// - Parameter tag: from 0 to 32767.
  /// - Throws: `MPIError`.
  package func send(_ bytes: [UInt8], to rank: Int, tag: Int) throws {
    precondition((0..<size).contains(rank) && (0...32767).contains(tag), "rank \(rank) or tag \(tag) is out of range")
    guard let count = Int32(exactly: bytes.count) else {
      throw MPIError(operation: "send \(bytes.count) bytes", reason: "a message holds less than 2^31")
    }
    let message = PendingSend(bytes)
    try check(
      cmpi_begin_send(message.bytes.baseAddress, count, Int32(rank), Int32(tag), &message.request),
      "send to rank \(rank)"
    )
    pendingSends.append(message)
    try forgetWhatArrived()
  }

  /// Lets go of messages that have left this rank's memory.
  func forgetWhatArrived() throws {
    try pendingSends.removeAll { message in
      var done: Int32 = 0
      try check(cmpi_is_done(&message.request, &done), "send")
      return done != 0
    }
  }

  /// Gives messages a while to be received; other ranks may have left without.
  func waitForMessages() {
    for _ in 0..<1000 where !pendingSends.isEmpty {
      do { try forgetWhatArrived() } catch { return }
      usleep(5000)
    }
  }

  /// The next message of that rank and tag, or of any; waits for it. Throws `MPIError`.
  package func receive(from rank: Int? = nil, tag: Int? = nil) throws -> Message {
    try wait(for: { try tryReceive(from: rank, tag: tag) })
  }

  /// The same, or nil where none has come yet.
  package func tryReceive(from rank: Int? = nil, tag: Int? = nil) throws -> Message? {
    try forgetWhatArrived()
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
