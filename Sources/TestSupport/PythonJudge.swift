import Foundation
import Support
import Testing

/// Python with the packages of `Tools/python-judges.sh`, where that script has run: it reads what we write, and
/// writes what we read.
package enum PythonJudge {
  /// For `.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)`.
  package static var isThere: Bool { isComplete("judges", beside: interpreter) }
  package static let howToGet: Comment = "Tools/python-judges.sh has not run to its end"

  /// Runs a program given as text and returns what it prints; a program that fails records an issue.
  package static func run(
    _ program: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try runPython(interpreter, ["-c", program] + arguments, sourceLocation)
  }

  private static let interpreter = Repository.root + "/.venv/bin/python3"
}

/// Python with the programs that read and write what other frameworks do: scripts in `Tests/InterchangeTests/Judges`, with
/// the packages of its requirements.txt.
package enum EcosystemJudge {
  /// For `.enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet)`.
  package static var isThere: Bool { isComplete("requirements.txt", beside: interpreter) }
  package static let howToGet: Comment = "runs by make test-ecosystem"

  /// Runs a script and returns what it prints; one that fails records an issue.
  @discardableResult
  package static func run(
    _ script: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let path = "\(Repository.root)/Tests/InterchangeTests/Judges/\(script)"
    return try runPython(interpreter, [path] + arguments, sourceLocation)
  }

  private static let interpreter = Repository.root + "/.venv-ecosystem/bin/python3"
}

/// Whether the script that makes an environment has written its last file: one without a network leaves Python alone.
private func isComplete(_ last: String, beside interpreter: String) -> Bool {
  let folder = interpreter.replacing("/bin/python3", with: "")
  return Folder.kind(of: interpreter) == .file && Folder.kind(of: "\(folder)/\(last)") == .file
}

private func runPython(
  _ interpreter: String, _ arguments: [String], _ sourceLocation: SourceLocation
) throws -> String {
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
