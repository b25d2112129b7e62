import CKernels
import Foundation
import Support

/// Trained models that come with the program, as files in `Models/`: named like the presets that made them.
public enum ShippedModels {
  /// What restores where nobody names a model.
  public static let corrector = "tiddu-best"
  /// What classifies where nobody names a model.
  public static let reader = "tiddu-reader"
  /// What says how pages lie and corrects their digits where nobody names a model: fast, as a page has many.
  package static let pageCorrector = "tiddu-small"
  /// The report's own model, to compare with.
  package static let reportModel = "report-final"
  package static let names = [reportModel, pageCorrector, corrector, reader]

  /// The file of one of `names`; nil for another name, or where there is no such file.
  ///
  /// Looked for in the folder that TIDDU_MODELS names, then beside the program, or the library that this is part of: in
  /// `../share/tiddu`, as in an installation, in `Models/` there, and in such a folder above it, as in the repository.
  package static func path(of name: String) -> String? {
    guard names.contains(name) else { return nil }
    return folders.lazy.map { "\($0)/\(name).safetensors" }.first { Folder.kind(of: $0) == .file }
  }

  /// The text that goes with a model's file, of the same name with the ending .md; nil where there is none.
  ///
  /// - Throws: what `file(of:)` throws; `SystemError` for a text that is there and cannot be read.
  package static func card(of path: String) throws -> String? {
    let file = try file(of: path)
    guard file.hasSuffix(".safetensors") else { return nil }
    let card = String(file.dropLast("safetensors".count)) + "md"
    guard Folder.kind(of: card) == .file else { return nil }
    return String(decoding: try Folder.read(card), as: UTF8.self)
  }

  private static var folders: [String] {
    if let named = ProcessInfo.processInfo.environment["TIDDU_MODELS"], !named.isEmpty { return [named] }
    let library = kernels_library_file().map { String(cString: $0) }
    guard let program = library ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    else { return [] }
    var folders: [String] = []
    var place = URL(fileURLWithPath: program).deletingLastPathComponent()
    folders.append(place.deletingLastPathComponent().appendingPathComponent("share/tiddu").path)
    for _ in 0..<5 {
      folders.append(place.appendingPathComponent("Models").path)
      place.deleteLastPathComponent()
    }
    return folders
  }

  /// The file of what a user calls a model: that file, the best one of that run's folder, or one of `names`.
  ///
  /// - Throws: `UsageError` for one of the names whose file is not there.
  static func file(of path: String) throws -> String {
    let kind = Folder.kind(of: path)
    guard names.contains(path), kind == .absent else { return kind == .folder ? RunFolder(path).best : path }
    guard let file = Self.path(of: path) else {
      throw UsageError(
        "the model \(path) that comes with tiddu is not beside the program",
        remedy:
          "Name the folder that has \(path).safetensors (Models/ in the repository) by TIDDU_MODELS, or a model of "
          + "your own.")
    }
    return file
  }
}
