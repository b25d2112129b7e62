import Figures
import ImageSets
import Interchange
import Restoration
import Support

/// Tells TensorBoard of a run while it is trained: a point of each curve an epoch, and a picture of the same images.
final class TrainingBoard {
  private let log: TensorBoardLog
  private let plan: TrainingPlan
  private static let images = 10

  /// Begins to write into the folder, which TensorBoard takes for one run.
  init(_ folder: String, _ trainer: Trainer) throws {
    plan = trainer.plan
    log = try TensorBoardLog(in: folder)
    var metrics = ["loss/train", "\(plan.loss.accuracyName)/train"]
    if plan.validation != .none { metrics += ["loss/validation", "\(plan.loss.accuracyName)/validation"] }
    try log.begin(plan.boardSettings(parameters: trainer.network.parameters.count), metrics: metrics)
  }

  func show(_ event: TrainingEvent, of trainer: Trainer) throws {
    guard case .epoch(let record, let timing, _) = event else { return }
    try log.write(
      record.boardScalars(accuracy: plan.loss.accuracyName) + [("images_per_second", timing.imagesPerSecond)],
      step: record.epoch)
    guard let examples = try trainer.examples(Self.images) else { return }
    let rows = [examples.inputs, examples.outputs, examples.targets]
    let figure = ImageRows(
      rows: rows.map { ImageRows.Row(caption: $0.name, images: $0) },
      caption: "\(plan.architecture.name), epoch \(record.epoch)"
    )
    let png = try figure.rendered(as: .png)
    let picture = try ImageFile.read(png, named: "the picture").images.shape
    try log.write(png: png, width: picture.width, height: picture.height, tag: "images", step: record.epoch)
  }

  func end(isWell: Bool) throws { try log.end(isWell: isWell) }
}

extension EpochRecord {
  /// A point of each curve.
  func boardScalars(accuracy: String) -> [(tag: String, value: Double)] {
    var scalars = [("loss/train", loss), ("\(accuracy)/train", self.accuracy), ("learning_rate", learningRate)]
    if let validationLoss { scalars.append(("loss/validation", validationLoss)) }
    if let validationAccuracy { scalars.append(("\(accuracy)/validation", validationAccuracy)) }
    return scalars.map { (tag: $0.0, value: $0.1) }
  }
}

extension TrainingPlan {
  /// What runs may differ in.
  func boardSettings(parameters: Int) -> [(name: String, value: TensorBoardLog.Setting)] {
    [
      ("model", .text(architecture.name)), ("parameters", .number(Double(parameters))), ("task", .text(task.rawValue)),
      ("loss", .text(loss.rawValue)), ("recipe", .text(recipe.name)), ("distort", .text(distorting.rawValue)),
      ("variation", .text(variation?.name ?? "none")), ("regularizer", .text(regularizerNote ?? "none")),
      ("epochs", .number(Double(epochs))), ("batch_size", .number(Double(batchSize))),
      ("learning_rate", .number(learningRate)), ("schedule", .text(schedule.rawValue)),
      ("synthetic", .number(Double(syntheticImages))), ("seed", .number(Double(seed))),
      ("threads", .number(Double(threads))),
    ]
  }
}
