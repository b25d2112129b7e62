import Distortions
import ImageSets
import NeuralNetworks
import Support

/// Models by name, the report's and our own, each with the settings that it is trained by.
package enum Presets {
  /// Names that `modelPlan(named:)` and `plan(named:)` know, as patterns to show people.
  package static let names = [
    "tiddu-small", "tiddu-best", readerName, "report-final", "report-dense-L-n-LOSS", "report-conv-L-n-LOSS",
    "report-classifier",
    "denoiser",
  ]

  /// A plan with the report's settings: `report-final`, `report-dense-3-64-mse`, `report-conv-2-32-bce`, or
  /// `report-classifier`, the network that says the classifier's accuracy after restoration.
  ///
  /// A preset is a rule: the architecture is made for the images' shape and the number of their classes.
  ///
  /// - Parameters:
  ///   - data: what it is to be trained on; by default what the report's data are.
  ///   - bottleneck: replaces the preset's number of neurons there.
  ///   - regularizer: penalties of a dense model's layers.
  /// - Throws: `UsageError` naming the presets, or for images that the preset does not take.
  package static func plan(
    named name: String, for data: DataDescription = .kannadaMNIST, bottleneck: Int? = nil,
    regularizer: Regularizer = .none
  ) throws -> TrainingPlan {
    try check(data, suits: name)
    if let bottleneck, !(1...1 << 16).contains(bottleneck) {
      throw UsageError("a bottleneck of \(bottleneck)", remedy: "Choose a number of neurons from 1 to 65536.")
    }
    if modelNames.contains(name) {
      throw UsageError(
        "\(name) is a model of two parts", remedy: "Name one of them: \(name)-orientation or \(name)-restoration.")
    }
    if let plan = try otherPlan(named: name, for: data) {
      guard bottleneck == nil, regularizer == .none else {
        throw UsageError(
          "\(name) has no bottleneck and no penalties", remedy: "Leave out --bottleneck, --l1 and --l2.")
      }
      return plan
    }
    let (architecture, loss) = try autoencoder(named: name, for: data, bottleneck, regularizer)
    var plan = TrainingPlan(architecture: architecture, loss: loss, recipe: .reportMultiple)
    plan.hasPaper = data.hasPaper
    return plan
  }

  /// Of those that have neither a bottleneck nor penalties.
  private static func otherPlan(named name: String, for data: DataDescription) throws -> TrainingPlan? {
    switch name {
    case "report-classifier": try classifierPlan(name: name, for: data)
    case readerName: try readerPlan(for: data)
    case denoiserName: denoiserPlan(for: data)
    default: partPlan(named: name, for: data)
    }
  }

  /// The shortest side that images may have.
  private static let shortestSide = 4

  static func check(_ data: DataDescription, suits name: String) throws(UsageError) {
    guard min(data.shape.height, data.shape.width) >= shortestSide else {
      throw UsageError(
        "images of \(data.shape) are too small for \(name)",
        remedy: "Give images of at least \(shortestSide)×\(shortestSide) pixels.")
    }
    guard data.classes.count <= 1000 else {
      throw UsageError(
        "\(data.classes.count) classes are too many for \(name)", remedy: "Give images of at most 1000 classes.")
    }
  }

  /// The architecture and the loss of such a plan.
  package static func architecture(
    named name: String, for data: DataDescription = .kannadaMNIST, bottleneck: Int? = nil
  ) throws -> (Architecture, Loss) {
    let plan = try plan(named: name, for: data, bottleneck: bottleneck)
    return (plan.architecture, plan.loss)
  }

  private static func autoencoder(
    named name: String, for data: DataDescription, _ bottleneck: Int?, _ regularizer: Regularizer
  ) throws -> (Architecture, Loss) {
    if name == "report-final" {
      let architecture = dense(
        name: name, input: data.shape, layers: 3, bottleneck: bottleneck ?? 64, regularizer: regularizer)
      return (architecture, .binaryCrossEntropy)
    }
    let words = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    if words.count == 5, words[0] == "report", let layers = Int(words[2]), let neurons = Int(words[3]),
      let loss = Loss(rawValue: words[4]), loss.target == .image
    {
      let neurons = bottleneck ?? neurons
      if words[1] == "dense", (2...16).contains(layers), (1...1 << 16).contains(neurons) {
        let architecture = dense(
          name: name, input: data.shape, layers: layers, bottleneck: neurons, regularizer: regularizer)
        return (architecture, loss)
      }
      if regularizer == .none, words[1] == "conv", (1...8).contains(layers), (1...1 << 12).contains(neurons) {
        return (convolutional(name: name, input: data.shape, layers: layers, filters: neurons), loss)
      }
    }
    throw UsageError(
      regularizer == .none ? "there is no preset \"\(name)\"" : "there is no dense preset \"\(name)\" to penalise",
      remedy: "Choose one of \(names.joined(separator: ", ")), with L from 2 to 16 layers (conv: 1 to 8), n neurons or "
        + "filters, and bce or mse.")
  }
}

// MARK: - Architectures

extension Presets {
  /// The dense autoencoder of L hidden layers and a bottleneck of n neurons: V–512–512–(L−2)×256–n–V, where V is the
  /// number of an image's values, the report's 784.
  package static func dense(
    name: String, input: ImageSet.Shape, layers: Int, bottleneck: Int, regularizer: Regularizer = .none
  ) -> Architecture {
    let hidden = [512, 512] + [Int](repeating: 256, count: max(0, layers - 2)) + [bottleneck]
    let stack: [any Layer] =
      [Flatten()]
      + hidden.map { Dense(units: $0, activation: .relu, regularizer: regularizer) }
      + [Dense(units: input.size, activation: .sigmoid, regularizer: regularizer), Reshape(input.extents)]
    return Architecture(name: name, input: input.extents, layers: stack)
  }

  /// The convolutional autoencoder of L layers of n filters on each side. Its waist is a softmax over all values of an
  /// image, as the report's is over 784: they have to share one unit of ink among them.
  package static func convolutional(name: String, input: ImageSet.Shape, layers: Int, filters: Int) -> Architecture {
    let down: [any Layer] = (0..<layers).flatMap { _ -> [any Layer] in
      [
        Convolution2D(filters: filters, padding: .same, activation: .relu),
        MaxPooling2D(poolSize: 2, padding: .same),
      ]
    }
    let waist: [any Layer] = [Flatten(), Dense(units: input.size, activation: .softmax), Reshape(input.extents)]
    let up: [any Layer] = (0..<layers).flatMap { _ -> [any Layer] in
      [TransposedConvolution2D(filters: filters, padding: .same, activation: .relu), BatchNormalization()]
    }
    let end = Convolution2D(filters: input.channels, padding: .same, activation: .sigmoid)
    return Architecture(name: name, input: input.extents, layers: down + waist + up + [end])
  }

  /// The report's evaluation network: which class an image shows.
  ///
  /// - Parameter filters: of each convolution; the report has 128.
  package static func classifier(
    name: String, input: ImageSet.Shape = SyntheticDigits.shape, classes: Int = 10, filters: Int = 128
  ) -> Architecture {
    let convolution = Convolution2D(filters: filters, activation: .relu)
    let (height, width) = (input.height - 4, input.width - 4)
    return Architecture(
      name: name, input: input.extents,
      layers: [
        convolution, convolution, pooling(height, width), Dropout(rate: 0.2), convolution,
        pooling((height + 1) / 2 - 2, (width + 1) / 2 - 2), Dropout(rate: 0.2),
        Flatten(), Dense(units: 512, activation: .relu), Dense(units: classes, activation: .softmax),
      ])
  }

  static func checkClasses(of data: DataDescription, suit name: String) throws(UsageError) {
    guard data.classes.count >= 2 else {
      throw UsageError(
        data.classes.isEmpty ? "images without labels for \(name)" : "one class alone for \(name)",
        remedy: "Give images with labels of at least two classes, such as one sub-folder for each.")
    }
  }

  /// At most 5 epochs on undistorted images, ended early by the loss on other writers' images (the part dig); where there
  /// is no such part, on a share of those that are trained on.
  private static func classifierPlan(name: String, for data: DataDescription) throws -> TrainingPlan {
    try checkClasses(of: data, suit: name)
    var plan = TrainingPlan(
      architecture: classifier(name: name, input: data.shape, classes: data.classes.count),
      loss: .categoricalCrossEntropy, recipe: .identity)
    (plan.epochs, plan.patience, plan.validation) = (5, 3, data.hasDig ? .set("dig") : .share(0.1))
    plan.setClasses(data.classes)
    plan.hasPaper = data.hasPaper
    return plan
  }
}

extension ImageSet.Shape {
  /// (H, W, C)
  package var extents: [Int] { [height, width, channels] }
}
