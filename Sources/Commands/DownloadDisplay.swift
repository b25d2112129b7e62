import Foundation
import ImageSets

/// A download's progress on standard error: a bar on a terminal, otherwise a line at most every two seconds.
final class DownloadDisplay {
  private let clock = ContinuousClock()
  private let line = ProgressLine()
  private var file = ""
  /// When the file's first bytes came in this run, and how much of it was here then.
  private var start: (time: ContinuousClock.Instant, received: Int)

  init() { start = (clock.now, 0) }

  func show(_ progress: Fetcher.Progress) {
    if progress.file != file {
      end()
      file = progress.file
      start = (clock.now, progress.received)
    }
    let newBytes = progress.received - start.received
    line.show(
      Self.line(progress, newBytes: newBytes, over: clock.now - start.time),
      always: progress.received == progress.total)
  }

  /// Leaves a bar behind and goes on to the next line.
  func end() { line.end() }

  /// `X_dig_MNIST-idx3-ubyte.gz  [#########···········]  0.6 MB of 1.4 MB, 0.8 MB/s, 1 s left`
  static func line(_ progress: Fetcher.Progress, newBytes: Int, over time: Duration) -> String {
    let rate = newBytes > 0 ? Double(newBytes) / max(time / .seconds(1), 1e-3) : 0
    var line = "\(progress.file)  "
    if let total = progress.total, total > 0 {
      line +=
        "\(ProgressLine.bar(Double(progress.received) / Double(total)))  \(size(progress.received)) of \(size(total))"
    } else {
      line += size(progress.received)
    }
    if rate > 0 { line += ", \(size(Int(rate)))/s" }
    if rate > 0, let total = progress.total, total > progress.received {
      line += ", \(String(format: "%.0f", (Double(total - progress.received) / rate).rounded(.up))) s left"
    }
    return line
  }

  private static func size(_ bytes: Int) -> String {
    String(format: bytes < 100_000 ? "%.1f kB" : "%.1f MB", Double(bytes) / (bytes < 100_000 ? 1e3 : 1e6))
  }
}
