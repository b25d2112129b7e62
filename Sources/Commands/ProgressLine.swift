import Foundation
import Support

/// Progress on standard error: a line that is rewritten on a terminal, otherwise a new line now and then.
final class ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  private let plainInterval: Duration
  private var lastShown: ContinuousClock.Instant?
  private var isOpen = false

  /// - Parameter plainInterval: the least time between two lines where the line cannot be rewritten.
  init(plainInterval: Duration = .seconds(2)) { self.plainInterval = plainInterval }

  /// Shows `text` unless the last one was shown only just now; `always` shows it whenever.
  func show(_ text: @autoclosure () -> String, always: Bool = false) {
    let now = ContinuousClock.now
    let interval = isTerminal ? .seconds(0.1) : plainInterval
    if !always {
      // Where lines stay, the first one comes only after the interval: short work prints none.
      guard let lastShown else {
        self.lastShown = isTerminal ? now - interval : now
        return
      }
      guard now - lastShown >= interval else { return }
    }
    lastShown = now
    // \r returns to the line's start, ESC [K clears what a longer line has left.
    write(isTerminal ? "\r\(text())\u{1B}[K" : "\(text())\n")
    isOpen = isTerminal
  }

  /// Replaces the progress by a line that stays.
  func finish(_ text: String) {
    write(isTerminal ? "\r\(text)\u{1B}[K\n" : "\(text)\n")
    isOpen = false
  }

  /// Leaves the progress as it is and goes on to the next line.
  func end() {
    if isOpen { write("\n") }
    isOpen = false
  }

  /// `[#########···········]`
  static func bar(_ share: Double) -> String {
    let filled = Int((20 * min(max(share, 0), 1)).rounded(.down))
    return "[\(String(repeating: "#", count: filled))\(String(repeating: "·", count: 20 - filled))]"
  }

  private func write(_ text: String) { Console.note(text, terminator: "") }
}
