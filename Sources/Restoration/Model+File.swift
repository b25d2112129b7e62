import Safetensors
import Support

/// A model of one part is a checkpoint's file. One of two is a file of version 2: each part's tensors and texts as in its
/// checkpoint, with "orientation/" or "redrawing/" before their names.
extension Model {
  /// Of a file's metadata; later ones are refused.
  static let newestVersion = 2
  private static let version = "\(newestVersion)"
  /// As they are stored; the second is the restoration part, named so in files since the first of them.
  private static let partNames = ["orientation", "redrawing"]

  /// A model's file, the best one of a run's folder, or one of `ShippedModels.names`.
  ///
  /// - Throws: `SystemError` when the file cannot be read; `DataError` when it is no model, cut short, of another
  ///   version, or its weights are not those of its architecture.
  public static func open(_ path: String) throws -> Model {
    try read(ShippedModels.file(of: path))
  }

  /// Throws what `open` throws.
  package static func read(_ path: String) throws -> Model {
    let file = try tensors(path)
    guard file.metadata["format"] == "tiddu", file.metadata["version"] == version else {
      return Model(try Checkpoint(only: file, path: path))
    }
    let parts = try partNames.map { try Checkpoint(only: part($0, of: file), path: path) }
    if let stray = file.tensors.keys.filter({ key in !partNames.contains { key.hasPrefix("\($0)/") } }).min() {
      throw DataError(
        file: path, place: "tensor \(stray)", expected: "only the weights of \(partNames.joined(separator: " and "))",
        found: "more", remedy: "The file was changed; fetch or train it again.")
    }
    do {
      return try Model(name: file.metadata["name"] ?? "unnamed", orientation: parts[0], restoration: parts[1])
    } catch let error as UsageError {
      throw DataError(
        file: path, place: "metadata", expected: "a model of two parts that fit", found: error.problem,
        remedy: "The file was changed; fetch or train it again.")
    }
  }

  private static func tensors(_ path: String) throws -> TensorFile {
    do { return try TensorFile.read(path) } catch let error as DataError {
      guard let foreign = ForeignFile(at: path) else { throw error }
      throw DataError(
        file: path, expected: "a model of Tiddu's (safetensors)", found: foreign.name, remedy: foreign.remedy)
    }
  }

  /// Writes a file that `open` reads.
  ///
  /// - Throws: `SystemError`.
  public func write(to path: String) throws { try write(to: path, as: .float32) }

  /// - Parameter type: of the weights; what has one axis, such as biases and statistics, stays 32 bits.
  /// - Throws: `SystemError`.
  package func write(to path: String, as type: WeightType = .float32) throws {
    try file().write(to: path) { $0.shape.count > 1 ? type.elementType : .float32 }
  }

  private func file() throws -> TensorFile {
    guard let orientation, let restoration else { return try parts[0].file() }
    var file = TensorFile(metadata: ["format": "tiddu", "version": Self.version, "name": name])
    for (name, part) in zip(Self.partNames, [orientation, restoration]) {
      let whole = try part.file()
      for (key, text) in whole.metadata { file.metadata["\(name)/\(key)"] = text }
      for (key, tensor) in whole.tensors { file.tensors["\(name)/\(key)"] = tensor }
    }
    return file
  }

  /// What stands behind "name/" in a file of several parts.
  private static func part(_ name: String, of file: TensorFile) -> TensorFile {
    func own<Value>(_ all: [String: Value]) -> [String: Value] {
      Dictionary(
        uniqueKeysWithValues: all.compactMap { key, value in
          key.hasPrefix("\(name)/") ? (String(key.dropFirst(name.count + 1)), value) : nil
        })
    }
    return TensorFile(metadata: own(file.metadata), tensors: own(file.tensors))
  }
}

/// The numbers that weights are stored as.
package enum WeightType: String, CaseIterable, Sendable {
  case float32
  /// Half the bytes, 11 bits of mantissa.
  case float16

  var elementType: ElementType { self == .float32 ? .float32 : .float16 }
}
