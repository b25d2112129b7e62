import CKernels
import Groundwork

/// What training makes small. Both are means over all values of all pictures.
public enum Loss: String, Codable, Sendable, CaseIterable {
  /// −mean(t log y + (1 − t) log(1 − y)) of y = sigmoid(z), computed from the logits z.
  case binaryCrossEntropy = "bce"
  /// mean((y − t)²)
  case meanSquaredError = "mse"

  /// Throws a `UsageError` when the network's end does not suit this loss.
  public func validate(_ architecture: Architecture) throws { _ = try head(of: architecture) }

  /// The network whose output this loss takes: cross-entropy takes logits, so it applies the final sigmoid itself.
  func head(of architecture: Architecture) throws -> Architecture {
    switch self {
    case .meanSquaredError: return architecture
    case .binaryCrossEntropy:
      guard architecture.finalActivation == .sigmoid else {
        throw UsageError(
          "binary cross-entropy wants a sigmoid at the end of \(architecture.name), not "
            + architecture.finalActivation.rawValue,
          remedy: "Give the last layer a sigmoid, or train with the loss mse.")
      }
      return architecture.deferringFinalActivation()
    }
  }

  var kernel: kernels_loss_kind {
    switch self {
    case .binaryCrossEntropy: KERNELS_BINARY_CROSS_ENTROPY
    case .meanSquaredError: KERNELS_SQUARED_ERROR
    }
  }
}

/// Sums over pictures, so that batches of different size add up rightly.
public struct LossSums: Equatable, Sendable {
  /// Of the loss without penalties, over all values.
  public var loss = 0.0
  /// Penalties of the regularizers, each batch's times its pictures.
  public var penalty = 0.0
  /// Values whose target equals (output > ½) exactly: Keras' binary accuracy.
  public var correct = 0
  /// How many values `loss` and `correct` are sums over.
  public var values = 0
  public var pictures = 0

  public init() {}

  public static func += (left: inout LossSums, right: LossSums) {
    left.loss += right.loss
    left.penalty += right.penalty
    left.correct += right.correct
    left.values += right.values
    left.pictures += right.pictures
  }

  /// As Keras reports it: the mean over all values, and the penalties' mean over batches weighted by their size.
  public var meanLoss: Double {
    loss / Double(max(values, 1)) + penalty / Double(max(pictures, 1))
  }
  /// Share of values, 0…1.
  public var binaryAccuracy: Double { Double(correct) / Double(max(values, 1)) }
}
