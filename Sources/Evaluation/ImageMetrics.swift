import Foundation
import ImageSets

/// How far an image is from the clean one. Pixels are numbers from 0 to 1, (H, W, C).
public struct ImageMetrics: Sendable, Equatable {
  /// Of pixels 0…1.
  public var meanSquaredError: Double
  /// Peak signal-to-noise ratio in dB with the peak 1; infinite for an image that equals the clean one.
  public var psnr: Double
  /// Structural similarity; nil for images smaller than its window.
  public var ssim: Double?
  /// In nats a pixel.
  public var binaryCrossEntropy: Double
  /// Share of pixels, 0…1; see `binaryAccuracy(of:against:)`.
  public var binaryAccuracy: Double

  /// All metrics of one image; the cross-entropy comes from `logits` where they are given, which is exact also
  /// where a probability rounds to 0 or 1.
  package init(of restored: [Float], logits: [Float]? = nil, against clean: [Float], shape: ImageSet.Shape) {
    precondition(clean.count == shape.size, "\(clean.count) pixels are no image of \(shape)")
    meanSquaredError = Self.meanSquaredError(of: restored, against: clean)
    psnr = Self.psnr(meanSquaredError: meanSquaredError, peak: 1)
    ssim = Self.ssim(of: restored, against: clean, shape: shape, peak: 1)
    binaryCrossEntropy =
      logits.map { Self.binaryCrossEntropy(ofLogits: $0, against: clean) }
      ?? Self.binaryCrossEntropy(of: restored, against: clean)
    binaryAccuracy = Self.binaryAccuracy(of: restored, against: clean)
  }

  /// Mean over pixels of (restored − clean)².
  package static func meanSquaredError(of restored: [Float], against clean: [Float]) -> Double {
    mean(restored, clean) { restored, clean in
      let difference = Double(restored) - Double(clean)
      return difference * difference
    }
  }

  /// 10 log₁₀(peak² / mean squared error), in dB.
  package static func psnr(of restored: [Float], against clean: [Float], peak: Double) -> Double {
    psnr(meanSquaredError: meanSquaredError(of: restored, against: clean), peak: peak)
  }

  /// Of probabilities, −mean(y log p + (1 − y) log(1 − p)), with p kept within 10⁻⁷ … 1 − 10⁻⁷ in 32 bits as Keras does.
  package static func binaryCrossEntropy(of restored: [Float], against clean: [Float]) -> Double {
    mean(restored, clean) { restored, clean in
      let probability = min(max(restored, 1e-7), 1 - 1e-7)
      let target = Double(clean)
      return -(target * log(Double(probability)) + (1 - target) * log(Double(1 - probability)))
    }
  }

  /// The same of the logits z = log(p / (1 − p)), without a bound: mean(max(z, 0) − z y + log(1 + exp(−|z|))).
  package static func binaryCrossEntropy(ofLogits logits: [Float], against clean: [Float]) -> Double {
    mean(logits, clean) { logit, clean in
      let logit = Double(logit)
      return max(logit, 0) - logit * Double(clean) + log1p(exp(-abs(logit)))
    }
  }

  /// Keras' `binary_accuracy`: the share of pixels whose clean value *equals* (restored > 0.5) exactly.
  ///
  /// A clean pixel that is neither 0 nor 1 never counts, so the best that an image can reach is its `ceiling`.
  package static func binaryAccuracy(of restored: [Float], against clean: [Float]) -> Double {
    mean(restored, clean) { $1 == ($0 > 0.5 ? 1 : 0) ? 1 : 0 }
  }

  /// The highest `binaryAccuracy` that is possible: the share of clean pixels that are exactly 0 or 1.
  package static func binaryAccuracyCeiling(clean: [Float]) -> Double {
    mean(clean, clean) { _, clean in clean == 0 || clean == 1 ? 1 : 0 }
  }

  private static func psnr(meanSquaredError: Double, peak: Double) -> Double {
    10 * log10(peak * peak / meanSquaredError)
  }

  private static func mean(
    _ restored: [Float], _ clean: [Float], _ value: (_ restored: Float, _ clean: Float) -> Double
  ) -> Double {
    precondition(restored.count == clean.count, "\(restored.count) pixels are held against \(clean.count)")
    precondition(!clean.isEmpty, "an image has at least one pixel")
    var sum = 0.0
    for index in clean.indices { sum += value(restored[index], clean[index]) }
    return sum / Double(clean.count)
  }
}

extension ImageMetrics {
  /// The ceiling of a whole set: the share of its pixels that are exactly 0 or 255.
  package static func binaryAccuracyCeiling(of set: ImageSet) -> Double {
    set.pixels.isEmpty ? 1 : Double(set.pixels.count { $0 == 0 || $0 == 255 }) / Double(set.pixels.count)
  }
}
