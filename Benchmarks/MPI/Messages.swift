import Foundation
import Groundwork
import MPI
import Restoration

/// Every rank asks rank 0 for answers of several lengths. Checks every byte, and that waiting burns no core.
func exchangeMessages(_ world: World) throws {
  let lengths = [0, 1, 1000, 5_000_000]
  func answer(_ length: Int, to rank: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 + rank) } }
  if world.isFirst {
    // The others wait meanwhile.
    usleep(300_000)
    for _ in 0..<(world.size - 1) * lengths.count {
      let question = try world.receive()
      guard let length = Int(String(decoding: question.bytes, as: UTF8.self)), lengths[question.tag] == length else {
        preconditionFailure("another question came")
      }
      try world.send(answer(length, to: question.source), to: question.source, tag: question.tag)
    }
    try exchangeAtOnce(world, with: 1..<world.size)
    let surplus = try world.receiveIfThere()
    precondition(surplus == nil, "a message too many came")
    print("{\"ranks\": \(world.size), \"messages\": \((world.size - 1) * lengths.count * 2)}")
    return
  }
  for (tag, length) in lengths.enumerated() {
    try world.send(Array("\(length)".utf8), to: 0, tag: tag)
    let start = clock()
    let message = try world.receive(from: 0, tag: tag)
    precondition(message.tag == tag && message.bytes == answer(length, to: world.rank), "another answer came")
    precondition(tag > 0 || Double(clock() - start) / Double(CLOCKS_PER_SEC) < 0.1, "waiting burns a core")
  }
  try exchangeAtOnce(world, with: 0..<1)
}

/// Long messages both ways at once: who waited for the other to receive would wait for ever.
private func exchangeAtOnce(_ world: World, with ranks: Range<Int>) throws {
  let content = [UInt8](repeating: 7, count: 1 << 20)
  for rank in ranks { try world.send(content, to: rank, tag: 9) }
  for _ in ranks {
    let message = try world.receive(tag: 9)
    precondition(message.bytes == content, "another message came")
  }
}
