import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 for tests of downloads: one connection after another, GET and `Range: bytes=N-` alone.
package final class LittleServer: Sendable {
  package enum Manner: Sendable, Equatable {
    case proper
    /// Sends so many bytes of a body, then hangs up.
    case breaksAfter(Int)
    /// Sends so many bytes of a body, then nothing more.
    case stallsAfter(Int)
    case ignoresRanges
    case answers(Int)
    case redirects(to: String)
    /// Leaves the length out, as a chunked or generated answer does.
    case hidesLength
  }

  package struct Record: Sendable, Equatable {
    package var path: String
    /// The first byte that the client asked for; nil without a range.
    package var start: Int?
    /// Bytes of the body sent.
    package var sent: Int

    package init(path: String, start: Int?, sent: Int = 0) {
      self.path = path
      self.start = start
      self.sent = sent
    }
  }

  private struct State {
    var files: [String: [UInt8]]
    var manner: Manner
    var records: [Record] = []
    var isAnswering = false
  }

  private let state: Mutex<State>
  private let listener: Int32
  package let address: String

  /// - Parameter files: contents by name.
  package init(files: [String: [UInt8]], manner: Manner = .proper) {
    state = Mutex(State(files: files, manner: manner))
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var here = sockaddr_in()
    here.sin_family = sa_family_t(AF_INET)
    here.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let port = withUnsafeMutablePointer(to: &here) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { here in
        precondition(bind(listener, here, length) == 0 && listen(listener, 8) == 0, "127.0.0.1 has a free port")
        getsockname(listener, here, &length)
        return here.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_port }
      }
    }
    address = "http://127.0.0.1:\(UInt16(bigEndian: port))"
    Thread.detachNewThread { [self] in serve() }
  }

  /// What was asked for so far; waits for the answer under way.
  package var records: [Record] {
    while state.withLock({ $0.isAnswering }) { usleep(1000) }
    return state.withLock { $0.records }
  }

  package func behave(_ manner: Manner) { state.withLock { $0.manner = manner } }

  package func replace(_ name: String, with bytes: [UInt8]) { state.withLock { $0.files[name] = bytes } }

  package func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func serve() {
    while case let connection = accept(listener, nil, nil), connection >= 0 {
      if let request = readHead(connection) { answer(request, on: connection) }
      state.withLock { $0.isAnswering = false }
      close(connection)
    }
    close(listener)
  }

  private func readHead(_ connection: Int32) -> String? {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      guard head.count < 1 << 14, recv(connection, &byte, 1, 0) == 1 else { return nil }
      head.append(byte)
    }
    return String(decoding: head, as: UTF8.self)
  }

  private func answer(_ request: String, on connection: Int32) {
    let path = String(request.split(separator: " ")[1])
    let start = request.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range: bytes=") }
      .flatMap { Int($0.dropFirst(13).prefix { $0.isNumber }) }
    let (file, manner) = state.withLock { state in
      state.isAnswering = true
      state.records.append(Record(path: path, start: start))
      return (state.files[String(path.dropFirst())], state.manner)
    }
    let status: (code: Int, from: Int) =
      switch (manner, file, start) {
      case (.answers(let code), _, _): (code, 0)
      case (.redirects, _, _): (302, 0)
      case (_, nil, _): (404, 0)
      case (.ignoresRanges, _, _), (_, _, nil): (200, 0)
      case (_, let file?, let start?): start < file.count ? (206, start) : (416, 0)
      }
    let body = status.code < 300 ? Array(file![status.from...]) : Array("sorry\n".utf8)
    var head = "HTTP/1.1 \(status.code) Said\r\nConnection: close\r\n"
    if manner != .hidesLength { head += "Content-Length: \(body.count)\r\n" }
    if case .redirects(let target) = manner { head += "Location: \(target)\r\n" }
    if status.code == 206 { head += "Content-Range: bytes \(status.from)-\(file!.count - 1)/\(file!.count)\r\n" }
    _ = sendAll(Array((head + "\r\n").utf8), on: connection)
    send(body, on: connection, manner)
  }

  private func send(_ body: [UInt8], on connection: Int32, _ manner: Manner) {
    switch manner {
    case .breaksAfter(let count): note(sendAll(Array(body.prefix(count)), on: connection))
    case .stallsAfter(let count):
      note(sendAll(Array(body.prefix(count)), on: connection))
      // Until the client gives up: nothing more is expected from it.
      var byte: UInt8 = 0
      _ = recv(connection, &byte, 1, 0)
    default: note(sendAll(body, on: connection))
    }
  }

  private func note(_ sent: Int) { state.withLock { $0.records[$0.records.count - 1].sent = sent } }

  private func sendAll(_ bytes: [UInt8], on connection: Int32) -> Int {
    var done = 0
    while done < bytes.count {
      let sent = bytes.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if sent <= 0 { break }
      done += sent
    }
    return done
  }
}
