import Foundation
import Support
import Testing

/// Python with the packages of `Tools/python-judges.sh`, where that script has run: it reads what we write, and
/// writes what we read.
package enum PythonJudge {
  /// For `.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)`.
  package static var isThere: Bool { environment.isComplete }
  package static let howToGet: Comment = "Tools/python-judges.sh has not run to its end"

  /// Runs a program given as text and returns what it prints; a program that fails records an issue.
  package static func run(
    _ program: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try environment.run(["-c", program] + arguments, sourceLocation)
  }

  private static let environment = PythonEnvironment(folder: ".venv", last: "judges")
}

/// Python with the programs that read and write what other frameworks do: scripts in `Tests/InterchangeTests/Judges`, with
/// the packages of its requirements.txt.
package enum EcosystemJudge {
  /// For `.enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet)`.
  package static var isThere: Bool { environment.isComplete }
  package static let howToGet: Comment = "runs by make test-ecosystem"

  /// Runs a script and returns what it prints; one that fails records an issue.
  @discardableResult
  package static func run(
    _ script: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let path = "\(Repository.root)/Tests/InterchangeTests/Judges/\(script)"
    return try environment.run([path] + arguments, sourceLocation)
  }

  private static let environment = PythonEnvironment(folder: ".venv-ecosystem", last: "requirements.txt")
}

/// What a script makes at the repository's root.
private struct PythonEnvironment {
  let folder: String
  /// The file that the script writes when all packages are there: one without a network leaves Python alone.
  let last: String

  private var interpreter: String { "\(Repository.root)/\(folder)/bin/python3" }

  var isComplete: Bool {
    [interpreter, "\(Repository.root)/\(folder)/\(last)"].allSatisfy { Folder.kind(of: $0) == .file }
  }

  func run(_ arguments: [String], _ sourceLocation: SourceLocation) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "Python failed: \(text)", sourceLocation: sourceLocation)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
