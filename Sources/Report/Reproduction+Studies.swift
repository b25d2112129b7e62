import Distortions
import Evaluation
import Restoration

extension Reproduction {
  /// Half of table 1.
  func grid(_ model: String, _ portion: Scale.Portion, mark: @escaping () throws -> Void) throws -> [GridTrial] {
    let trials = try studies.grid(model, study("grid-\(model)", portion, mark: mark))
    return Table1.rows.compactMap { row in trials.first { $0.point == row.point } }
  }

  /// Models with penalties, all measured on the same held-out images: their own losses hold the penalties, too.
  func searchPenalties(mark: @escaping () throws -> Void) throws -> [PenaltyTrial] {
    let trials = try studies.penalties(study("penalties", settings.scale.regularisation, mark: mark))
    let clean = sets.test.set.subset(settings.scale.penaltiesMeasured)
    let distorted = try Recipe.reportMultiple.compiled(for: clean.shape).apply(to: clean, seed: settings.measuringSeed)
    return try trials.map { trial in
      guard let checkpoint = trial.checkpoint else { return trial }
      let restored = try Restorer(contentsOf: path(checkpoint)).estimate(distorted)
      let metrics = try MetricTable(clean: clean, distorted: distorted, restored: restored).restored
      var measured = trial
      (measured.binaryCrossEntropy, measured.psnr) = (metrics.binaryCrossEntropy, metrics.psnr)
      return measured
    }
  }

  private func study(_ name: String, _ portion: Scale.Portion, mark: @escaping () throws -> Void) -> StudyRequest {
    var before = -1
    return StudyRequest(
      dataset: sets.dataset, training: sets.train.some(portion.images), portion: portion, seed: settings.seed,
      folder: folder, name: "studies/\(name)"
    ) { [observe] done, all, latest in
      try observe(.searching(done: done, of: all, latest: latest))
      if done != before { try mark() }
      before = done
    }
  }
}
