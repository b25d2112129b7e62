import ImageSets
import NeuralNetworks
import Restoration
import Support

extension Reproduction {
  /// The final model, without validation, as the report trained it.
  func trainFinalModel(mark: () throws -> Void) throws -> TrainedModel {
    let portion = settings.scale.final
    return try train(Presets.plan(named: "report-final"), portion, into: finalRun, mark: mark)
  }

  /// The network that reads digits; the part dig says which epoch is the best, or a tenth of its images where there is
  /// no dig.
  func trainClassifier(mark: () throws -> Void) throws -> TrainedModel {
    var plan = try Presets.plan(named: "report-classifier")
    let dig = sets[.dig].flatMap { $0.labels == nil ? nil : $0.some(settings.scale.measured) }
    if dig == nil { plan.validation = .share(0.1) }
    return try train(plan, settings.scale.classifier, validation: dig, into: classifierRun, mark: mark)
  }

  /// A training of its own, or the rest of one that was broken off.
  private func train(
    _ plan: TrainingPlan, _ portion: Scale.Portion, validation: ImageSet? = nil, into run: RunFolder,
    mark: () throws -> Void
  ) throws -> TrainedModel {
    var plan = plan
    plan.epochs = portion.epochs
    plan.seed = settings.seed
    plan.threads = Threads.count
    plan.origin = DataOrigin(dataset: sets.dataset, part: .train, subset: portion.images)
    let isBegun = Folder.kind(of: run.config) == .file
    // Subsets were the first so many when the run was begun, perhaps.
    let old = isBegun ? try run.plan().origin?.first : nil
    let training = old.map(sets.train.prefix) ?? sets.train.some(portion.images)
    let trainer =
      try isBegun
      ? Trainer(resuming: run, training: training, validation: validation)
      : Trainer(plan, training: training, validation: validation, into: run)
    let history = try trainer.run { event in
      try observe(.training(trainer.plan, event))
      if case .epoch = event { try mark() }
    }
    return TrainedModel(
      plan: trainer.plan, epochs: history.records.map(TrainedModel.Epoch.init), bestEpoch: history.best?.epoch ?? 0)
  }
}
