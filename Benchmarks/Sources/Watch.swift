import Figures
import Foundation
import Support

/// Memory and open files of the process `--pid`, every five seconds for so many `--minutes`, drawn with `--into`; prints where they
/// stood after a fifth of the time and at the end.
func benchmarkWatching(_ options: Options) throws {
  let (process, minutes) = (options.integer("pid", default: 0), options.integer("minutes", default: 30))
  var samples: [Sample] = []
  let start = ContinuousClock.now
  while ContinuousClock.now - start < .seconds(60 * minutes), let sample = Sample(of: process, since: start) {
    samples.append(sample)
    Thread.sleep(forTimeInterval: 5)
  }
  guard let last = samples.last else {
    throw UsageError("no process \(process) can be watched", remedy: "Name one that runs by --pid.")
  }
  let settled = samples[samples.count / 5]
  printLine([
    "what": "watch", "minutes": last.minutes, "settled_memory_mb": settled.memory, "last_memory_mb": last.memory,
    "settled_files": settled.files, "last_files": last.files,
  ])
  guard let path = options["into"] else { return }
  var curves = LearningCurves(
    epochs: samples.map(\.minutes),
    panels: [
      .init(title: "memory, MB", lines: [.init(label: "resident", values: samples.map(\.memory))], ceiling: nil),
      .init(title: "open files", lines: [.init(label: "descriptors", values: samples.map(\.files))], ceiling: nil),
    ], caption: options["caption"] ?? "")
  curves.unit = "minutes"
  try curves.render(to: path)
}

private struct Sample {
  var minutes: Double
  /// Resident, in MB of 2²⁰ bytes.
  var memory: Double
  var files: Double

  /// Nil where there is no such process any more.
  init?(of process: Int, since start: ContinuousClock.Instant) {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) }), pages > 0,
      let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
    else { return nil }
    minutes = (ContinuousClock.now - start) / .seconds(60)
    (memory, files) = (pages * 4096 / Double(1 << 20), Double(open.count))
  }
}
