import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Safetensors
import Support

/// A model as a file: one trained network, or two that work one behind the other. `Documentation/Files.md` describes it.
public struct Model: Equatable, Sendable {
  /// What it is called in files and errors.
  public var name: String
  /// The network that recognizes orientations, where there is one.
  package private(set) var orientation: Checkpoint?
  /// The network that draws, or reads; nil for a model that only turns images.
  package private(set) var restoration: Checkpoint?

  /// In the order in which an image comes through them.
  package var parts: [Checkpoint] { [orientation, restoration].compactMap { $0 } }
  package var plans: [TrainingPlan] { parts.map(\.plan) }

  /// A model of one part.
  package init(_ checkpoint: Checkpoint) {
    name = checkpoint.architecture.name
    if checkpoint.plan.task == .orientation { orientation = checkpoint } else { restoration = checkpoint }
  }

  /// A model of two, each trained alone: one that recognizes orientations, and one that restores upright images.
  ///
  /// - Throws: `UsageError` where the parts were not trained for that, or take images of different size.
  public init(name: String, orientation: Model, restoration: Model) throws {
    guard let first = orientation.orientation, let second = restoration.restoration else {
      throw UsageError(
        "\(name) is made of \(orientation.name) and \(restoration.name)",
        remedy: "Name a model that recognizes orientations, and one that restores upright images.")
    }
    try self.init(name: name, orientation: first, restoration: second)
  }

  /// A model of two.
  ///
  /// - Throws: `UsageError` where the parts were not trained for that, or take images of different size.
  package init(name: String, orientation: Checkpoint, restoration: Checkpoint) throws {
    guard orientation.plan.task == .orientation, restoration.plan.task == .uprightRestoration,
      orientation.architecture.input == restoration.architecture.input
    else {
      throw UsageError(
        "\(name) is made of \(orientation.architecture.name) and \(restoration.architecture.name)",
        remedy:
          "Its parts are a network that recognizes orientations and one that restores upright images, both for images of one size."
      )
    }
    (self.name, self.orientation, self.restoration) = (name, orientation, restoration)
  }

  /// A model of one part or of two, the one that recognizes orientations first; throws what the others do.
  package init(parts: [Checkpoint], name: String) throws {
    if parts.count == 1 {
      self.init(parts[0])
    } else {
      try self.init(name: name, orientation: parts[0], restoration: parts[1])
    }
  }

  /// The same without the paths of the machine that trained it: of each path the last name stays.
  package func withoutPaths() -> Model {
    func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    func stripped(_ checkpoint: Checkpoint) -> Checkpoint {
      var checkpoint = checkpoint
      if let origin = checkpoint.plan.origin {
        checkpoint.plan.origin?.dataset = lastName(origin.dataset)
        checkpoint.plan.origin?.damaged = origin.damaged.map(lastName)
      }
      if let source = checkpoint.plan.data?.source { checkpoint.plan.data?.source = lastName(source) }
      return checkpoint
    }
    var model = self
    (model.orientation, model.restoration) = (orientation.map(stripped), restoration.map(stripped))
    return model
  }

  /// What images must be like; nil for a network that takes no images.
  var shape: ImageSet.Shape? { parts.first?.architecture.imageShape }

  /// Whether images may have any height and width: those of one fully convolutional network that restores.
  package var takesAnySize: Bool {
    guard parts.count == 1, parts[0].plan.task == .restoration else { return false }
    return parts[0].architecture.receptiveField != nil
  }

  /// Whether its images are writing, 0 for paper and 255 for ink, and not photographs.
  package var hasPaper: Bool { parts.allSatisfy(\.plan.hasPaper) }

  /// - Parameter verb: what the model does with images, for the error.
  /// - Throws: `UsageError` when the images' size is not the model's.
  package func check(_ set: ImageSet, verb: String) throws {
    guard set.shape != shape else { return }
    if takesAnySize, set.shape.channels == shape?.channels { return }
    let input = parts.first?.architecture.input ?? []
    throw UsageError(
      "\(name) \(verb) images of \(input.map(String.init).joined(separator: "×")), and \(set.name) has \(set.shape)",
      remedy: set.shape.remedy(toBecome: shape))
  }
}

extension Architecture {
  /// Those that its images can have, in the order of an orientation network's outputs.
  package var orientations: [Orientation] { imageShape.map(Orientation.all) ?? Orientation.allCases }

  /// The images that it takes; nil where it takes none.
  package var imageShape: ImageSet.Shape? {
    guard input.count == 3, input[2] == 1 || input[2] == 3 else { return nil }
    return ImageSet.Shape(height: input[0], width: input[1], channels: input[2])
  }
}
