/// Functions that give the same bits on every machine: mathematical libraries differ in their last bits, sums and
/// products of doubles, each rounded as IEEE 754 prescribes, do not.
enum Exactly {
  /// Of an angle from −180 to 180 degrees; within 10⁻¹⁴, by Taylor's series.
  static func sineAndCosine(degrees: Double) -> (sine: Double, cosine: Double) {
    let angle = degrees * (.pi / 180)
    var (sine, cosine, term) = (0.0, 0.0, 1.0)
    for power in 0..<32 {
      switch power & 3 {
      case 0: cosine += term
      case 1: sine += term
      case 2: cosine -= term
      default: sine -= term
      }
      term *= angle / Double(power + 1)
    }
    return (sine, cosine)
  }

  /// exp(−x) for x from 0 to some hundreds, within a relative 10⁻¹²: of x / 1024, then ten times its square.
  static func exponential(ofMinus x: Double) -> Double {
    let small = x / 1024
    var (sum, term) = (0.0, 1.0)
    for power in 0..<16 {
      sum += term
      term *= -small / Double(power + 1)
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}
