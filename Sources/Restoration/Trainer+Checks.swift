import Foundation
import ImageSets
import NeuralNetworks
import Support

/// What is looked at before a network is trained, and after each epoch.
extension Trainer {
  static func check(_ images: TrainingImages, suits plan: TrainingPlan) throws {
    let architecture = plan.architecture
    guard images.count > 0 else {
      throw UsageError("there are no images in \(images.name)", remedy: "Name a set with at least one image.")
    }
    if images.damaged != nil {
      guard plan.task == .restoration, plan.recipe.steps.isEmpty else {
        throw UsageError(
          "pairs of damaged and clean images for \(architecture.name), which learns by the recipe \(plan.recipe.name)",
          remedy: "Choose a model that restores, and leave out --recipe.")
      }
    }
    var shape = images.shape
    if let crop = plan.crop { (shape.height, shape.width) = (crop, crop) }
    guard
      try architecture.input == shape.extents
        && (plan.loss.target == .label || architecture.outputShape() == shape.extents)
    else {
      throw UsageError(
        "\(architecture.name) takes images of \(architecture.input.map(String.init).joined(separator: "×")), "
          + "and those of \(images.name) are \(shape)",
        remedy: shape.remedy(toBecome: architecture.imageShape))
    }
  }

  /// The images with those of the synthetic writer behind them, by writers who write in none of the synthetic parts.
  static func addSynthetic(to training: ImageSet, _ plan: TrainingPlan) throws -> ImageSet {
    guard plan.syntheticImages > 0 else { return training }
    let digitsOfEach = 10
    let first = 1000
    let writers = first..<first + (plan.syntheticImages + digitsOfEach - 1) / digitsOfEach
    guard let labels = training.labels, training.shape == SyntheticDigits.shape else {
      throw UsageError(
        "\(plan.syntheticImages) digits of the synthetic writer beside \(training.name), whose images are "
          + "\(training.shape), \(training.labels == nil ? "without" : "with") labels",
        remedy: "Leave them out by --synthetic 0; they go with labelled digits of \(SyntheticDigits.shape).")
    }
    // Half of the people write with a rough hand.
    let middle = (writers.lowerBound + writers.upperBound) / 2
    var (pixels, allLabels) = (training.pixels, labels)
    for (hands, style) in [(first..<middle, SyntheticDigits.Style.neat), (middle..<writers.upperBound, .rough)] {
      let digits = SyntheticDigits().imageSet(writers: hands, perWriter: digitsOfEach, style: style, name: "synthetic")
      pixels += digits.pixels
      allLabels += digits.labels ?? []
    }
    let count = training.count + plan.syntheticImages
    return ImageSet(
      shape: training.shape, pixels: Array(pixels.prefix(count * training.shape.size)),
      labels: Array(allLabels.prefix(count)), name: training.name, source: training.source)
  }

  /// A share of the images put aside; throws a `UsageError` where that leaves either part without any.
  static func split(_ images: TrainingImages, validation share: Double, of plan: TrainingPlan) throws -> (
    TrainingImages, TrainingImages
  ) {
    let parts = ImageSet.split(images.count, validation: share, seed: plan.seed)
    guard !parts.validation.isEmpty, !parts.training.isEmpty else {
      throw UsageError(
        "validation by a share of \(share) leaves \(grouped(parts.validation.count)) of \(grouped(images.count)) "
          + "images to validate with and \(grouped(parts.training.count)) to train on",
        remedy: "Choose a share that leaves some for both, such as --validation 0.2.")
    }
    return (images.selecting(parts.training), images.selecting(parts.validation))
  }

  /// The last images put aside; throws a `UsageError` where that leaves either part without any.
  static func split(_ images: TrainingImages, last count: Int) throws -> (TrainingImages, TrainingImages) {
    let parts = try ImageSet.split(images.count, last: count)
    return (images.selecting(parts.training), images.selecting(parts.validation))
  }

  /// The images of a fifth of the writers put aside, at least one's; throws a `UsageError` where there are no two, or the set
  /// does not say who wrote what.
  static func splitByWriters(_ images: TrainingImages) throws -> (TrainingImages, TrainingImages) {
    guard images.clean.count == 1, let writers = images.clean[0].writers, let last = writers.max(), last > 0 else {
      throw UsageError(
        "validation by writers of \(images.name), which \(images.clean[0].writers == nil ? "does not say who wrote what" : "has one")",
        remedy: "Make a set of several filled-in forms with tiddu data sheet, or choose a share such as 0.2.")
    }
    let first = last + 1 - max(1, (last + 1) / 5)
    let all = writers.indices
    return (images.selecting(all.filter { writers[$0] < first }), images.selecting(all.filter { writers[$0] >= first }))
  }

  /// A figure on the very images that are trained on says nothing about others.
  static func check(_ validation: TrainingImages, isOtherThan training: TrainingImages) throws {
    guard DataRecord(validation).checksum == DataRecord(training).checksum else { return }
    throw UsageError(
      "the \(grouped(validation.count)) images of \(validation.name) to validate with are those that are trained on",
      remedy: "Name another part, or put a share aside: --validation 0.2.")
  }

  /// Throws a `ResourceError` where what training takes is not there.
  static func checkMemory(_ plan: TrainingPlan) throws {
    try Memory.check(
      plan.architecture.trainingBytes(batch: plan.batchSize), for: "training with a batch of \(plan.batchSize)",
      remedy: ResourceError.lessMemory)
  }

  /// Throws a `ResourceError` where what an epoch's end takes is not there once the network's own memory is taken: copies
  /// of weights and moments for the files, and what arrays and libraries ask for without asking whether there is any.
  func checkHeadroom() throws {
    try collective.together {
      try Memory.check(
        Double(network.parameters.count) * 4 * 8 + Double(64 << 20), for: "the end of an epoch",
        remedy: ResourceError.lessMemory)
    }
  }

  /// Whether some images that differ all get the same answer.
  func hasCollapsed() throws -> Bool {
    let source = validation ?? training
    let count = min(32, source.count)
    guard count > 1 else { return false }
    let program = try network.program(batch: count, mode: .inference, loss: plan.loss)
    source.fill(program, with: ArraySlice(0..<count), epoch: 0)
    try program.forward()
    func spread(_ values: UnsafeMutableBufferPointer<Float>) -> Float {
      let size = values.count / count
      return (size..<values.count).reduce(0) { max($0, abs(values[$1] - values[$1 % size])) }
    }
    return spread(program.output) < 1e-4 && spread(program.input) > 0.1
  }

  static func check(_ training: TrainingImages, isThatOf plan: TrainingPlan) throws {
    guard let begun = plan.data, let difference = begun.difference(of: DataRecord(training)) else { return }
    throw DataError(
      file: training.source,
      expected: "the \(begun.images) images and their labels that the run was begun with", found: difference,
      remedy: "Name the run's own data by --data.")
  }
}
