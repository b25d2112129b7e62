import Foundation
import Testing

/// The built command-line tool, run as its users run it.
enum Tiddu {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  typealias Started = (process: Process, output: Pipe, errors: Pipe)

  /// A program beside the tests, where the build has put it.
  static func built(_ name: String) -> URL? {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return tests.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(name) }
  }

  static var isBuilt: Bool {
    built("tiddu").map { FileManager.default.isExecutableFile(atPath: $0.path) } ?? false
  }

  static func start(_ arguments: [String]) throws -> Started { try start(built("tiddu"), arguments) }

  static func start(_ executable: URL?, _ arguments: [String]) throws -> Started {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs it to its end. What it says of errors must fit a pipe (64 KB).
  static func run(_ arguments: [String]) throws -> Result { try result(of: start(arguments)) }

  /// Runs a line of bash in a folder, in which `tiddu` is the program.
  static func shell(_ line: String, in folder: String) throws -> Result {
    let program = try #require(built("tiddu"))
    return try result(
      of: start(
        URL(fileURLWithPath: "/bin/bash"),
        ["-c", "cd '\(folder)' && tiddu() { '\(program.path)' \"$@\"; }; \(line)"]))
  }

  /// Waits for its end.
  static func result(of started: Started) -> Result {
    let (process, output, errors) = started
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaint, as: UTF8.self))
  }

  /// Runs it and expects that it succeeds.
  @discardableResult
  static func succeed(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    try succeed(arguments, sourceLocation: sourceLocation)
  }

  @discardableResult
  static func succeed(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let result = try run(arguments)
    #expect(result.status == 0, "\(arguments): \(result.errors)", sourceLocation: sourceLocation)
    return result.output
  }

  /// Runs it and expects that it ends with this status, nothing on standard output, and a word on standard error that
  /// contains `words`: one or two lines, and never a trace of a crash.
  static func fail(
    _ status: Int32, _ arguments: [String], saying words: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try run(arguments)
    let said = Comment(rawValue: "\(arguments) ended with \(result.status): \(result.errors)")
    #expect(result.status == status, said, sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, said, sourceLocation: sourceLocation)
    let lines = result.errors.split(separator: "\n")
    #expect((1...2).contains(lines.count), said, sourceLocation: sourceLocation)
    #expect(
      !["rror Domain", "Fatal", "Crash"].contains(where: result.errors.contains), said, sourceLocation: sourceLocation)
    for word in words { #expect(result.errors.contains(word), said, sourceLocation: sourceLocation) }
  }
}
