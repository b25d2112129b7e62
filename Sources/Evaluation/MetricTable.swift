import Foundation
import ImageSets
import Support

/// How far the distorted images are from the clean ones, and how far the restored ones still are.
package struct MetricTable: Codable, Sendable, Equatable, CustomStringConvertible {
  /// What the images are called.
  package var name: String
  /// How many were measured.
  package var images: Int
  package var shape: ImageSet.Shape
  package var distorted: MetricSummary
  package var restored: MetricSummary
  /// The highest `binaryAccuracy` that these clean images allow.
  package var binaryAccuracyCeiling: Estimate

  enum CodingKeys: String, CodingKey {
    case name, images, shape, distorted, restored
    case binaryAccuracyCeiling = "binary_accuracy_ceiling"
  }

  /// Compares two versions of the images of `clean` with them.
  ///
  /// - Parameters:
  ///   - restored: numbers 0…1, (N, H, W, C), as the model gave them, not rounded to bytes.
  ///   - logits: those that `restored` came from, where they are known: for an exact cross-entropy.
  ///
  /// Throws `DataError` when there are no images or a number is not finite.
  package init(clean: ImageSet, distorted: ImageSet, restored: [Float], logits: [Float]? = nil) throws(DataError) {
    guard clean.count > 0 else {
      throw DataError(
        file: clean.source, expected: "at least one image to measure", found: "none", remedy: "Choose another set.")
    }
    name = clean.name
    images = clean.count
    shape = clean.shape
    self.distorted = MetricSummary(ImageMetrics.ofEach(distorted, against: clean))
    self.restored = MetricSummary(
      try ImageMetrics.ofEach(restored, logits: logits, against: clean, name: "\(clean.name), restored"))
    binaryAccuracyCeiling = Estimate(
      (0..<clean.count).map { ImageMetrics.binaryAccuracyCeiling(clean: clean.numbers(of: $0)) })
  }

  /// The table as text, with the units and settings of each metric, and notes below.
  package var description: String {
    var lines = ["\(name): \(grouped(images)) images of \(shape) against the clean ones, mean ± standard error"]
    lines.append(line("", "distorted", "restored"))
    for (label, metric) in rows {
      lines.append(line(label, metric(distorted)?.text ?? "–", metric(restored)?.text ?? "–"))
    }
    return (lines + notes).joined(separator: "\n")
  }

  private var rows: [(label: String, metric: (MetricSummary) -> Estimate?)] {
    let window = ImageMetrics.ssimWindow
    let ceiling = String(format: "%.4f", binaryAccuracyCeiling.mean)
    return [
      ("MSE", { $0.meanSquaredError }),
      ("PSNR in dB, peak 1", { $0.psnr }),
      ("SSIM, \(window)×\(window) Gaussian, sigma 1.5", { $0.ssim }),
      ("binary cross-entropy", { $0.binaryCrossEntropy }),
      ("binary_accuracy, ceiling \(ceiling)", { $0.binaryAccuracy }),
    ]
  }

  private var notes: [String] {
    var notes: [String] = []
    if distorted.ssim == nil {
      let window = ImageMetrics.ssimWindow
      notes.append("no SSIM: images of \(shape) are smaller than its window of \(window)×\(window) pixels")
    }
    for (name, summary) in [("distorted", distorted), ("restored", restored)] where summary.identicalImages > 0 {
      let cap = Int(MetricSummary.highestPSNR)
      notes.append("\(grouped(summary.identicalImages)) \(name) images equal the clean ones: PSNR \(cap) dB each")
    }
    return notes
  }

  private func line(_ label: String, _ first: String, _ second: String) -> String {
    func padding(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count))
    }
    return "\(label)\(padding(label, 34))\(padding(first, 20))\(first)\(padding(second, 20))\(second)"
  }
}
