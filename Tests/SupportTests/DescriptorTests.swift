import Foundation
import Support
import Testing

@Suite struct DescriptorTests {
  /// A thread that waits for a pipe is sent signals, whose handler does not have the call begun again.
  @Test func aSignalDoesNotEndReading() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    var handler = sigaction()
    handler.__sigaction_handler.sa_handler = { _ in }
    var before = sigaction()
    sigaction(SIGUSR1, &handler, &before)
    defer { sigaction(SIGUSR1, &before, nil) }
    let (reader, sender, target) = (ends[0], ends[1], pthread_self())
    let thread = Thread {
      for _ in 0..<20 {
        Thread.sleep(forTimeInterval: 0.005)
        pthread_kill(target, SIGUSR1)
      }
      try? Array("whole".utf8).withUnsafeBytes { try Descriptor.writeAll($0, to: sender, path: "a pipe") }
      close(sender)
    }
    thread.start()
    #expect(try Descriptor.readAll(reader, path: "a pipe") == Array("whole".utf8))
  }

  @Test func errorsNameTheFile() {
    let error = #expect(throws: SystemError.self) { try Descriptor.readAll(-1, path: "nowhere") }
    #expect(error?.path == "nowhere")
    #expect(throws: SystemError.self) {
      try [UInt8(1)].withUnsafeBytes { try Descriptor.writeAll($0, to: -1, path: "nowhere") }
    }
  }
}
