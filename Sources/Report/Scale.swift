import Support

/// How much of the report's work is done: how many images and epochs each of its trainings gets.
package struct Scale: Codable, Equatable, Sendable {
  /// Of one training, or of each training of a search.
  package struct Portion: Codable, Equatable, Sendable {
    /// The first so many of the training images, those put aside for validation among them; nil takes all.
    package var images: Int?
    /// At most; early stopping may end a training before.
    package var epochs: Int

    package init(images: Int? = nil, epochs: Int) {
      self.images = images
      self.epochs = epochs
    }
  }

  package var name: String
  /// Table 1's 18 dense models.
  package var dense: Portion
  /// Table 1's 18 convolutional models, which take a hundred times as long.
  package var convolutional: Portion
  /// The search for penalties.
  package var regularisation: Portion
  /// The final model.
  package var final: Portion
  /// The network that reads digits.
  package var classifier: Portion
  /// Images of each part that are corrected and classified; nil takes all.
  package var measured: Int?
  /// Held-out images that each model of the search for penalties is measured on.
  package var penaltiesMeasured: Int

  enum CodingKeys: String, CodingKey {
    case name, dense, convolutional, regularisation, final, classifier, measured
    case penaltiesMeasured = "penalties_measured"
  }

  package init(
    name: String, dense: Portion, convolutional: Portion, regularisation: Portion, final: Portion, classifier: Portion,
    measured: Int?, penaltiesMeasured: Int
  ) {
    self.name = name
    self.dense = dense
    self.convolutional = convolutional
    self.regularisation = regularisation
    self.final = final
    self.classifier = classifier
    self.measured = measured
    self.penaltiesMeasured = penaltiesMeasured
  }

  /// Everything, in two minutes: enough to see that all works, and what the report is like.
  package static let smoke = Scale(
    name: "smoke", dense: Portion(images: 3000, epochs: 3), convolutional: Portion(images: 400, epochs: 2),
    regularisation: Portion(images: 3000, epochs: 3), final: Portion(epochs: 20),
    classifier: Portion(images: 4800, epochs: 2), measured: 500, penaltiesMeasured: 200)
  /// The report's own sizes but for the convolutional models: an hour or so on two cores.
  package static let desk = Scale(
    name: "desk", dense: Portion(epochs: 20), convolutional: Portion(images: 6000, epochs: 10),
    regularisation: Portion(epochs: 20), final: Portion(epochs: 20), classifier: Portion(epochs: 5), measured: nil,
    penaltiesMeasured: 2000)
  /// The report's own sizes: most of a day on two cores.
  package static let full = Scale(
    name: "full", dense: Portion(epochs: 20), convolutional: Portion(epochs: 20), regularisation: Portion(epochs: 20),
    final: Portion(epochs: 20), classifier: Portion(epochs: 5), measured: nil, penaltiesMeasured: 2000)

  package static let builtIn = [smoke, desk, full]

  /// Throws a `UsageError` that names those there are.
  package static func named(_ name: String) throws -> Scale {
    guard let scale = builtIn.first(where: { $0.name == name }) else {
      throw UsageError(
        "there is no scale \"\(name)\"", remedy: "Choose one of \(builtIn.map(\.name).joined(separator: ", ")).")
    }
    return scale
  }
}

extension Scale.Portion: CustomStringConvertible {
  /// "6,000 of the images, at most 10 epochs"
  package var description: String {
    (images.map { "\(grouped($0)) of the images" } ?? "all images") + ", at most \(epochs) epochs"
  }
}
