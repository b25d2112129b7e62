import ArgumentParser
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// `tiddu bench`
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time a model's layers on this machine.",
    discussion: """
      For each layer: how it is computed, milliseconds forward and backward, GFLOP/s counted as the formula has them
      (Winograd's convolutions need fewer, so that their share can be over 100 %), and the share of what a large matrix
      product reaches here. Weights are random: they do not change the work.

      EXAMPLE: tiddu bench tiddu-small --batch 32
      """)

  @OptionGroup var network: ModelName

  @Option(help: "Images at a time.")
  var batch = 32

  @Option(help: "Rounds; the median counts.")
  var rounds = 15

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Time restoring alone, not training.")
  var inference = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard (1...4096).contains(batch) else { throw ValidationError("--batch \(batch): choose from 1 to 4096.") }
    guard (1...10_000).contains(rounds) else { throw ValidationError("--rounds \(rounds): choose from 1 to 10000.") }
  }

  func run() throws {
    try threads.use()
    let architectures = try network.architectures()
    let use = CoreUse()
    var report = Report(
      processor: ProcessorName.own, instructions: Network.instructions, threads: Threads.count, batch: batch,
      largeProduct: try LargeProduct.gigaflops(), parts: try architectures.map(measure), activeThreads: 0,
      coresUsedByOthers: nil)
    (report.activeThreads, report.coresUsedByOthers) = (Threads.active, use?.byOthers)
    if json { try JSONOutput.print(report) } else { print(text(report)) }
  }

  private func measure(_ architecture: Architecture) throws -> Part {
    let network = try Network(architecture, batchSize: batch, seed: 1)
    let program = try network.program(batch: batch, mode: inference ? .inference : .training)
    for (place, index) in program.input.indices.enumerated() { program.input[index] = Float(place % 97) / 97 }
    _ = try program.layerTimes(rounds: 2)
    return Part(name: architecture.name, layers: try program.layerTimes(rounds: rounds))
  }

  struct Part: Encodable {
    var name: String
    var layers: [LayerTime]
    var seconds: Double { layers.reduce(0) { $0 + $1.forward + ($1.backward ?? 0) } }
  }

  struct Report: Encodable {
    var processor: String?
    var instructions: String
    var threads: Int
    var batch: Int
    /// GFLOP/s
    var largeProduct: Double
    var parts: [Part]
    /// How many worked at the end.
    var activeThreads: Int
    var coresUsedByOthers: Double?
  }
}

// MARK: - Text

extension BenchCommand {
  private func text(_ report: Report) -> String {
    let threads = report.threads == 1 ? "1 thread" : "\(report.threads) threads"
    var lines = [
      "\(report.processor ?? "this processor"), \(report.instructions), \(threads)",
      "large product: \(fixed(report.largeProduct, 0)) GFLOP/s",
    ]
    if let others = report.coresUsedByOthers { lines.append("other programs used \(fixed(others, 2)) cores") }
    if report.activeThreads < report.threads {
      lines.append("\(report.activeThreads) of \(threads) worked at the end: others use the cores")
    }
    return (lines + report.parts.flatMap { table($0, report) }).joined(separator: "\n")
  }

  private func table(_ part: Part, _ report: Report) -> [String] {
    var rows = [["layer", "method", "forward ms"] + (inference ? [] : ["backward ms"]) + ["GFLOP/s", "share"]]
    for layer in part.layers where layer.method != "none" {
      rows.append(cells(layer.layer, layer.method, layer.forward, layer.backward, layer.operations, report))
    }
    let operations = part.layers.reduce(0) { $0 + $1.operations }
    let (forward, backward) = part.layers.reduce((0, 0)) { ($0.0 + $1.forward, $0.1 + ($1.backward ?? 0)) }
    rows.append(cells("all", "", forward, inference ? nil : backward, operations, report))
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.enumerated().map { $1.padding(to: widths[$0], left: $0 > 1) }.joined(separator: "  ")
    }
    let rate = Double(report.batch) / part.seconds
    return [
      "", "\(part.name), \(report.batch) images at a time: \(grouped(Int(rate))) images/s, without the optimizer",
    ] + lines
  }

  private func cells(
    _ name: String, _ method: String, _ forward: Double, _ backward: Double?, _ operations: Double, _ report: Report
  ) -> [String] {
    let rate = operations / max(forward + (backward ?? 0), 1e-12) / 1e9
    return [name, method, fixed(forward * 1e3, 3)] + (inference ? [] : [fixed((backward ?? 0) * 1e3, 3)])
      + (operations > 0 ? [fixed(rate, 0), "\(fixed(100 * rate / report.largeProduct, 0)) %"] : ["", ""])
  }
}
