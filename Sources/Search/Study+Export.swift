import Foundation
import Support

extension Study {
  /// A line a trial, with its figures at its best and its last epoch; or with `epochs`, a line an epoch. (RFC 4180)
  package func csv(epochs: Bool = false) throws -> String {
    let results = try results()
    let settings = [
      "trial", "point", "seed", "model", "loss_function", "regularizer", "learning_rate", "batch_size", "recipe",
    ]
    func fields(_ trial: Trial) -> [String] {
      [
        "\(trial.number)", "\(trial.point)", "\(trial.seed)", trial.model, trial.loss, trial.regularizer,
        "\(trial.learningRate)", "\(trial.batchSize)", trial.recipe,
      ]
    }
    let metrics = Metric.allCases
    var lines: [[String]] = []
    if epochs {
      lines.append(settings + ["epoch"] + metrics.map(\.rawValue) + ["seconds"])
      for result in results {
        for epoch in result.epochs {
          lines.append(
            fields(result.trial) + ["\(epoch.epoch)"] + metrics.map { text($0.value(of: epoch.record)) }
              + [text(epoch.seconds)])
        }
      }
    } else {
      lines.append(
        settings + ["state", "reason", "epochs", "best_epoch"] + metrics.map(\.rawValue)
          + metrics.map { "last_\($0.rawValue)" } + ["seconds"])
      for result in results {
        lines.append(
          fields(result.trial) + [result.trial.state.rawValue, result.trial.reason ?? "", "\(result.epochs.count)"]
            + [result.best.map { "\($0.epoch)" } ?? ""] + metrics.map { text(result.best.flatMap($0.value)) }
            + metrics.map { text(result.last.flatMap($0.value)) } + [fixed(result.seconds, 3)])
      }
    }
    return lines.map { $0.map(csvCell).joined(separator: ",") + "\n" }.joined()
  }

  private func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
