import Distortions
import ImageSets
import NeuralNetworks
import Support

/// Models of our own: a network that recognizes an image's orientation, and one that restores it once it is upright.
extension Presets {
  /// Names that `modelPlan(named:)` knows. Each part has a preset of its own, "tiddu-small-orientation" and
  /// "tiddu-small-restoration".
  package static let modelNames = Size.allCases.map(\.rawValue)

  /// How a model of two parts is trained on such data; nil for a name of none.
  ///
  /// - Throws: `UsageError` where it takes no such images.
  package static func modelPlan(named name: String, for data: DataDescription = .kannadaMNIST) throws -> ModelPlan? {
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
        filters: self == .small
          ? [[16, 16], [32, 32], [48, 48]] : [[32, 32], [64, 64], [128, 128], [128, 128]],
        dense: self == .small ? 192 : 256, labels: max(1, data.classes.count) * Damage.allCases.count),
      loss: .categoricalCrossEntropy)
    plan.task = .orientation
    plan.tellsDamage = true
    plan.averagesHalfTurn = self == .best
    plan.setClasses(data.classes)
    plan.syntheticImages = data.isKannadaDigits ? 60_000 : 0
    plan.epochs = self == .small ? 24 : 22
    return plan
  }

  fileprivate func restorationPlan(_ data: DataDescription) -> TrainingPlan {
    var plan = plan(
      data,
      architecture: Presets.uNet(
        name: "\(rawValue)-restoration", input: data.shape, filters: self == .small ? [16, 32, 64] : [32, 64, 128],
        waist: self == .small ? 96 : 192),
      loss: .binaryCrossEntropy)
    plan.task = .uprightRestoration
    plan.epochs = self == .small ? 14 : 10
    return plan
  }

  private func plan(_ data: DataDescription, architecture: Architecture, loss: Loss) -> TrainingPlan {
    var plan = TrainingPlan(architecture: architecture, loss: loss, recipe: .tidduTraining)
    (plan.distorting, plan.schedule, plan.patience) = (.eachEpoch, .cosine, nil)
    plan.variation = data.hasPaper ? .hands : nil
    plan.hasPaper = data.hasPaper
    return plan
  }
}

// MARK: - The reader

extension Presets {
  static let readerName = "tiddu-reader"

  /// A classifier for clean and corrected images by hands that it has not seen: trained on varied and now and then damaged
  /// ones, and on as many synthetic digits where those are of the same kind.
  static func readerPlan(for data: DataDescription) throws -> TrainingPlan {
    try checkClasses(of: data, suit: readerName)
    var plan = TrainingPlan(
      architecture: readingNetwork(
        name: readerName, input: data.shape, filters: [32, 64, 128], dense: 96, classes: data.classes.count),
      loss: .categoricalCrossEntropy, recipe: .tidduReading)
    (plan.distorting, plan.schedule, plan.patience, plan.epochs) = (.eachEpoch, .cosine, nil, 14)
    plan.variation = data.hasPaper ? .strangeHands : nil
    plan.syntheticImages = data.isKannadaDigits ? 60_000 : 0
    plan.setClasses(data.classes)
    plan.hasPaper = data.hasPaper
    return plan
  }

  /// Pairs of convolutions with batch normalization in levels of half the size each, then two dense layers.
  package static func readingNetwork(
    name: String, input: ImageSet.Shape, filters: [Int], dense: Int, classes: Int
  ) -> Architecture {
    var stack: [any Layer] = []
    var (height, width, level) = (input.height, input.width, 0)
    while level < filters.count || max(height, width) > 8 {
      if level > 0 {
        stack += [pooling(height, width), Dropout(rate: 0.1)]
        (height, width) = ((height + 1) / 2, (width + 1) / 2)
      }
      for _ in 0..<2 {
        stack += [
          Convolution2D(filters: filters[min(level, filters.count - 1)], padding: .same), BatchNormalization(),
          ActivationLayer(.relu),
        ]
      }
      level += 1
    }
    stack += [
      Flatten(), Dropout(rate: 0.3), Dense(units: dense, activation: .relu), Dropout(rate: 0.3),
      Dense(units: classes, activation: .softmax),
    ]
    return Architecture(name: name, input: input.extents, layers: stack)
  }
}

// MARK: - Architectures

extension Presets {
  /// Which orientation an image has, which label and which damage, at once: pairs of convolutions in levels of
  /// half the size each, then two dense layers. Images larger than 32 pixels have more levels, as wide as the last, until 8 pixels are left.
  ///
  /// - Parameter labels: outputs of each orientation; 1 for a network that tells nothing else.
  package static func orientationNetwork(
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
  ///
  /// Where the image is smallest, a dense autoencoder with `waist` neurons is added to it, so that every pixel knows of the
  /// whole image: what a wide hole hides depends on all that is around it. (Not in images so large that this would be most
  /// of the network.)
  package static func uNet(name: String, input: ImageSet.Shape, filters: [Int], waist: Int) -> Architecture {
    Architecture(name: name, input: input.extents) { net in
      let margins = margins(of: input, levels: filters.count)
      let image = pad(net.input, by: margins, in: &net)
      func convolve(_ net: inout ArchitectureBuilder, _ width: Int, _ source: ArchitectureBuilder.Output)
        -> ArchitectureBuilder.Output
      {
        let convolved = net.add(Convolution2D(filters: width, padding: .same), to: source)
        return net.add(ActivationLayer(.relu), to: net.add(BatchNormalization(), to: convolved))
      }
      let unit = 1 << (filters.count - 1)
      let smallest = ImageSet.Shape(
        height: (input.height + unit - 1) / unit, width: (input.width + unit - 1) / unit, channels: waistChannels)
      var last = levels(filters, on: image, afterMerging: 1, in: &net, convolve) { net, deepest in
        guard smallest.size <= 4096 else { return deepest }
        var code = net.add(Convolution2D(filters: waistChannels, kernelSize: 1, activation: .relu), to: deepest)
        code = net.add(Dense(units: waist, activation: .relu), to: net.add(Flatten(), to: code))
        code = net.add(Dense(units: smallest.size, activation: .relu), to: code)
        code = net.add(Reshape(smallest.extents), to: code)
        let whole = net.add(Convolution2D(filters: filters[filters.count - 1], kernelSize: 1), to: code)
        return net.add(Add(), to: deepest, whole)
      }
      last = net.add(Convolution2D(filters: input.channels, padding: .same, activation: .sigmoid), to: last)
      crop(last, by: margins, in: &net)
    }
  }

  /// Channels in which the smallest image goes through the waist.
  private static let waistChannels = 16

  /// Down level by level, two convolutions each, and up again, each level's image added to what comes up to it.
  ///
  /// - Parameters:
  ///   - merged: convolutions behind each addition.
  ///   - convolve: adds one convolution of a width with what belongs to it.
  ///   - widen: adds what belongs to the smallest image.
  private static func levels(
    _ filters: [Int], on image: ArchitectureBuilder.Output, afterMerging merged: Int,
    in net: inout ArchitectureBuilder,
    _ convolve: (inout ArchitectureBuilder, Int, ArchitectureBuilder.Output) -> ArchitectureBuilder.Output,
    atTheBottom widen: (inout ArchitectureBuilder, ArchitectureBuilder.Output) -> ArchitectureBuilder.Output = { $1 }
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
    last = widen(&net, last)
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
  package static func residualUNet(name: String, input: ImageSet.Shape, filters: [Int]) -> Architecture {
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
