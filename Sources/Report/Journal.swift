import Foundation
import Support

/// What of a reproduction is done, in its folder:
///
///     reproduction.json   the settings, and the seconds that unfinished parts have taken so far
///     parts/NAME.json     a part's product, and the seconds it took: it is not made again
final class Journal {
  private struct Contents: Codable {
    var settings: ReproductionSettings
    var unfinished: [String: Double]
  }

  private struct Finished<Product: Codable>: Codable {
    var seconds: Double
    var product: Product
  }

  let folder: String
  private var contents: Contents
  private var file: String { "\(folder)/reproduction.json" }

  /// Begins a folder, or goes on with one that was begun with the same settings.
  ///
  /// - Throws: `UsageError` for other settings, or a folder that holds something else; `DataError`, `SystemError`.
  init(_ folder: String, settings: ReproductionSettings) throws {
    self.folder = folder
    contents = Contents(settings: settings, unfinished: [:])
    if Folder.kind(of: file) == .file {
      contents = try Self.read(Contents.self, file, what: "the settings of a reproduction")
      if let difference = settings.difference(from: contents.settings) {
        throw UsageError(
          "\(folder) was begun \(difference)",
          remedy: "Go on with the settings it was begun with, or name another folder."
        )
      }
      try Folder.create("\(folder)/parts")
      return
    }
    if Folder.kind(of: folder) == .folder, let other = try Folder.names(in: folder).first {
      throw UsageError(
        "\(folder) holds \(other) and no reproduction.json",
        remedy: "Name a new folder, or one that tiddu reproduce has begun.")
    }
    try Folder.create(folder)
    try save()
    try Folder.create("\(folder)/parts")
  }

  /// A part's product, made now unless it is there.
  ///
  /// - Parameters:
  ///   - needs: files that the product speaks of; where one is missing, the part is done again.
  ///   - makings: what it is made into; removed before it is done again.
  ///   - make: is given what to call when something is done that a kill would not undo.
  /// - Returns: the product, the seconds it took, and whether it was there.
  func part<Product: Codable>(
    _ part: ReproductionPart, needs: (Product) -> [String] = { _ in [] }, makings: [String] = [],
    make: (@escaping () throws -> Void) throws -> Product
  ) throws -> (product: Product, seconds: Double, wasThere: Bool) {
    let path = "\(folder)/parts/\(part.rawValue).json"
    if Folder.kind(of: path) == .file {
      let finished = try Self.read(Finished<Product>.self, path, what: "the product of the part \(part.rawValue)")
      if needs(finished.product).allSatisfy({ Folder.kind(of: $0) == .file }) {
        return (finished.product, finished.seconds, true)
      }
      for path in makings where Folder.kind(of: path) != .absent { try FileManager.default.removeItem(atPath: path) }
      unlink(path.systemBytes)
    }
    let (before, start) = (contents.unfinished[part.rawValue] ?? 0, ContinuousClock.now)
    func seconds() -> Double { before + (ContinuousClock.now - start) / .seconds(1) }
    let product = try make { [self] in
      contents.unfinished[part.rawValue] = seconds()
      try save()
    }
    let finished = Finished(seconds: seconds(), product: product)
    try WholeFile.write(Self.text(finished), to: path)
    contents.unfinished[part.rawValue] = nil
    try save()
    return (product, finished.seconds, false)
  }

  private func save() throws { try WholeFile.write(Self.text(contents), to: file) }

  /// JSON as it stands in all files of a reproduction.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  private static func read<Value: Decodable>(_ type: Value.Type, _ path: String, what: String) throws -> Value {
    let data = Data(try Folder.read(path))
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw DataError(
        file: path, expected: what, found: explain(error), remedy: "Delete the file, so that it is made again.")
    }
  }
}
