import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Safetensors
import Support

/// A restoration part that learns to be read: the model's orientation part, trained before, looks at what it draws.
extension Trainer {
  /// What is asked of each training image: that it be read as upright, and as its label.
  struct ReadingTask {
    let classifier: FrozenClassifier
    /// By the image's number, the outputs that are right.
    let answers: [Range<Int>]
  }

  /// Trains so that this orientation part reads the right labels in what the network draws, as much as the plan's
  /// `readingWeight` says.
  ///
  /// - Throws: `DataError` where an image has no label that the part knows, `UsageError` for another kind of part.
  public func read(by checkpoint: Checkpoint) throws {
    let orientation = checkpoint.plan
    guard orientation.task == .orientation, checkpoint.architecture.input == plan.architecture.input else {
      throw UsageError(
        "\(checkpoint.architecture.name) reads no images of \(plan.architecture.name)",
        remedy: "Name the orientation part of the same model.")
    }
    let classes = orientation.classes
    let images = training.images.clean[0]
    let labels = orientation.labelsPerOrientation > 1 ? try images.relabeled(by: classes).labels(within: classes.count) : nil
    let upright = checkpoint.architecture.orientations.firstIndex(of: .upright) ?? 0
    let (perLabel, perOrientation) = (orientation.damages, orientation.labelsPerOrientation * orientation.damages)
    let answers = (0..<images.count).map { image in
      let first = upright * perOrientation
      guard let label = labels?[image] else { return first..<first + perOrientation }
      return first + label * perLabel..<first + (label + 1) * perLabel
    }
    reading = ReadingTask(
      classifier: FrozenClassifier(try checkpoint.network(batchSize: plan.batchSize)), answers: answers)
  }

  /// For the images of these numbers; nil where nothing is to be read.
  func reading(of numbers: ArraySlice<Int>) -> Program.Reading? {
    reading.map { task in
      Program.Reading(
        by: task.classifier, answers: numbers.map { task.answers[$0] }, weight: Float(plan.readingWeight))
    }
  }
}

extension Collective {
  /// A file of the first rank's as a checkpoint, on all.
  package func checkpointFromFirst(_ path: String) throws -> Checkpoint {
    let bytes = try fromFirst { Data(try Folder.read(path)) }
    return try together { try Checkpoint(only: TensorFile(bytes: [UInt8](bytes), file: path), path: path) }
  }
}
