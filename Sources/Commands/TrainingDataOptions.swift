import ArgumentParser
import ImageSets
import Restoration
import Support

/// Which images a run is trained on.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A dataset's folder, a file or folder of images, or synthetic (default).", valueName: "path"))
  var data: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Real pairs, matched by name: the folders of the damaged and of the clean images, or one that has both.",
      valueName: "damaged> <clean"))
  var pairs: [String] = []

  @Option(name: .customLong("part"), help: "The dataset's part to train on (default: train).")
  var chosenPart: Dataset.Part?

  @Option(help: ArgumentHelp("Only so many images, spread over all.", valueName: "count"))
  var subset: Int?

  @Option(help: "What image files are drawn on: light or dark paper, or none: photographs (default: told by them).")
  var paper: Paper?

  /// Names of the options given that say which images are taken.
  var given: [String] {
    let all: [(String, Any?)] = [
      ("--part", chosenPart), ("--subset", subset), ("--paper", paper), ("--pairs", pairs.first),
    ]
    return all.compactMap { name, value in value.map { _ in name } }
  }

  func check() throws {
    guard pairs.count <= 2 else {
      throw ValidationError("--pairs takes two folders, the damaged and the clean images, or one that has both.")
    }
    if !pairs.isEmpty, data != nil || chosenPart != nil {
      throw ValidationError("--pairs stands for --data and --part; leave them out.")
    }
  }

  /// The folders that one or two paths of `--pairs` name.
  ///
  /// - Throws: `DataError` for a folder that has no such two.
  static func folders(of pairs: [String]) throws -> (damaged: String, clean: String) {
    if pairs.count == 2 { return (pairs[0], pairs[1]) }
    guard let found = try ImagePairs.folders(in: pairs[0]) else {
      throw DataError(
        file: pairs[0], expected: "two sub-folders such as damaged and clean, with images of the same names",
        found: "others", remedy: "Name the two folders: --pairs DAMAGED CLEAN.")
    }
    return found
  }

  /// - Parameter mayBePairs: whether a folder of two that are called as damaged and clean images are is taken for pairs.
  /// - Throws: `DataError` for pairs of which some have no partner.
  func origin(mayBePairs: Bool = false) throws -> DataOrigin {
    var origin = DataOrigin(
      dataset: data ?? Dataset.syntheticName, part: chosenPart ?? .train, subset: subset, paper: paper)
    if !pairs.isEmpty {
      (origin.damaged, origin.dataset) = try Self.folders(of: pairs)
    } else if mayBePairs, let data, let found = try ImagePairs.folders(in: data) {
      (origin.damaged, origin.dataset) = found
      Console.note("\(data) is taken for pairs: \(found.damaged) damaged, \(found.clean) clean")
    }
    return origin
  }
}
