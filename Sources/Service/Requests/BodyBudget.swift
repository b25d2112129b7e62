import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// The bodies that are held at one time: however many connections send large ones, they take no more memory than this.
final class BodyBudget: Sendable {
  private let most: Int
  private let held = Mutex(0)

  /// Smaller ones do not count: connections are limited, too, and nobody with a digit is to wait for others' photographs.
  private static let small = 1 << 16

  init(most: Int) { self.most = most }

  /// Receives a request's whole body, and counts it until it is answered.
  ///
  /// - Throws: `Fault` where it has more bytes than `limit`, or others hold too many.
  func withBody(
    of request: Request, upTo limit: Int, _ answer: ([UInt8]) async throws -> Response
  ) async throws -> Response {
    let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard declared <= limit else { throw Fault.tooLarge(limit) }
    var (bytes, counted) = ([UInt8](), 0)
    defer { held.withLock { $0 -= counted } }
    for try await chunk in request.body {
      let size = bytes.count + chunk.readableBytes
      guard size <= limit else { throw Fault.tooLarge(limit) }
      if size > Self.small {
        try count(size - counted)
        counted = size
      }
      if bytes.isEmpty { bytes.reserveCapacity(min(declared, Self.small)) }
      bytes.append(contentsOf: chunk.readableBytesView)
    }
    return try await answer(bytes)
  }

  private func count(_ bytes: Int) throws {
    let fits = held.withLock { held in
      guard held + bytes <= most else { return false }
      held += bytes
      return true
    }
    guard fits else {
      var fault = Fault.overloaded()
      fault.headers[.connection] = "close"
      throw fault
    }
  }
}
