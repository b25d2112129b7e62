import Distortions
import ImageSets
import NeuralNetworks
import Support

/// Models of our own: a network that recognizes an image's orientation, and one that restores it once it is upright.
extension Presets {
  /// Names that `modelPlan(named:)` knows. Each part has a preset of its own, "tiddu-small-orientation" and
  /// "tiddu-small-restoration".
  public static let modelNames = Size.allCases.map(\.rawValue)

  /// How a model of two parts is trained on such data; nil for a name of none.
  ///
  /// - Throws: `UsageError` where it takes no such images.
  public static func modelPlan(named name: String, for data: DataDescription = .kannadaMNIST) throws -> ModelPlan? {
    guard let size = Size(rawValue: name) else { return nil }
    try check(data, suits: name)
    return ModelPlan(name: name, orientation: size.orientationPlan(data), restoration: size.restorationPlan(data))
  }

  /// The plan of one part.
  static func partPlan(named name: String, for data: DataDescription) -> TrainingPlan? {
    for size in Size.allCases {
      if name == "\(size.rawValue)-orientation" { return size.orientationPlan(data) }
      if name == "\(size.rawValue)-restoration" { return size.restorationPlan(data) }
    }
    return nil
  }

  enum Size: String, CaseIterable {
    /// At most as many parameters as `report-final`, and 20 million multiply-adds an image.
    case small = "tiddu-small"
    case best = "tiddu-best"
  }
}

extension Presets.Size {
  /// Labels are told apart beside orientations: a network that knows the digit knows its orientation better.
  fileprivate func orientationPlan(_ data: DataDescription) -> TrainingPlan {
    var plan = plan(
      data,
      architecture: Presets.orientationNetwork(
        name: "\(rawValue)-orientation", input: data.shape,
        filters: self == .small ? [[16, 16], [32, 32], [48, 48]] : [[32, 32], [64, 64], [128, 128]],
        dense: self == .small ? 192 : 256, labels: max(1, data.classes.count)),
      loss: .categoricalCrossEntropy)
    plan.recipe = .tidduOrientation
    plan.task = .orientation
    plan.setClasses(data.classes)
    plan.syntheticImages = data.isKannadaDigits ? 60_000 : 0
    plan.epochs = self == .small ? 6 : 5
    return plan
  }

  fileprivate func restorationPlan(_ data: DataDescription) -> TrainingPlan {
    var plan = plan(
      data,
      architecture: Presets.uNet(
        name: "\(rawValue)-restoration", input: data.shape, filters: self == .small ? [16, 32, 64] : [32, 64, 128]),
      loss: .binaryCrossEntropy)
    plan.task = .uprightRestoration
    plan.epochs = 4
    return plan
  }

  private func plan(_ data: DataDescription, architecture: Architecture, loss: Loss) -> TrainingPlan {
    var plan = TrainingPlan(architecture: architecture, loss: loss, recipe: .tidduTraining)
    (plan.distorting, plan.schedule, plan.patience) = (.eachEpoch, .cosine, nil)
    plan.hasPaper = data.hasPaper
    return plan
  }
}

// MARK: - Architectures

extension Presets {
  /// Which orientation an image has, and which label, at once: pairs of convolutions in levels of half the size each,
  /// then two dense layers. Images larger than 32 pixels have more levels, as wide as the last, until 8 pixels are left.
  ///
  /// - Parameter labels: how many there are; 1 for a network that looks at none.
  public static func orientationNetwork(
    name: String, input: ImageSet.Shape, filters: [[Int]], dense: Int, labels: Int
  ) -> Architecture {
    var stack: [any Layer] = []
    var (height, width, level) = (input.height, input.width, 0)
    while level < filters.count || max(height, width) > 8 {
      if level > 0 {
        stack.append(pooling(height, width))
        (height, width) = ((height + 1) / 2, (width + 1) / 2)
      }
      let widths = filters[min(level, filters.count - 1)]
      stack += widths.map { Convolution2D(filters: $0, padding: .same, activation: .relu) }
      level += 1
    }
    stack += [
      Flatten(), Dropout(rate: 0.1), Dense(units: dense, activation: .relu), Dropout(rate: 0.1),
      Dense(units: Orientation.all(for: input).count * labels, activation: .softmax),
    ]
    return Architecture(name: name, input: input.extents, layers: stack)
  }

  /// A U-Net (Ronneberger, Fischer and Brox 2015): down to half the size and half again, and up, each level's image
  /// handed across to the level that rebuilds it. It is added there, as in LinkNet (Chaurasia and Culurciello 2017), not
  /// put beside: three fifths of the work. Sides that cannot be halved so often get margins, which are cut off at the end.
  public static func uNet(name: String, input: ImageSet.Shape, filters: [Int]) -> Architecture {
    Architecture(name: name, input: input.extents) { net in
      let margins = margins(of: input, levels: filters.count)
      let image = pad(net.input, by: margins, in: &net)
      var last = levels(filters, on: image, afterMerging: 1, in: &net) { net, width, source in
        let convolved = net.add(Convolution2D(filters: width, padding: .same), to: source)
        return net.add(ActivationLayer(.relu), to: net.add(BatchNormalization(), to: convolved))
      }
      last = net.add(Convolution2D(filters: input.channels, padding: .same, activation: .sigmoid), to: last)
      crop(last, by: margins, in: &net)
    }
  }

  /// Down level by level, two convolutions each, and up again, each level's image added to what comes up to it.
  ///
  /// - Parameters:
  ///   - merged: convolutions behind each addition.
  ///   - convolve: adds one convolution of a width with what belongs to it.
  private static func levels(
    _ filters: [Int], on image: ArchitectureBuilder.Output, afterMerging merged: Int,
    in net: inout ArchitectureBuilder,
    _ convolve: (inout ArchitectureBuilder, Int, ArchitectureBuilder.Output) -> ArchitectureBuilder.Output
  ) -> ArchitectureBuilder.Output {
    func convolutions(_ count: Int, _ width: Int, to source: ArchitectureBuilder.Output) -> ArchitectureBuilder.Output {
      (0..<count).reduce(source) { last, _ in convolve(&net, width, last) }
    }
    var last = image
    var across: [ArchitectureBuilder.Output] = []
    for (level, width) in filters.enumerated() {
      if level > 0 { last = net.add(MaxPooling2D(), to: last) }
      last = convolutions(2, width, to: last)
      across.append(last)
    }
    for (width, image) in zip(filters, across).dropLast().reversed() {
      last = net.add(UpSampling2D(), to: convolutions(1, width, to: last))
      last = convolutions(merged, width, to: net.add(Add(), to: last, image))
    }
    return last
  }

  private static func pad(
    _ image: ArchitectureBuilder.Output, by margins: Margins, in net: inout ArchitectureBuilder
  ) -> ArchitectureBuilder.Output {
    margins == Margins() ? image : net.add(ZeroPadding2D(margins), to: image)
  }

  private static func crop(
    _ image: ArchitectureBuilder.Output, by margins: Margins, in net: inout ArchitectureBuilder
  ) {
    if margins != Margins() { net.add(Cropping2D(margins), to: image) }
  }

  /// What makes both sides a multiple of 2^(levels − 1).
  private static func margins(of input: ImageSet.Shape, levels: Int) -> Margins {
    let unit = 1 << (levels - 1)
    return Margins(
      bottom: (unit - input.height % unit) % unit, right: (unit - input.width % unit) % unit)
  }

  /// Half the size, rounded up.
  static func pooling(_ height: Int, _ width: Int) -> MaxPooling2D {
    MaxPooling2D(padding: height % 2 == 0 && width % 2 == 0 ? .valid : .same)
  }
}

// MARK: - Denoising

extension Presets {
  static let denoiserName = "denoiser"

  /// Gaussian noise of a standard deviation from 0 to 55 levels removed from photographs, grey or coloured, of any size.
  static func denoiserPlan(for data: DataDescription) -> TrainingPlan {
    var plan = TrainingPlan(
      architecture: residualUNet(name: denoiserName, input: data.shape, filters: [32, 64, 96]),
      loss: .meanSquaredError, recipe: .denoising)
    (plan.distorting, plan.schedule, plan.patience) = (.eachEpoch, .cosine, nil)
    (plan.epochs, plan.batchSize, plan.hasPaper) = (100, 16, false)
    return plan
  }

  /// A U-Net without normalization that answers with what is to be added to its input, as DnCNN does (Zhang and others
  /// 2017): what is clean already passes.
  public static func residualUNet(name: String, input: ImageSet.Shape, filters: [Int]) -> Architecture {
    Architecture(name: name, input: input.extents) { net in
      let margins = margins(of: input, levels: filters.count)
      let image = pad(net.input, by: margins, in: &net)
      let last = levels(filters, on: image, afterMerging: 2, in: &net) { net, width, source in
        net.add(Convolution2D(filters: width, padding: .same, activation: .relu), to: source)
      }
      let change = net.add(Convolution2D(filters: input.channels, padding: .same), to: last)
      crop(net.add(Add(), to: change, image), by: margins, in: &net)
    }
  }
}
