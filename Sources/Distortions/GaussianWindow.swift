import ImageSets

/// Smoothing with a Gaussian: each value becomes the weighted mean of those around it, those beyond the border being 0.
///
/// First along rows, then along columns, cut off at 4 sigma (rounded), as scipy's `gaussian_filter` with the mode
/// "constant".
package struct GaussianWindow {
  /// In pixels: keeps the window, and with it the work, within bounds.
  package static let largestSigma = 32.0
  /// Weights on one side of a window and in its middle, at most.
  package static let mostWeights = radius(sigma: largestSigma) + 1

  private static func radius(sigma: Double) -> Int { Int(4 * sigma + 0.5) }

  /// From the middle outwards.
  private let weights: UnsafeMutablePointer<Float>
  private let radius: Int
  /// Of all weights on both sides and in the middle.
  package let sumOfSquares: Double

  /// - Parameters:
  ///   - sigma: from 0, which leaves everything as it is, to `largestSigma`.
  ///   - weights: room for `mostWeights`, which must last as long as the window.
  package init(sigma: Double, in weights: UnsafeMutablePointer<Float>) {
    radius = Self.radius(sigma: sigma)
    self.weights = weights
    func height(at distance: Int) -> Double {
      distance == 0 ? 1 : Exactly.exponential(ofMinus: Double(distance * distance) / (2 * sigma * sigma))
    }
    var (sum, squares) = (1.0, 1.0)
    for distance in 0..<radius {
      let height = height(at: distance + 1)
      sum += 2 * height
      squares += 2 * height * height
    }
    for distance in 0...radius { weights[distance] = Float(height(at: distance) / sum) }
    sumOfSquares = squares / (sum * sum)
  }

  /// Smooths (H, W, C) values in place; `between` is room for as many.
  package func smooth(
    _ values: UnsafeMutablePointer<Float>, shape: ImageSet.Shape, between: UnsafeMutablePointer<Float>
  ) {
    let stride = shape.width * shape.channels
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels {
          let place = row * stride + column * shape.channels + channel
          between[place] = mean(
            of: values + place, step: shape.channels, before: column, behind: shape.width - 1 - column)
        }
      }
    }
    for row in 0..<shape.height {
      for place in row * stride..<(row + 1) * stride {
        values[place] = mean(of: between + place, step: stride, before: row, behind: shape.height - 1 - row)
      }
    }
  }

  /// `before` and `behind` are how many values there are on the two sides.
  private func mean(of value: UnsafeMutablePointer<Float>, step: Int, before: Int, behind: Int) -> Float {
    var sum = weights[0] * value[0]
    let both = min(radius, before, behind)
    for distance in 0..<both {
      sum += weights[distance + 1] * (value[-(distance + 1) * step] + value[(distance + 1) * step])
    }
    for distance in both..<max(both, min(radius, before)) {
      sum += weights[distance + 1] * value[-(distance + 1) * step]
    }
    for distance in both..<max(both, min(radius, behind)) {
      sum += weights[distance + 1] * value[(distance + 1) * step]
    }
    return sum
  }
}
