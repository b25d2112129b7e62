import Foundation
import ImageSets
import Support
import Testing

/// The `DataError` that `body` ends with; records an issue when there is none.
func dataError(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) -> DataError? {
  #expect(throws: DataError.self, sourceLocation: sourceLocation) { try body() }
}

/// Expects a `DataError` whose text holds all of `parts`, and the file's name.
func expectDataError(
  _ parts: String..., reading path: String, options: ReadOptions = .init(),
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let error = dataError(sourceLocation: sourceLocation) { _ = try Contents.read(path, options: options) }
  for part in parts + [path] {
    #expect(error?.description.contains(part) == true, "\(part)", sourceLocation: sourceLocation)
  }
}

/// Writes bytes as they are, without syncing: a test's own input.
func put(_ bytes: [UInt8], _ path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func put(_ text: String, _ path: String) throws { try put(Array(text.utf8), path) }

/// 32-bit sizes as IDX stores them.
func bigEndian(_ numbers: UInt32...) -> [UInt8] {
  numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}

/// The names in a folder, with the hidden and temporary ones.
func everyName(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// The image's own Python with numpy, which judges what only numpy can judge.
enum Python {
  static let hasNumpy = (try? run("import numpy")) != nil

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Runs a script with `arguments` in sys.argv[1...]; returns what it prints.
  @discardableResult
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: text) }
    return text
  }
}

func removeFile(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
