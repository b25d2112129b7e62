import Support

/// How much of the report's work is done: how many images and epochs each of its trainings gets.
public struct Scale: Codable, Equatable, Sendable {
  /// Of one training, or of each training of a search.
  public struct Portion: Codable, Equatable, Sendable {
    /// The first so many of the training images, those put aside for validation among them; nil takes all.
    public var images: Int?
    /// At most; early stopping may end a training before.
    public var epochs: Int

    public init(images: Int? = nil, epochs: Int) {
      self.images = images
      self.epochs = epochs
    }
  }

  public var name: String
  /// Table 1's 18 dense models.
  public var dense: Portion
  /// Table 1's 18 convolutional models, which take a hundred times as long.
  public var convolutional: Portion
  /// The search for penalties.
  public var regularisation: Portion
  /// The final model.
  public var final: Portion
  /// The network that reads digits.
  public var classifier: Portion
  /// Images of each part that are corrected and classified; nil takes all.
  public var measured: Int?
  /// Held-out images that each model of the search for penalties is measured on.
  public var penaltiesMeasured: Int

  enum CodingKeys: String, CodingKey {
    case name, dense, convolutional, regularisation, final, classifier, measured
    case penaltiesMeasured = "penalties_measured"
  }

  public init(
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
  public static let smoke = Scale(
    name: "smoke", dense: Portion(images: 3000, epochs: 3), convolutional: Portion(images: 400, epochs: 2),
    regularisation: Portion(images: 3000, epochs: 3), final: Portion(epochs: 20),
    classifier: Portion(images: 4800, epochs: 2), measured: 500, penaltiesMeasured: 200)
  /// The report's own sizes but for the convolutional models: an hour or so on two cores.
  public static let desk = Scale(
    name: "desk", dense: Portion(epochs: 20), convolutional: Portion(images: 6000, epochs: 10),
    regularisation: Portion(epochs: 20), final: Portion(epochs: 20), classifier: Portion(epochs: 5), measured: nil,
    penaltiesMeasured: 2000)
  /// The report's own sizes: most of a day on two cores.
  public static let full = Scale(
    name: "full", dense: Portion(epochs: 20), convolutional: Portion(epochs: 20), regularisation: Portion(epochs: 20),
    final: Portion(epochs: 20), classifier: Portion(epochs: 5), measured: nil, penaltiesMeasured: 2000)

  public static let builtIn = [smoke, desk, full]

  /// Throws a `UsageError` that names those there are.
  public static func named(_ name: String) throws -> Scale {
    guard let scale = builtIn.first(where: { $0.name == name }) else {
      throw UsageError(
        "there is no scale \"\(name)\"", remedy: "Choose one of \(builtIn.map(\.name).joined(separator: ", ")).")
    }
    return scale
  }
}

extension Scale.Portion: CustomStringConvertible {
  /// "6,000 of the images, at most 10 epochs"
  public var description: String {
    (images.map { "\(grouped($0)) of the images" } ?? "all images") + ", at most \(epochs) epochs"
  }
}
