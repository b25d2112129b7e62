import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Bytes from one process to another, among several that are numbered from 0.
public protocol Post: AnyObject {
  /// This process' number.
  var rank: Int { get }
  /// How many there are.
  var size: Int { get }
  func send(_ bytes: [UInt8], to rank: Int) throws
  /// What has come and was not taken yet; does not wait.
  func receiveIfThere() throws -> (from: Int, bytes: [UInt8])?
}

/// Workers of several processes, as many in each. Rank 0 has the study and this crew; the others call `serve(_:over:)`.
///
/// Worker w is number `w % local.size` of rank `w / local.size`. All processes must see the study's folder of trials.
public final class RankedCrew: Crew {
  private let local: LocalCrew
  private let post: any Post

  /// - Parameter local: this process' own workers; each other one has as many.
  public init(local: LocalCrew, post: any Post) {
    precondition(post.rank == 0, "the study is rank 0's")
    (self.local, self.post) = (local, post)
  }

  public var size: Int { local.size * post.size }
  public func process(of worker: Int) -> Int { worker / local.size }

  public func give(_ assignment: Assignment, to worker: Int) throws {
    let (rank, own) = worker.quotientAndRemainder(dividingBy: local.size)
    if rank == 0 {
      local.give(assignment, to: own)
    } else {
      try post.send(Letter.bytes(Letter.Order.train(assignment, worker: own)), to: rank)
    }
  }

  public func next() throws -> (worker: Int, report: WorkerReport) {
    try waiting {
      if let (worker, report) = local.nextIfThere() { return (worker, report) }
      guard let (rank, bytes) = try post.receiveIfThere() else { return nil }
      let news = try Letter.value(Letter.News.self, of: bytes)
      return (rank * local.size + news.worker, news.report.naming(rank))
    }
  }

  public func dismiss() {
    local.dismiss()
    for rank in 1..<max(1, post.size) { try? post.send(Letter.bytes(Letter.Order.goHome), to: rank) }
  }

  /// Has `local` do what rank 0 orders, until it sends this process home.
  ///
  /// - Throws: what `post` throws.
  public static func serve(_ local: LocalCrew, over post: any Post) throws {
    precondition(post.rank > 0, "rank 0 gives the orders")
    defer { local.dismiss() }
    while true {
      let order: Letter.Order? = try waiting {
        if let (_, bytes) = try post.receiveIfThere() { return try Letter.value(Letter.Order.self, of: bytes) }
        guard let (worker, report) = local.nextIfThere() else { return nil }
        try post.send(Letter.bytes(Letter.News(worker: worker, report: report)), to: 0)
        return .some(nil)
      }
      switch order {
      case .train(let assignment, let worker)?: local.give(assignment, to: worker)
      case .goHome?: return
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
private enum Letter {
  enum Order: Codable {
    case train(Assignment, worker: Int)
    case goHome
  }

  struct News: Codable {
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
