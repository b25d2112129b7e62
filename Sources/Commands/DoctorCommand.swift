import ArgumentParser
import Figures
import Foundation
import ImageSets
import Interchange
import NeuralNetworks
import Pages
import Restoration
import Search
import Support

/// `tiddu doctor`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what this machine has: processor, threads, libraries, models, and what is missing.",
    discussion: """
      Ends with status 1 where something is missing that commands want.

      EXAMPLE: tiddu doctor
      """)

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    let examination = Examination()
    if json { try JSONOutput.print(examination) } else { print(examination.text) }
    guard examination.findings.contains(where: \.isNeeded) else { return }
    try Console.flush()
    throw ExitCode(1)
  }
}

/// What is found on this machine.
private struct Examination: Encodable {
  struct Library: Encodable {
    var name: String
    var version: String
  }

  /// Something that is not there.
  struct Finding: Encodable {
    var missing: String
    /// What it is for.
    var purpose: String
    /// How it is had.
    var remedy: String
    /// Whether commands fail without it that are always there.
    var isNeeded: Bool
  }

  let tiddu = programVersion
  let processor = ProcessorName.own
  let instructions = Network.instructions
  let multipliesBFloat16 = Network.multiplies(.bfloat16)
  let cores = ProcessInfo.processInfo.processorCount
  /// How many this process may compute with.
  let threads = Threads.count
  let memory = ProcessInfo.processInfo.physicalMemory
  /// What other programs use of the cores, over a quarter of a second; nil where the system does not say it.
  let coresUsedByOthers: Double?
  let libraries: [Library]
  /// Of those that come with tiddu, the files that are found.
  let models: [String: String]
  let findings: [Finding]

  init() {
    let use = CoreUse()
    let versions =
      LibraryVersions.all + [
        ("Cairo", FigureLibrary.version), ("Leptonica", PageLibrary.version), ("HDF5", WeightsLibrary.version),
        ("SQLite", StudyLibrary.version),
      ]
    libraries = versions.map { Library(name: $0.0, version: $0.1) }
    models = Dictionary(
      uniqueKeysWithValues: ShippedModels.names.compactMap { name in ShippedModels.path(of: name).map { (name, $0) } })
    findings = Self.findings(models)
    Thread.sleep(forTimeInterval: 0.25)
    coresUsedByOthers = use?.byOthers
  }

  private static func findings(_ models: [String: String]) -> [Finding] {
    var findings = ShippedModels.names.filter { models[$0] == nil }.map {
      Finding(
        missing: "the model \($0)", purpose: "restore, classify and read without a model of your own",
        remedy: "name the folder that has \($0).safetensors by TIDDU_MODELS (Models/ in the repository)", isNeeded: true
      )
    }
    let folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent().path ?? "."
    if Folder.kind(of: "\(folder)/tiddu-serve") != .file {
      findings.append(
        Finding(
          missing: "tiddu-serve", purpose: "the page and the HTTP service (tiddu serve)",
          remedy: "make service; it needs Swift 6.2", isNeeded: false))
    }
    if Folder.kind(of: "\(folder)/tiddu-mpi") != .file {
      findings.append(
        Finding(
          missing: "tiddu-mpi", purpose: "several processes that train together", remedy: "make mpi", isNeeded: false))
    }
    let fonts = [
      ("Lohit Kannada", "/usr/share/fonts/truetype/lohit-kannada", "fonts-lohit-knda", "Kannada digits in figures"),
      ("DejaVu Sans", "/usr/share/fonts/truetype/dejavu", "fonts-dejavu-core", "text in figures"),
    ]
    for (name, path, package, purpose) in fonts where Folder.kind(of: path) == .absent {
      findings.append(
        Finding(
          missing: "the font \(name)", purpose: purpose, remedy: "apt-get install \(package)", isNeeded: false))
    }
    return findings
  }

  var text: String {
    let bfloat16 = multipliesBFloat16 ? ", bfloat16" : ""
    let busy = coresUsedByOthers.map { use in
      use < 0.1 ? "no other program uses them" : "other programs use \(fixed(use, 1)) of them"
    }
    var lines = [
      "tiddu \(tiddu)", "processor   \(processor ?? "unknown"), \(instructions)\(bfloat16)",
      "cores       \(cores), of which \(threads) may be computed with"
        + (busy.map { "; \($0)" } ?? ""),
      "memory      \(grouped(Int(memory >> 20))) MiB",
      "libraries   " + libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", "),
    ]
    lines += ShippedModels.names.compactMap { name in models[name].map { "model       \(name), \($0)" } }
    lines += findings.map { "\($0.isNeeded ? "missing" : "absent ")     \($0.missing): \($0.purpose); \($0.remedy)" }
    return lines.joined(separator: "\n")
  }
}
