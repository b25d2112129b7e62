import ArgumentParser
import Groundwork
import NeuralNetworks
import Restoration

/// `tiddu summary`
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Print a model's layers, their output shapes and parameters.",
    discussion: "EXAMPLE: tiddu summary report-final")

  @Argument(help: ArgumentHelp("A preset (\(Presets.names.joined(separator: ", "))), a checkpoint or a run's folder."))
  var model: String

  @Option(help: "Neurons in the bottleneck, instead of the preset's.")
  var bottleneck: Int?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    let summary = try Summary(of: architecture())
    if json { try JSONOutput.print(summary) } else { print(table(summary)) }
  }

  private func architecture() throws -> Architecture {
    guard Folder.kind(of: model) != .absent else {
      return try Presets.architecture(named: model, bottleneck: bottleneck).0
    }
    guard bottleneck == nil else {
      throw UsageError(
        "--bottleneck with a checkpoint", remedy: "A checkpoint's layers are what they are; leave it out.")
    }
    return try Checkpoint.open(model).architecture
  }

  private func table(_ summary: Summary) -> String {
    let rows =
      [["layer (type)", "output shape", "parameters"]]
      + summary.rows.map { row in
        let name = row.layer == row.type ? row.layer : "\(row.layer) (\(row.type))"
        let shape = row.outputShape.map(String.init).joined(separator: ", ")
        return [name, "(N, \(shape))", grouped(row.parameters)]
      }
    let first = rows.map { $0[0].count }.max() ?? 0
    let second = rows.map { $0[1].count }.max() ?? 0
    let last = max(rows.map { $0[2].count }.max() ?? 0, grouped(summary.parameters).count)
    let rule = String(repeating: "─", count: first + second + last + 4)
    var lines = rows.map { row in
      row[0].padding(to: first) + "  " + row[1].padding(to: second) + "  " + row[2].padding(to: last, left: true)
    }
    lines.insert(rule, at: 1)
    return
      ([summary.name] + lines + [
        rule, "total" + grouped(summary.parameters).padding(to: first + second + last - 1, left: true),
      ])
      .joined(separator: "\n")
  }
}

extension String {
  /// With spaces up to `width` characters, behind or, with `left`, in front.
  func padding(to width: Int, left: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - count))
    return left ? spaces + self : self + spaces
  }
}
