import Foundation
import MPI
import Restoration
import Support

/// Every rank asks rank 0 for answers of several lengths. Checks every byte, and that waiting burns no core.
func exchangeMessages(_ communicator: Communicator) throws {
  let lengths = [0, 1, 1000, 5_000_000]
  func answer(_ length: Int, to rank: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 + rank) } }
  if communicator.isFirst {
    // The others wait meanwhile.
    usleep(300_000)
    for _ in 0..<(communicator.size - 1) * lengths.count {
      let question = try communicator.receive()
      guard let length = Int(String(decoding: question.bytes, as: UTF8.self)), lengths[question.tag] == length else {
        preconditionFailure("another question came")
      }
      try communicator.send(answer(length, to: question.source), to: question.source, tag: question.tag)
    }
    try exchangeAtOnce(communicator, with: 1..<communicator.size)
    let surplus = try communicator.tryReceive()
    precondition(surplus == nil, "a message too many came")
    print("{\"ranks\": \(communicator.size), \"messages\": \((communicator.size - 1) * lengths.count * 2)}")
    return
  }
  for (tag, length) in lengths.enumerated() {
    try communicator.send(Array("\(length)".utf8), to: 0, tag: tag)
    let start = clock()
    let message = try communicator.receive(from: 0, tag: tag)
    precondition(message.tag == tag && message.bytes == answer(length, to: communicator.rank), "another answer came")
    precondition(tag > 0 || Double(clock() - start) / Double(CLOCKS_PER_SEC) < 0.1, "waiting burns a core")
  }
  try exchangeAtOnce(communicator, with: 0..<1)
}

/// Long messages both ways at once: who waited for the other to receive would wait for ever.
private func exchangeAtOnce(_ communicator: Communicator, with ranks: Range<Int>) throws {
  let content = [UInt8](repeating: 7, count: 1 << 20)
  for rank in ranks { try communicator.send(content, to: rank, tag: 9) }
  for _ in ranks {
    let message = try communicator.receive(tag: 9)
    precondition(message.bytes == content, "another message came")
  }
}
