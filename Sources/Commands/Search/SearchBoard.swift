import ImageSets
import Interchange
import NeuralNetworks
import Restoration
import Search
import Support

/// Tells TensorBoard of a search: each trial is a run below the folder, written once the trial has ended.
struct SearchBoard {
  private let folder: String
  private let study: Study

  init(_ folder: String, _ study: Study) { (self.folder, self.study) = (folder, study) }

  func show(_ event: SearchEvent) throws {
    guard case .ended(let trial, let state, _) = event, state != .paused,
      let result = try study.result(of: trial.number)
    else { return }
    let name = FilePath.name(of: study.runFolder(of: trial.number).path)
    let log = try TensorBoardLog(in: "\(folder)/\(name)")
    let plan = trial.plan
    let metric = study.description.space.metric.rawValue
    try log.begin(
      plan.boardSettings(parameters: Summary(of: plan.architecture).trainableParameters) + [
        ("point", .number(Double(trial.point)))
      ],
      metrics: ["best/\(metric)"])
    for epoch in result.epochs {
      var scalars = epoch.record.boardScalars(accuracy: plan.loss.accuracyName)
      if let rate = epoch.imagesPerSecond { scalars.append(("images_per_second", rate)) }
      try log.write(scalars, step: epoch.epoch)
    }
    if let best = result.best, let value = study.description.space.metric.value(of: best) {
      try log.write([("best/\(metric)", value)], step: best.epoch)
    }
    try log.end(isWell: state == .finished)
  }
}
