import Foundation

/// The command-line tool, which lies where the tests do.
enum Tiddu {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  private static let executable: URL? = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return tests.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("tiddu") }
  }()

  static var isBuilt: Bool {
    executable.map { FileManager.default.isExecutableFile(atPath: $0.path) } ?? false
  }

  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs it to its end. Each stream must fit a pipe (64 KB).
  static func run(_ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    func text(_ pipe: Pipe) -> String {
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    return Result(status: process.terminationStatus, output: text(output), errors: text(errors))
  }
}
