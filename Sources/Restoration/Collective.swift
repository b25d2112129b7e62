import Foundation
import Support

/// Processes that train one network together, each with its own part of every batch. They are numbered from 0, all run
/// the same program, and each calls what stands here as often and in the same order as the others.
package protocol Collective: AnyObject {
  /// This process' number, from 0.
  var rank: Int { get }
  /// How many there are.
  var size: Int { get }
  /// The name of the machine that this one runs on.
  var host: String { get }
  /// Replaces each number by the sum over all ranks; all give as many. Throws where a rank cannot be reached.
  func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws
  /// The same of doubles.
  func sum(_ numbers: UnsafeMutableBufferPointer<Double>) throws
  /// Replaces the bytes by those of rank 0; all give as many.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws
  /// What each rank gave, in their order, on every rank; the lengths may differ.
  func gather(_ bytes: [UInt8]) throws -> [[UInt8]]
}

/// One process for itself: everything is there already.
package final class SingleProcess: Collective {
  package init() {}
  package var rank: Int { 0 }
  package var size: Int { 1 }
  package var host: String { ProcessInfo.processInfo.hostName }
  package func sum(_ numbers: UnsafeMutableBufferPointer<Float>) {}
  package func sum(_ numbers: UnsafeMutableBufferPointer<Double>) {}
  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {}
  package func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
}

/// What went wrong on one of several ranks; every rank throws the same.
package struct RankFailure: Error, CustomStringConvertible {
  package var rank: Int
  package var host: String
  /// A `UsageError`, `DataError` or `SystemError`, or what any other said.
  package var error: any Error

  package var description: String { "rank \(rank) on \(host): \(error)" }
}

extension Collective {
  /// Whether this process writes files and speaks for all.
  package var isFirst: Bool { rank == 0 }

  /// The part of `numbers` that is this rank's: as equal as may be, in the order of the ranks.
  func part(of numbers: Range<Int>) -> Range<Int> {
    numbers.lowerBound + numbers.count * rank / size..<numbers.lowerBound + numbers.count * (rank + 1) / size
  }

  /// Does `body` on every rank and waits for all. Where it throws on one, all ranks throw a `RankFailure` about the
  /// first that did; one process alone throws what `body` throws. `body` must not call the collective.
  package func together<Value>(_ body: () throws -> Value) throws -> Value {
    guard size > 1 else { return try body() }
    let outcome = Result(catching: body)
    var failure: WireError?
    if case .failure(let error) = outcome { failure = WireError(error) }
    let reports = try gatherValues(Report(host: host, failure: failure))
    for (rank, report) in reports.enumerated() {
      if let failure = report.failure { throw RankFailure(rank: rank, host: report.host, error: failure.error) }
    }
    return try outcome.get()
  }

  /// What rank 0 makes, on every rank; its error is thrown on all, as by `together`.
  package func fromFirst<Value: Codable>(_ make: () throws -> Value) throws -> Value {
    guard size > 1 else { return try make() }
    let own = try together { isFirst ? try Sent(make()) : nil }
    var count = [Double(own?.bytes.count ?? 0)]
    try count.withUnsafeMutableBytes { try broadcast($0) }
    var bytes = own?.bytes ?? [UInt8](repeating: 0, count: Int(count[0]))
    try bytes.withUnsafeMutableBytes { try broadcast($0) }
    return try own?.value ?? JSONDecoder().decode(Value.self, from: Data(bytes))
  }

  /// Each rank's value, in their order.
  func gatherValues<Value: Codable>(_ value: Value) throws -> [Value] {
    try gather(Array(JSONEncoder().encode(value))).map { try JSONDecoder().decode(Value.self, from: Data($0)) }
  }
}

/// A value and what is sent of it.
private struct Sent<Value: Encodable> {
  var value: Value
  var bytes: [UInt8]

  init(_ value: Value) throws {
    self.value = value
    bytes = Array(try JSONEncoder().encode(value))
  }
}

/// How a rank fares.
private struct Report: Codable {
  var host: String
  var failure: WireError?
}

/// An error on its way to other processes.
private enum WireError: Codable {
  case usage(UsageError)
  case data(DataError)
  case system(SystemError)
  case resource(ResourceError)
  case computation(String)
  case other(String)

  init(_ error: any Error) {
    switch error {
    case let error as UsageError: self = .usage(error)
    case let error as DataError: self = .data(error)
    case let error as SystemError: self = .system(error)
    case let error as ResourceError: self = .resource(error)
    case let error as any ComputationError: self = .computation(error.description)
    default: self = .other("\(error)")
    }
  }

  var error: any Error {
    switch self {
    case .usage(let error): error
    case .data(let error): error
    case .system(let error): error
    case .resource(let error): error
    case .computation(let text): OtherComputation(description: text)
    case .other(let text): OtherFailure(description: text)
    }
  }
}

/// What a library that computes has refused on another rank.
private struct OtherComputation: ComputationError {
  var description: String
}

/// What an error of no kind of ours said.
private struct OtherFailure: Error, CustomStringConvertible {
  var description: String
}
