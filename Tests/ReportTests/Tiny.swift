import ImageSets
import Report
import Support

/// Reproductions that take seconds.
enum Tiny {
  static let scale = Scale(
    name: "tiny", dense: .init(images: 40, epochs: 1), convolutional: .init(images: 40, epochs: 1),
    regularisation: .init(images: 40, epochs: 1), final: .init(epochs: 2), classifier: .init(images: 64, epochs: 1),
    measured: 20, penaltiesMeasured: 10)

  /// A folder with 80 training images, 30 test and 30 dig ones.
  static func data(in folder: String, parts: [Dataset.Part] = Dataset.Part.allCases) throws -> String {
    let path = "\(folder)/data"
    try Folder.create(path)
    for part in parts {
      let count = part == .train ? 8 : 3
      let writers = part.syntheticWriters.prefix(count)
      try SyntheticDigits().imageSet(writers: writers, perWriter: 10, style: part.syntheticStyle, name: part.rawValue)
        .write(to: "\(path)/\(part.rawValue).npz")
    }
    return path
  }
}

/// Trains nothing: says of each model what the report says, and counts how often it was asked.
final class PretendedStudies: Studies {
  var asked: [String] = []

  func grid(_ model: String, _ study: StudyRequest) throws -> [GridTrial] {
    asked.append(study.name)
    try study.observe(18, 18, "pretended")
    return Table1.rows.filter { $0.point.model == model }.map { row in
      GridTrial(
        point: row.point, trainingImages: 32, validationImages: 8, epochs: 1, figures: row.figures,
        bestValidationLoss: row.figures.validationLoss, seconds: 0.5)
    }
  }

  func penalties(_ study: StudyRequest) throws -> [PenaltyTrial] {
    asked.append(study.name)
    return [
      PenaltyTrial(place: .none, kind: "none", weight: 0, epochs: 1, checkpoint: "runs/final/best.safetensors"),
      PenaltyTrial(place: .all, kind: "l1", weight: 0.01, epochs: 0, checkpoint: nil, failure: "it diverged"),
    ]
  }
}
