import Foundation
import ImageSets

extension ImageMetrics {
  /// Pixels along a side of the window that structural similarity compares under.
  package static let ssimWindow = 11

  /// Structural similarity (Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to
  /// structural similarity", IEEE Transactions on Image Processing 13, 2004): 1 for equal images.
  ///
  /// As in that paper and in scikit-image with `gaussian_weights`, `sigma=1.5` and `use_sample_covariance=False`: an
  /// 11×11 Gaussian window, only where it lies wholly inside the image; the mean over windows, then over channels.
  /// Nil for images in which no window fits.
  package static func ssim(
    of restored: [Float], against clean: [Float], shape: ImageSet.Shape, peak: Double
  ) -> Double? {
    precondition(restored.count == shape.size && clean.count == shape.size, "both images are to have \(shape) pixels")
    guard shape.height >= ssimWindow, shape.width >= ssimWindow else { return nil }
    let similarities = (0..<shape.channels).map { channel in
      let moments = stride(from: channel, to: shape.size, by: shape.channels).map {
        Moments(restored: Double(restored[$0]), clean: Double(clean[$0]))
      }
      return meanSimilarity(moments, height: shape.height, width: shape.width, peak: peak)
    }
    return similarities.reduce(0, +) / Double(shape.channels)
  }

  /// What the similarity of a window is made of, as four averages that one filter takes together: restored x, clean y,
  /// x² + y², x y. (The variances enter only as their sum.)
  private typealias Moments = SIMD4<Double>

  /// Weights of a Gaussian with sigma 1.5, cut off at 5 pixels, their sum 1.
  private static let gaussian: [Double] = {
    let radius = ssimWindow / 2
    let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()

  private static func meanSimilarity(_ moments: [Moments], height: Int, width: Int, peak: Double) -> Double {
    let insideWidth = width - ssimWindow + 1
    let insideHeight = height - ssimWindow + 1
    var rows: [Moments] = []  // (H, insideWidth), averaged along each row
    rows.reserveCapacity(height * insideWidth)
    for row in 0..<height {
      for column in 0..<insideWidth { rows.append(average(moments, from: row * width + column, step: 1)) }
    }
    var sum = 0.0
    for place in 0..<insideHeight * insideWidth {
      sum += average(rows, from: place, step: insideWidth).similarity(peak: peak)
    }
    return sum / Double(insideHeight * insideWidth)
  }

  private static func average(_ moments: [Moments], from start: Int, step: Int) -> Moments {
    var sum = Moments.zero
    for tap in 0..<ssimWindow { sum += gaussian[tap] * moments[start + tap * step] }
    return sum
  }
}

extension SIMD4<Double> {
  fileprivate init(restored: Double, clean: Double) {
    self.init(restored, clean, restored * restored + clean * clean, restored * clean)
  }

  /// (2 μx μy + c₁)(2 σxy + c₂) / ((μx² + μy² + c₁)(σx² + σy² + c₂))
  fileprivate func similarity(peak: Double) -> Double {
    let c1 = (0.01 * peak) * (0.01 * peak)
    let c2 = (0.03 * peak) * (0.03 * peak)
    let means = x * x + y * y
    return (2 * x * y + c1) * (2 * (w - x * y) + c2) / ((means + c1) * (z - means + c2))
  }
}
