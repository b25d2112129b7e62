import Foundation
import Support
import Testing

/// Python with the packages of `Tools/python-judges.sh`, where that script has run: it reads what we write, and
/// writes what we read.
public enum PythonJudge {
  /// For `.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)`.
  public static var isThere: Bool { Folder.kind(of: interpreter) == .file }
  public static let howToGet: Comment = "Tools/python-judges.sh has not run"

  /// Runs a program given as text and returns what it prints; a program that fails records an issue.
  public static func run(
    _ program: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = ["-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "Python failed", sourceLocation: sourceLocation)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static let interpreter = Repository.root + "/.venv/bin/python3"
}
