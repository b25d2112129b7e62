import Distortions
import Foundation
import Groundwork
import ImageSets
import NeuralNetworks
import Safetensors

/// A model as a file: one trained network, or two that work one behind the other. `Documentation/Files.md` describes it.
public struct Model: Equatable, Sendable {
  public var name: String
  /// The network that says which way pictures lie, where there is one.
  public private(set) var orientation: Checkpoint?
  /// The network that draws, or reads; nil for a model that only turns pictures.
  public private(set) var redrawing: Checkpoint?

  /// In the order in which a picture comes through them.
  public var parts: [Checkpoint] { [orientation, redrawing].compactMap { $0 } }
  public var plans: [TrainingPlan] { parts.map(\.plan) }

  /// A model of one part.
  public init(_ checkpoint: Checkpoint) {
    name = checkpoint.architecture.name
    if checkpoint.plan.task == .orientation { orientation = checkpoint } else { redrawing = checkpoint }
  }

  /// A model of two.
  ///
  /// - Throws: `UsageError` where the parts were not trained for that, or take pictures of different size.
  public init(name: String, orientation: Checkpoint, redrawing: Checkpoint) throws {
    guard orientation.plan.task == .orientation, redrawing.plan.task == .redrawing,
      orientation.architecture.input == redrawing.architecture.input
    else {
      throw UsageError(
        "\(name) is made of \(orientation.architecture.name) and \(redrawing.architecture.name)",
        remedy: "Its parts are a network that finds orientations and one that redraws, both for pictures of one size.")
    }
    (self.name, self.orientation, self.redrawing) = (name, orientation, redrawing)
  }

  /// What pictures must be like; nil for a network that takes no pictures.
  var shape: ImageSet.Shape? { parts.first?.architecture.pictureShape }

  /// - Parameter verb: what the model does with pictures, for the error.
  /// - Throws: `UsageError` when the pictures' size is not the model's.
  func check(_ set: ImageSet, verb: String) throws {
    guard set.shape != shape else { return }
    let input = parts.first?.architecture.input ?? []
    throw UsageError(
      "\(name) \(verb) pictures of \(input.map(String.init).joined(separator: "×")), and \(set.name) has \(set.shape)",
      remedy: set.shape.remedy(toBecome: shape))
  }
}

extension Architecture {
  /// The pictures that it takes; nil where it takes none.
  var pictureShape: ImageSet.Shape? {
    guard input.count == 3, input[2] == 1 || input[2] == 3 else { return nil }
    return ImageSet.Shape(height: input[0], width: input[1], channels: input[2])
  }
}
