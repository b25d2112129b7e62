import CKernels
import Support

/// What training makes small: means over all values of all images, or over images where each has one answer.
package enum Loss: String, Codable, Sendable, CaseIterable {
  /// −mean(t log y + (1 − t) log(1 − y)) of y = sigmoid(z), computed from the logits z.
  case binaryCrossEntropy = "bce"
  /// mean((y − t)²)
  case meanSquaredError = "mse"
  /// −mean(Σ t log y) over images, of y = softmax(z) over the classes, computed from the logits z.
  case categoricalCrossEntropy = "cce"

  /// What an image is to become: another image, or a class, given as 1 among zeros.
  package enum Target: Sendable { case image, label }
  package var target: Target { self == .categoricalCrossEntropy ? .label : .image }

  /// What `LossSums.accuracy` is, in files and tables.
  package var accuracyName: String { target == .label ? "accuracy" : "binary_accuracy" }

  /// Throws a `UsageError` when the network's end does not suit this loss.
  package func validate(_ architecture: Architecture) throws { _ = try head(of: architecture) }

  /// The network whose output this loss takes: a cross-entropy takes logits, so it applies the last function itself.
  func head(of architecture: Architecture) throws -> Architecture {
    let (name, wanted): (String, Activation)
    switch self {
    case .meanSquaredError: return architecture
    case .binaryCrossEntropy: (name, wanted) = ("binary cross-entropy", .sigmoid)
    case .categoricalCrossEntropy: (name, wanted) = ("categorical cross-entropy", .softmax)
    }
    guard architecture.finalActivation == wanted else {
      throw UsageError(
        "\(name) wants a \(wanted.rawValue) at the end of \(architecture.name), not "
          + architecture.finalActivation.rawValue,
        remedy: "Give the last layer a \(wanted.rawValue), or train with another loss.")
    }
    guard try target == .image || architecture.outputShape().count == 1 else {
      throw UsageError(
        "\(name) wants one number a class at the end of \(architecture.name), not \(try architecture.outputShape())",
        remedy: "Put a flatten layer and a dense one at the end.")
    }
    return architecture.deferringFinalActivation()
  }

  var kernel: kernels_loss_kind {
    switch self {
    case .binaryCrossEntropy: KERNELS_BINARY_CROSS_ENTROPY
    case .meanSquaredError: KERNELS_SQUARED_ERROR
    case .categoricalCrossEntropy: KERNELS_CATEGORICAL_CROSS_ENTROPY
    }
  }
}

/// Sums over images, so that batches of different size add up rightly.
package struct LossSums: Codable, Equatable, Sendable {
  /// Of the loss without penalties, over all values.
  package var loss = 0.0
  /// Penalties of the regularizers, each batch's times its images.
  package var penalty = 0.0
  /// Values whose target equals (output > ½) exactly, Keras' binary accuracy; or images whose class was found.
  package var correct = 0
  /// How many values, or where classes are wanted images, `loss` and `correct` are sums over.
  package var values = 0
  package var images = 0

  package init() {}

  package static func += (left: inout LossSums, right: LossSums) {
    left.loss += right.loss
    left.penalty += right.penalty
    left.correct += right.correct
    left.values += right.values
    left.images += right.images
  }

  /// As Keras reports it: the mean over all of them, and the penalties' mean over batches weighted by their size.
  package var meanLoss: Double {
    loss / Double(max(values, 1)) + penalty / Double(max(images, 1))
  }
  /// The part of `meanLoss` that is for large weights and outputs, not for the images; nil where nothing is penalised.
  package var meanPenalty: Double? { penalty == 0 ? nil : penalty / Double(max(images, 1)) }
  /// Share of values or images, 0…1.
  package var accuracy: Double { Double(correct) / Double(max(values, 1)) }
}
