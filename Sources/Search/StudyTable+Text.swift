import Evaluation
import Support

extension StudyTable: CustomStringConvertible {
  /// A line a point. Settings that all points share stand above; failures below, with their reasons.
  package var description: String {
    let varying = varying
    let shared = Setting.allCases.indices.filter { !varying.contains($0) }.compactMap { column in
      rows.first.map { "\(Setting.allCases[column].rawValue) \($0.settings[column])" }
    }
    let metrics = Metric.allCases.filter { metric in
      rows.contains { row in
        guard let figure = row[metric] else { return false }
        return metric != .validationFit || figure != row[.validationLoss]
      }
    }
    var lines = [
      "\(name): \(grouped(rows.count)) points, each at its \(moment.rawValue) epoch"
        + (seeds > 1 ? ", mean ± standard error of \(seeds) seeds" : "")
    ]
    if !shared.isEmpty { lines.append("all: " + shared.joined(separator: ", ")) }
    let headings =
      ["point"] + varying.map { Setting.allCases[$0].rawValue } + metrics.map(\.rawValue) + [
        "epochs", "seconds", "state",
      ]
    lines += alignedColumns(
      [headings]
        + rows.map { row in
          ["\(row.point)"] + varying.map { row.settings[$0] } + metrics.map { row[$0].map(Self.text) ?? "–" }
            + ["\(row.epochs)", fixed(row.seconds, 1), row.stateText]
        })
    lines += rows.flatMap { row in row.reasons.map { "point \(row.point) failed: \($0)" } }
    return lines.joined(separator: "\n")
  }

  /// "0.11276", or "0.1128 ± 0.0003".
  static func text(_ figure: Estimate) -> String {
    figure.standardError == nil ? fixed(figure.mean, 5) : figure.text
  }

  private var seeds: Int { rows.map(\.states.count).max() ?? 0 }

  /// Settings that not all points share, by their places.
  private var varying: [Int] {
    Setting.allCases.indices.filter { column in Set(rows.map { $0.settings[column] }).count > 1 }
  }

  /// Who won, in words.
  package var verdict: String {
    if comparable.count > 1 { return dividedVerdict }
    let (winners, varying, others) = (winners, varying, notToldApart)
    guard let winner = winners.first, let figure = winner[metric] else {
      return "no point has come to its end yet with a \(metric.rawValue)"
    }
    func names(_ rows: [Row]) -> String {
      rows.map { row in "point \(row.point) (\(name(of: row, by: varying)))" }.joined(separator: ", ")
    }
    var text = "best \(metric.rawValue): \(Self.text(figure)), \(names([winner]))"
    if winners.count > 1 { text += "\ntied with it: \(names(Array(winners.dropFirst())))" }
    if !others.isEmpty { text += "\nnot told from it by these seeds: \(names(others))" }
    if let open { text += "\n\(open)" }
    return text
  }

  /// The best of each group, where the metric cannot compare them all, and by what it could be done.
  private var dividedVerdict: String {
    let columns = dividing.compactMap { Setting.allCases.firstIndex(of: $0) }
    let names = columns.map { column in
      let setting = Setting.allCases[column]
      let values = Set(comparable.flatMap { $0.rows.map { $0.settings[column] } }).sorted()
      return "\(setting.plural) differ (\(values.joined(separator: ", ")))"
    }
    var lines = [
      "no best \(metric.rawValue) of all: the \(names.joined(separator: ", the ")), so that its figures cannot be compared"
    ]
    lines += comparable.compactMap { group in
      winners(among: group.rows).first.flatMap { winner in
        winner[metric].map { figure in
          "best \(metric.rawValue) with \(columns.map { winner.settings[$0] }.joined(separator: ", ")): "
            + "\(Self.text(figure)), point \(winner.point) "
            + "(\(name(of: winner, by: varying)))"
        }
      }
    }
    let validated = common.filter(\.isOfValidation)
    let metrics = (validated.isEmpty ? common : validated).map(\.rawValue)
    lines.append(
      metrics.isEmpty
        ? "no metric was measured that means the same for all points"
        : "all can be compared by --metric \(metrics.joined(separator: " or "))")
    return (lines + [open].compactMap(\.self)).joined(separator: "\n")
  }

  /// How many have not come to their end, in words.
  private var open: String? {
    let open = rows.count { row in row.states.contains { $0 != .finished } }
    return open == 0 ? nil : "\(grouped(open)) of \(grouped(rows.count)) points have not come to their end"
  }

  /// Its settings that not all share.
  private func name(of row: Row, by varying: [Int]) -> String {
    return varying.isEmpty
      ? row.settings[0]
      : varying.map { column in
        column == 0 ? row.settings[0] : "\(Setting.allCases[column].rawValue) \(row.settings[column])"
      }.joined(separator: ", ")
  }
}

extension StudyTable.Row {
  /// "finished", or for several seeds "2 finished, 1 failed".
  fileprivate var stateText: String {
    guard states.count > 1 else { return states.first?.rawValue ?? "" }
    return Trial.State.allCases.compactMap { state in
      let count = states.count { $0 == state }
      return count == 0 ? nil : count == states.count ? "\(state.rawValue)" : "\(count) \(state.rawValue)"
    }.joined(separator: ", ")
  }
}
