import ArgumentParser
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// `tiddu summary`
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Print a model's layers, their output shapes and parameters.",
    discussion: """
      With --yaml it prints a network as a file to change and to train by --architecture.

      EXAMPLE: tiddu summary report-final --yaml
      """)

  @OptionGroup var network: ModelName

  @Option(help: "How many classes a preset tells apart.")
  var classes = 10

  @Flag(help: "Print the network as YAML.")
  var yaml = false

  @Option(help: "Neurons in the bottleneck, instead of the preset's.")
  var bottleneck: Int?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    if json, yaml { throw ValidationError("--json and --yaml: give one of them.") }
    guard (1...1000).contains(classes) else { throw ValidationError("--classes \(classes): choose from 1 to 1000.") }
  }

  func run() throws {
    let architectures = try network.architectures(classes: classes, bottleneck: bottleneck)
    if yaml { return print(try architectures.map { try $0.yaml() }.joined(separator: "---\n"), terminator: "") }
    let summaries = try architectures.map { try Summary(of: $0) }
    if json {
      if summaries.count == 1 { try JSONOutput.print(summaries[0]) } else { try JSONOutput.print(summaries) }
      return
    }
    print(summaries.map(table).joined(separator: "\n\n"))
    guard summaries.count > 1 else { return }
    let sums = (summaries.map(\.parameters).reduce(0, +), Summary.sum(summaries.map(\.multiplyAdds)))
    print("\nboth parts: \(grouped(sums.0)) parameters, \(grouped(sums.1)) multiply-adds an image")
  }

  private func table(_ summary: Summary) -> String {
    let readsSeveral = summary.rows.contains { $0.inputs != nil }
    func cells(_ layer: String, _ shape: String, _ parameters: String, _ reads: String) -> [String] {
      [layer, shape, parameters] + (readsSeveral ? [reads] : [])
    }
    let rows =
      [cells("layer (type)", "output shape", "parameters", "reads")]
      + summary.rows.map { row in
        cells(
          row.layer == row.type ? row.layer : "\(row.layer) (\(row.type))",
          "(N, \(row.outputShape.map(String.init).joined(separator: ", ")))", grouped(row.parameters),
          row.inputs?.joined(separator: ", ") ?? "")
      }
    let sums =
      [("total", summary.parameters)]
      + (summary.parameters == summary.trainableParameters
        ? []
        : [
          ("trainable", summary.trainableParameters),
          ("running statistics", summary.parameters - summary.trainableParameters),
        ]) + [("multiply-adds an image", summary.multiplyAdds)]
    let widths = (0..<rows[0].count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let toNumbers = widths[0] + widths[1] + widths[2] + 4
    var lines = rows.map { row in
      row.enumerated().map { $1.padding(to: widths[$0], left: $0 == 2) }.joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: lines[0].count)
    lines.insert(rule, at: 1)
    lines.append(rule)
    lines += sums.map { $0 + grouped($1).padding(to: toNumbers - $0.count, left: true) }
    return ([summary.name] + lines).map { $0.trimmingSuffix(while: \.isWhitespace) }.joined(separator: "\n")
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    lastIndex { !predicate($0) }.map { String(self[...$0]) } ?? ""
  }
}

extension String {
  /// With spaces up to `width` characters, behind or, with `left`, in front.
  func padding(to width: Int, left: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - count))
    return left ? spaces + self : self + spaces
  }
}
