import Evaluation
import Foundation
import ImageSets
import TestSupport
import Testing

/// Metrics of images that are all 0 or all 1, of one pixel, of one image: what the formulas give in 64 bits.
@Suite struct MetricEdgesTests {
  private static let shapes = [(1, 1, 1), (1, 1, 3), (11, 11, 1), (28, 28, 1), (12, 30, 3)]

  @Test(arguments: shapes) func flatImages(height: Int, width: Int, channels: Int) throws {
    let shape = ImageSet.Shape(height: height, width: width, channels: channels)
    for clean: Float in [0, 1, 0.25] {
      for restored: Float in [0, 1, 0.25] {
        let metrics = ImageMetrics(
          of: [Float](repeating: restored, count: shape.size), against: [Float](repeating: clean, count: shape.size),
          shape: shape)
        let (x, y) = (Double(restored), Double(clean))
        func expect(_ value: Double?, _ wanted: Double?, _ what: String) {
          let isRight = value == wanted || abs((value ?? .nan) - (wanted ?? .nan)) <= 1e-9 * max(1, abs(wanted ?? 0))
          #expect(isRight, "\(what) of \(restored) for \(clean): \(value as Any), not \(wanted as Any)")
        }
        expect(metrics.meanSquaredError, (x - y) * (x - y), "mean squared error")
        expect(metrics.psnr, x == y ? .infinity : -20 * log10(abs(x - y)), "PSNR")
        // Without variance structural similarity is that of the means.
        let similarity = (2 * x * y + 1e-4) / (x * x + y * y + 1e-4)
        expect(metrics.ssim, min(height, width) < 11 ? nil : similarity, "structural similarity")
        let p = Double(min(max(restored, 1e-7), 1 - 1e-7))
        let other = Double(1 - min(max(restored, 1e-7), 1 - 1e-7))
        expect(metrics.binaryCrossEntropy, -(y * log(p) + (1 - y) * log(other)), "binary cross-entropy")
        expect(metrics.binaryAccuracy, y == (x > 0.5 ? 1 : 0) ? 1 : 0, "binary accuracy")
      }
    }
  }

  @Test func oneImage() throws {
    let clean = TinyImages.ramp(count: 1, height: 1, width: 1)
    let summary = MetricSummary(ImageMetrics.ofEach(clean, against: clean))
    #expect(summary.identicalImages == 1 && summary.psnr.mean == MetricSummary.highestPSNR && summary.ssim == nil)
    #expect(summary.meanSquaredError.mean == 0 && summary.meanSquaredError.standardError == nil)
  }
}
