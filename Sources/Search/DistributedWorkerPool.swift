import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Bytes from one process to another, among several that are numbered from 0.
package protocol MessageChannel: AnyObject {
  /// This process' number.
  var rank: Int { get }
  /// How many there are.
  var size: Int { get }
  func send(_ bytes: [UInt8], to rank: Int) throws
  /// What has come and was not taken yet; does not wait.
  func tryReceive() throws -> (from: Int, bytes: [UInt8])?
}

/// Workers of several processes, as many in each. Rank 0 has the study and this pool; the others call `serve(_:over:)`.
///
/// Worker w is number `w % local.size` of rank `w / local.size`. All processes must see the study's folder of trials.
package final class DistributedWorkerPool: WorkerPool {
  private let local: LocalWorkerPool
  private let channel: any MessageChannel

  /// - Parameter local: this process' own workers; each other one has as many.
  package init(local: LocalWorkerPool, channel: any MessageChannel) {
    precondition(channel.rank == 0, "the study is rank 0's")
    (self.local, self.channel) = (local, channel)
  }

  package var size: Int { local.size * channel.size }
  package func process(of worker: Int) -> Int { worker / local.size }

  package func assign(_ assignment: Assignment, to worker: Int) throws {
    let (rank, own) = worker.quotientAndRemainder(dividingBy: local.size)
    if rank == 0 {
      local.assign(assignment, to: own)
    } else {
      try channel.send(Message.bytes(Message.Command.train(assignment, worker: own)), to: rank)
    }
  }

  package func next() throws -> (worker: Int, report: WorkerReport) {
    try waiting {
      if let (worker, report) = local.tryNext() { return (worker, report) }
      guard let (rank, bytes) = try channel.tryReceive() else { return nil }
      let response = try Message.value(Message.Response.self, of: bytes)
      return (rank * local.size + response.worker, response.report.naming(rank))
    }
  }

  package func shutDown() {
    local.shutDown()
    for rank in 1..<max(1, channel.size) { try? channel.send(Message.bytes(Message.Command.stop), to: rank) }
  }

  /// Has `local` do what rank 0 commands, until it says stop.
  ///
  /// - Throws: what `channel` throws.
  package static func serve(_ local: LocalWorkerPool, over channel: any MessageChannel) throws {
    precondition(channel.rank > 0, "rank 0 gives the commands")
    defer { local.shutDown() }
    while true {
      let command: Message.Command? = try waiting {
        if let (_, bytes) = try channel.tryReceive() { return try Message.value(Message.Command.self, of: bytes) }
        guard let (worker, report) = local.tryNext() else { return nil }
        try channel.send(Message.bytes(Message.Response(worker: worker, report: report)), to: 0)
        return .some(nil)
      }
      switch command {
      case .train(let assignment, let worker)?: local.assign(assignment, to: worker)
      case .stop?: return
      case nil: continue
      }
    }
  }
}

extension WorkerReport {
  /// The same; what broke says where.
  fileprivate func naming(_ rank: Int) -> WorkerReport {
    guard case .broken(var failure) = self else { return self }
    failure.reason = "rank \(rank): \(failure.reason)"
    return .broken(failure)
  }
}

/// What processes write to each other, as JSON.
private enum Message {
  enum Command: Codable {
    case train(Assignment, worker: Int)
    case stop
  }

  struct Response: Codable {
    var worker: Int
    var report: WorkerReport
  }

  static func bytes(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }
  static func value<Value: Decodable>(_ type: Value.Type, of bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}

/// Looks again and again, first after 50 µs, later every 5 ms: a process that waits leaves the core to those that train.
private func waiting<Value>(_ look: () throws -> Value?) throws -> Value {
  var microseconds: UInt32 = 50
  while true {
    if let value = try look() { return value }
    usleep(microseconds)
    microseconds = min(5000, microseconds * 2)
  }
}
