import Search

extension Communicator: MessageChannel {
  private static let tag = 1

  package func send(_ bytes: [UInt8], to rank: Int) throws { try send(bytes, to: rank, tag: Self.tag) }

  package func tryReceive() throws -> (from: Int, bytes: [UInt8])? {
    try tryReceive(tag: Self.tag).map { ($0.source, $0.bytes) }
  }
}
