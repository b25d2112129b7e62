public import ImageSets
public import NeuralNetworks
import Support

/// What other packages make plans by, beside the settings themselves.
extension TrainingPlan {
  /// Whether images are distorted anew in every epoch, and not once before training.
  public var distortsEachEpoch: Bool {
    get { distorting == .eachEpoch }
    set { distorting = newValue ? .eachEpoch : .once }
  }

  /// Whether the learning rate falls along half a cosine to zero, and does not stay what it is.
  public var lowersLearningRate: Bool {
    get { schedule == .cosine }
    set { schedule = newValue ? .cosine : .constant }
  }

  /// The share of the images, above 0 and below 1, that is put aside to validate with; nil puts none aside.
  public var validationShare: Double? {
    get { if case .share(let share) = validation { share } else { nil } }
    set { validation = newValue.map { .share($0) } ?? .none }
  }

  /// How a preset is trained on such images: "report-final", "report-classifier", "denoiser", "tiddu-small-restoration" and
  /// the others that `tiddu summary --help` names.
  ///
  /// - Throws: `UsageError` naming the presets, or for images that the preset does not take.
  public init(preset: String, for images: ImageSet) throws {
    self = try Presets.plan(named: preset, for: DataDescription(of: images))
  }

  /// How a network of one's own is trained on such images: by its output, to restore images that `Recipe.reportMultiple`
  /// distorts or to tell their classes.
  ///
  /// - Throws: `UsageError` for a network that answers with neither images nor the images' classes.
  public init(_ architecture: Architecture, for images: ImageSet) throws {
    guard let plan = try TrainingPlan(naturalFor: architecture, DataDescription(of: images)) else {
      throw UsageError(
        "\(architecture.name) answers with neither images of \(images.shape) nor \(images.classNames?.count ?? 0) classes",
        remedy: "Change its last layers: a softmax gives classes.")
    }
    self = plan
  }
}
