import Distortions
import NeuralNetworks
import Support

/// Models by name, the report's and our own, each with the settings that it is trained by.
public enum Presets {
  /// Names that `modelPlan(named:)` and `plan(named:)` know, as patterns to show people.
  public static let names = [
    "tiddu-small", "tiddu-best", "report-final", "report-dense-L-n-LOSS", "report-conv-L-n-LOSS", "report-classifier",
  ]

  /// A plan with the report's settings: `report-final`, `report-dense-3-64-mse`, `report-conv-2-32-bce`, or
  /// `report-classifier`, the network that says the classifier's accuracy after restoration.
  ///
  /// - Parameters:
  ///   - bottleneck: replaces the preset's number of neurons there.
  ///   - regularizer: penalties of a dense model's layers.
  /// - Throws: `UsageError` naming the presets.
  public static func plan(named name: String, bottleneck: Int? = nil, regularizer: Regularizer = .none) throws
    -> TrainingPlan
  {
    if let bottleneck, !(1...1 << 16).contains(bottleneck) {
      throw UsageError("a bottleneck of \(bottleneck)", remedy: "Choose a number of neurons from 1 to 65536.")
    }
    if modelNames.contains(name) {
      throw UsageError(
        "\(name) is a model of two parts", remedy: "Name one of them: \(name)-orientation or \(name)-restoration.")
    }
    if let plan = name == "report-classifier" ? classifierPlan(name: name) : partPlan(named: name) {
      guard bottleneck == nil, regularizer == .none else {
        throw UsageError(
          "\(name) has no bottleneck and no penalties", remedy: "Leave out --bottleneck, --l1 and --l2.")
      }
      return plan
    }
    let (architecture, loss) = try autoencoder(named: name, bottleneck: bottleneck, regularizer: regularizer)
    return TrainingPlan(architecture: architecture, loss: loss, recipe: .reportMultiple)
  }

  /// The architecture and the loss of such a plan.
  public static func architecture(named name: String, bottleneck: Int? = nil) throws -> (Architecture, Loss) {
    let plan = try plan(named: name, bottleneck: bottleneck)
    return (plan.architecture, plan.loss)
  }

  private static func autoencoder(named name: String, bottleneck: Int?, regularizer: Regularizer) throws -> (
    Architecture, Loss
  ) {
    if name == "report-final" {
      let architecture = dense(name: name, layers: 3, bottleneck: bottleneck ?? 64, regularizer: regularizer)
      return (architecture, .binaryCrossEntropy)
    }
    let words = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    if words.count == 5, words[0] == "report", let layers = Int(words[2]), let neurons = Int(words[3]),
      let loss = Loss(rawValue: words[4]), loss.target == .image
    {
      let neurons = bottleneck ?? neurons
      if words[1] == "dense", (2...16).contains(layers), (1...1 << 16).contains(neurons) {
        return (dense(name: name, layers: layers, bottleneck: neurons, regularizer: regularizer), loss)
      }
      if regularizer == .none, words[1] == "conv", (1...8).contains(layers), (1...1 << 12).contains(neurons) {
        return (convolutional(name: name, layers: layers, filters: neurons), loss)
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
  /// The dense autoencoder of L hidden layers and a bottleneck of n neurons: 784–512–512–(L−2)×256–n–784.
  public static func dense(name: String, layers: Int, bottleneck: Int, regularizer: Regularizer = .none)
    -> Architecture
  {
    let hidden = [512, 512] + [Int](repeating: 256, count: max(0, layers - 2)) + [bottleneck]
    let stack: [any Layer] =
      [Flatten()]
      + hidden.map { Dense(units: $0, activation: .relu, regularizer: regularizer) }
      + [Dense(units: 784, activation: .sigmoid, regularizer: regularizer), Reshape([28, 28, 1])]
    return Architecture(name: name, input: [28, 28, 1], layers: stack)
  }

  /// The convolutional autoencoder of L layers of n filters on each side. Its waist is a softmax over 784 values, as the
  /// report's is: they have to share one unit of ink among them.
  public static func convolutional(name: String, layers: Int, filters: Int) -> Architecture {
    let down: [any Layer] = (0..<layers).flatMap { _ -> [any Layer] in
      [
        Convolution2D(filters: filters, padding: .same, activation: .relu),
        MaxPooling2D(poolSize: 2, padding: .same),
      ]
    }
    let waist: [any Layer] = [Flatten(), Dense(units: 784, activation: .softmax), Reshape([28, 28, 1])]
    let up: [any Layer] = (0..<layers).flatMap { _ -> [any Layer] in
      [TransposedConvolution2D(filters: filters, padding: .same, activation: .relu), BatchNormalization()]
    }
    let end = Convolution2D(filters: 1, padding: .same, activation: .sigmoid)
    return Architecture(name: name, input: [28, 28, 1], layers: down + waist + up + [end])
  }

  /// The report's evaluation network: which of ten digits an image shows.
  ///
  /// - Parameter filters: of each convolution; the report has 128.
  public static func classifier(name: String, filters: Int = 128) -> Architecture {
    let convolution = Convolution2D(filters: filters, activation: .relu)
    return Architecture(
      name: name, input: [28, 28, 1],
      layers: [
        convolution, convolution, MaxPooling2D(), Dropout(rate: 0.2), convolution, MaxPooling2D(), Dropout(rate: 0.2),
        Flatten(), Dense(units: 512, activation: .relu), Dense(units: 10, activation: .softmax),
      ])
  }

  /// At most 5 epochs on undistorted images, ended early by the loss on other writers' images (the part dig).
  private static func classifierPlan(name: String) -> TrainingPlan {
    var plan = TrainingPlan(
      architecture: classifier(name: name), loss: .categoricalCrossEntropy, recipe: .identity)
    (plan.epochs, plan.patience, plan.validation) = (5, 3, .set("dig"))
    return plan
  }
}
