import ImageSets

/// What a preset must know of the data to make its architecture.
package struct DataDescription: Equatable, Sendable {
  /// Of every image, or of the patches that are cut from them.
  package var shape: ImageSet.Shape
  /// The classes' names in the order of their labels; empty where images have no labels.
  package var classes: [String]
  /// Whether there is a part dig to validate classifiers on.
  package var hasDig: Bool
  /// Whether the synthetic writer's digits are of the same kind.
  package var isKannadaDigits: Bool
  /// Whether 0 is paper and 255 ink.
  package var hasPaper: Bool

  package init(
    shape: ImageSet.Shape, classes: [String], hasDig: Bool = false, isKannadaDigits: Bool = false,
    hasPaper: Bool = true
  ) {
    self.shape = shape
    self.classes = classes
    self.hasDig = hasDig
    self.isKannadaDigits = isKannadaDigits
    self.hasPaper = hasPaper
  }

  /// Of images at hand.
  package init(of images: ImageSet) {
    self.init(shape: images.shape, classes: images.classNames ?? [], hasPaper: images.hasPaper)
  }

  /// What the report's data are: 28×28 grey Kannada digits.
  package static let kannadaMNIST = DataDescription(
    shape: SyntheticDigits.shape, classes: (0...9).map(String.init), hasDig: true, isKannadaDigits: true)
}

extension DataDescription {
  /// Of images that are trained on; with `crop`, of the patches cut from them.
  ///
  /// - Throws: what `Dataset.open` throws.
  package init(_ images: TrainingImages, from origin: DataOrigin, crop: Int? = nil) throws {
    let dataset = origin.damaged == nil ? try Dataset.open(origin.dataset) : nil
    var shape = images.shape
    if let crop { (shape.height, shape.width) = (crop, crop) }
    let set = images.clean[0]
    self.init(
      shape: shape, classes: set.classNames ?? [], hasDig: dataset?.parts.contains(.dig) ?? false,
      isKannadaDigits: (dataset?.isKannadaDigits ?? false) && shape == SyntheticDigits.shape && set.labels != nil,
      hasPaper: set.hasPaper)
  }
}
