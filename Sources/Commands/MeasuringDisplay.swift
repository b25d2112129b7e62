import Evaluation
import Foundation
import Support

/// How far a table's measuring has come, on standard error.
final class MeasuringDisplay {
  private let line = ProgressLine(plainInterval: .seconds(10))

  func show(_ progress: TableProgress) {
    let share = Double(progress.done) / Double(max(1, progress.total))
    line.show("\(progress.set), \(progress.row) \(ProgressLine.bar(share)) \(grouped(progress.done)) images read")
  }

  func end() { line.end() }
}

/// What an earlier measuring found, read back.
enum MeasuredRecognition {
  private struct Result: Decodable { var recognition: RecognitionReport }

  /// From what `tiddu evaluate --classifier … --json` printed, or from the recognition.json of `tiddu figure all`.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where it is something else.
  static func read(_ path: String) throws -> RecognitionReport {
    let data = Data(try Folder.read(path))
    if let result = try? JSONDecoder().decode(Result.self, from: data) { return result.recognition }
    do {
      return try JSONDecoder().decode(RecognitionReport.self, from: data)
    } catch {
      throw DataError(
        file: path, expected: "what tiddu evaluate --classifier … --json printed", found: explain(error),
        remedy: "Make it anew, or name a classifier by --classifier.")
    }
  }
}
