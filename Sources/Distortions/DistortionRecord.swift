import ImageSets
import Support

/// What was done to one image.
package struct DistortionRecord: Sendable, Equatable, Codable {
  package struct Entry: Sendable, Equatable, Codable {
    /// "rotation", and "rotation-2" where a recipe names it a second time.
    package var distortion: String
    /// By name: "angle", "sigma", "row", … Lengths are in pixels, values in grey levels, angles in degrees.
    package var parameters: [String: Float]
  }

  package var index: Int
  /// In the order in which it was done.
  package var distortions: [Entry]
}

extension Distorter {
  /// The recipe's distortions, each with a name of its own.
  package var names: [String] {
    var seen: [String: Int] = [:]
    return distortions.map { distortion in
      let name = type(of: distortion).name
      seen[name, default: 0] += 1
      return seen[name] == 1 ? name : "\(name)-\(seen[name]!)"
    }
  }

  /// What image `index` of `epoch` suffers; draws the same numbers as `apply`.
  package func record(seed: UInt64, epoch: Int = 0, index: Int) -> DistortionRecord {
    let names = names
    var record = DistortionRecord(index: index, distortions: [])
    forEachDistortion(seed: seed, epoch: epoch, index: index) { number, drawn in
      let parameters = type(of: distortions[number]).parameterNames.enumerated().map { ($1, drawn[$0]) }
      record.distortions.append(
        .init(distortion: names[number], parameters: Dictionary(uniqueKeysWithValues: parameters)))
    }
    return record
  }

  /// How many of the images from 0 on suffer each distortion, in the order of `names`.
  package func counts(of images: Int, seed: UInt64, epoch: Int = 0) -> [Int] {
    var counts = [Int](repeating: 0, count: distortions.count)
    for index in 0..<images {
      forEachDistortion(seed: seed, epoch: epoch, index: index) { number, _ in counts[number] += 1 }
    }
    return counts
  }

  /// Writes a CSV file with a row for each image of the set: index, label, and for each distortion of the recipe a
  /// column that is 1 where it was done and 0 elsewhere, followed by its parameters, empty where it wasn't done.
  package func writeRecords(of set: ImageSet, seed: UInt64, epoch: Int = 0, to path: String, in group: FileGroup? = nil)
    throws
  {
    let parameters = distortions.map { type(of: $0).parameterNames }
    try WholeFile.write(to: path, in: group) { sink in
      let columns = zip(names, parameters).flatMap { name, parameters in [name] + parameters.map { "\(name).\($0)" } }
      try sink.write((["index", "label"] + columns).joined(separator: ",") + "\n")
      for index in 0..<set.count {
        var cells = parameters.map { ["0"] + $0.map { _ in "" } }
        forEachDistortion(seed: seed, epoch: epoch, index: index) { number, drawn in
          cells[number] = ["1"] + parameters[number].indices.map { brief(drawn[$0]) }
        }
        let label = set.labels.map { "\($0[index])" } ?? ""
        try sink.write((["\(index)", label] + cells.joined()).joined(separator: ",") + "\n")
      }
    }
  }
}
