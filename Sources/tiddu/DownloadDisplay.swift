import Foundation
import ImageSets

/// A download's progress on standard error: a bar on a terminal, otherwise a line at most every two seconds.
final class DownloadDisplay {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private var file = ""
  /// When the file's first bytes came in this run, and how much of it was here then.
  private var start: (time: ContinuousClock.Instant, received: Int)
  private var lastShown: ContinuousClock.Instant
  private var isLineOpen = false

  init() {
    start = (clock.now, 0)
    lastShown = clock.now
  }

  func show(_ progress: Fetcher.Progress) {
    let now = clock.now
    if progress.file != file {
      end()
      file = progress.file
      start = (now, progress.received)
      lastShown = now
    }
    let isWhole = progress.received == progress.total
    guard isWhole || now - lastShown >= .seconds(isTerminal ? 0.1 : 2) else { return }
    lastShown = now
    let line = Self.line(progress, newBytes: progress.received - start.received, over: now - start.time)
    // \r returns to the line's start, ESC [K clears what a longer line has left.
    write(isTerminal ? "\r\(line)\u{1B}[K" : "\(line)\n")
    isLineOpen = isTerminal
  }

  /// Leaves a bar behind and goes on to the next line.
  func end() {
    if isLineOpen { write("\n") }
    isLineOpen = false
  }

  /// `X_dig_MNIST-idx3-ubyte.gz  [#########···········]  0.6 MB of 1.4 MB, 0.8 MB/s, 1 s left`
  static func line(_ progress: Fetcher.Progress, newBytes: Int, over time: Duration) -> String {
    let rate = newBytes > 0 ? Double(newBytes) / max(time / .seconds(1), 1e-3) : 0
    var line = "\(progress.file)  "
    if let total = progress.total, total > 0 {
      let filled = min(20, 20 * progress.received / total)
      line += "[\(String(repeating: "#", count: filled))\(String(repeating: "·", count: 20 - filled))]  "
      line += "\(size(progress.received)) of \(size(total))"
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

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
