import Distortions
import NeuralNetworks

/// Models of our own: a network that recognizes an image's orientation, and one that restores it once it is upright.
extension Presets {
  /// Names that `modelPlan(named:)` knows. Each part has a preset of its own, "tiddu-small-orientation" and
  /// "tiddu-small-restoration".
  public static let modelNames = Size.allCases.map(\.rawValue)

  /// How a model of two parts is trained; nil for a name of none.
  public static func modelPlan(named name: String) -> ModelPlan? {
    Size(rawValue: name).map { size in
      ModelPlan(name: name, orientation: size.orientationPlan, restoration: size.restorationPlan)
    }
  }

  /// The plan of one part.
  static func partPlan(named name: String) -> TrainingPlan? {
    Size.allCases.lazy.flatMap { [$0.orientationPlan, $0.restorationPlan] }.first { $0.architecture.name == name }
  }

  enum Size: String, CaseIterable {
    /// At most as many parameters as `report-final`, and 20 million multiply-adds an image.
    case small = "tiddu-small"
    case best = "tiddu-best"
  }
}

extension Presets.Size {
  /// Labels are told apart beside orientations: a network that knows the digit knows its orientation better.
  fileprivate var orientationPlan: TrainingPlan {
    var plan = plan(
      architecture: Presets.orientationNetwork(
        name: "\(rawValue)-orientation",
        filters: self == .small ? [[16, 16], [32, 32], [48, 48]] : [[32, 32], [64, 64], [128, 128]],
        dense: self == .small ? 192 : 256, labels: 10),
      loss: .categoricalCrossEntropy)
    plan.recipe = .tidduOrientation
    plan.task = .orientation
    plan.syntheticImages = 60_000
    plan.epochs = self == .small ? 6 : 5
    return plan
  }

  fileprivate var restorationPlan: TrainingPlan {
    var plan = plan(
      architecture: Presets.uNet(
        name: "\(rawValue)-restoration", filters: self == .small ? [16, 32, 64] : [32, 64, 128]),
      loss: .binaryCrossEntropy)
    plan.task = .uprightRestoration
    plan.epochs = 4
    return plan
  }

  private func plan(architecture: Architecture, loss: Loss) -> TrainingPlan {
    var plan = TrainingPlan(architecture: architecture, loss: loss, recipe: .tidduTraining)
    (plan.distorting, plan.schedule, plan.patience) = (.eachEpoch, .cosine, nil)
    return plan
  }
}

// MARK: - Architectures

extension Presets {
  /// Which of the eight orientations an image has, and which label it has, at once: pairs of convolutions in levels
  /// of half the size each, then two dense layers.
  ///
  /// - Parameter labels: how many there are; 1 for a network that looks at none.
  public static func orientationNetwork(name: String, filters: [[Int]], dense: Int, labels: Int) -> Architecture {
    var stack: [any Layer] = []
    for (level, widths) in filters.enumerated() {
      if level > 0 { stack.append(MaxPooling2D()) }
      stack += widths.map { Convolution2D(filters: $0, padding: .same, activation: .relu) }
    }
    stack += [
      Flatten(), Dropout(rate: 0.1), Dense(units: dense, activation: .relu), Dropout(rate: 0.1),
      Dense(units: Orientation.allCases.count * labels, activation: .softmax),
    ]
    return Architecture(name: name, input: [28, 28, 1], layers: stack)
  }

  /// A U-Net (Ronneberger, Fischer and Brox 2015): down to half the size and half again, and up, each level's image
  /// handed across to the level that rebuilds it. It is added there, as in LinkNet (Chaurasia and Culurciello 2017), not
  /// put beside: three fifths of the work.
  public static func uNet(name: String, filters: [Int]) -> Architecture {
    Architecture(name: name, input: [28, 28, 1]) { net in
      func convolutions(_ widths: Int..., to source: ArchitectureBuilder.Output) -> ArchitectureBuilder.Output {
        widths.reduce(source) { last, width in
          let convolved = net.add(Convolution2D(filters: width, padding: .same), to: last)
          return net.add(ActivationLayer(.relu), to: net.add(BatchNormalization(), to: convolved))
        }
      }
      var last = net.input
      var across: [ArchitectureBuilder.Output] = []
      for (level, width) in filters.enumerated() {
        if level > 0 { last = net.add(MaxPooling2D(), to: last) }
        last = convolutions(width, width, to: last)
        across.append(last)
      }
      for (width, image) in zip(filters, across).dropLast().reversed() {
        last = net.add(UpSampling2D(), to: convolutions(width, to: last))
        last = convolutions(width, to: net.add(Add(), to: last, image))
      }
      net.add(Convolution2D(filters: 1, padding: .same, activation: .sigmoid), to: last)
    }
  }
}
