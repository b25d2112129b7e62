import Foundation

/// A range of values with round numbers marked in it, to be laid along a stretch of the drawing.
package struct Axis: Sendable {
  package let lower: Double
  package let upper: Double
  package let ticks: [Double]
  private let step: Double

  /// Covers all finite values; steps are 1, 2 or 5 times a power of ten.
  ///
  /// - Parameters:
  ///   - count: about how many steps are wanted.
  ///   - isWhole: only whole numbers are marked, and the range ends with the values; otherwise it ends with ticks.
  package init(covering values: some Sequence<Double>, count: Int = 5, isWhole: Bool = false) {
    let values = values.filter(Self.isDrawable)
    var (low, high) = (values.min() ?? 0, values.max() ?? 1)
    // Where all values are one, or too close for the numbers between them, some room is made around them.
    let size = max(abs(low), abs(high))
    if high - low <= size * 1e-9 {
      let room = isWhole ? max(1, size * 1e-3) : size > 0 ? size * 0.1 : 1
      (low, high) = (low - room, high + room)
    }
    let rough = (high - low) / Double(max(1, count))
    let power = pow(10, floor(log10(rough)))
    let nice = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
    let step = isWhole ? max(1, nice.rounded()) : nice
    // A tick that rounding has put just beside an end still counts as that end.
    let slack = isWhole ? 1e-6 : -1e-6
    let first = isWhole ? (low / step - slack).rounded(.up) : (low / step - slack).rounded(.down)
    let last = isWhole ? (high / step + slack).rounded(.down) : (high / step + slack).rounded(.up)
    self.step = step
    (lower, upper) = isWhole ? (low, high) : (first * step, last * step)
    ticks = (0...Int(min(max(last - first, 0), 100))).map { (first + Double($0)) * step }
  }

  /// Whether a value can have a place: it is finite, and so are differences between such values.
  package static func isDrawable(_ value: Double) -> Bool { abs(value) < 1e300 }

  /// As many decimals as the step needs; powers of ten for very large and very small numbers.
  package func label(of tick: Double) -> String {
    if max(abs(lower), abs(upper)) >= 1e6 || step < 1e-5 { return String(format: "%.3g", tick + 0) }
    let decimals = max(0, -Int(floor(log10(step) + 1e-6)))
    let text = String(format: "%.*f", decimals, tick)
    return text.contains { ("1"..."9").contains($0) } ? text : String(format: "%.*f", decimals, 0.0)  // no "-0.0"
  }

  /// Where a value lies between two coordinates.
  package func place(_ value: Double, from start: Double, to end: Double) -> Double {
    start + (value - lower) / (upper - lower) * (end - start)
  }
}
