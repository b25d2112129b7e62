import Evaluation
import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct MetricTableTests {
  @Test func standardError() {
    let estimate = Estimate([1, 2, 3, 4])
    #expect(estimate.mean == 2.5 && estimate.count == 4)
    // √(5/3) / √4
    #expect(abs((estimate.standardError ?? 0) - 0.645_497_2) < 1e-7)
    #expect(Estimate([7]).standardError == nil)
  }

  @Test(arguments: [
    (15.7012, 0.023, 10_000, "15.70 ± 0.02 (n = 10,000)"), (0.123_456, 0.000_14, 999, "0.12346 ± 0.00014 (n = 999)"),
    (120.4, 31, 1_234_567, "120 ± 31 (n = 1,234,567)"), (0.5, 0, 12, "0.5000 (n = 12)"), (1, nil, 1, "1.0000 (n = 1)"),
    (3, 0.096, 1000, "3.00 ± 0.10 (n = 1,000)"), (1, 1e-300, 2, "1.00000000 ± 0.00000000 (n = 2)"),
  ])
  func text(mean: Double, standardError: Double?, count: Int, expected: String) {
    var estimate = Estimate([mean])
    (estimate.standardError, estimate.count) = (standardError, count)
    #expect(estimate.description == expected)
  }

  static func table(height: Int = 12, count: Int = 4) throws -> MetricTable {
    let clean = TinyImages.ramp(count: count, height: height, width: 12)
    let distorted = clean.replacingPixels(clean.pixels.map { 255 - $0 })
    return try MetricTable(clean: clean, distorted: distorted, restored: clean.pixels.map(PixelScaling.number))
  }

  @Test func comparesBothWithTheCleanOnes() throws {
    let table = try Self.table()
    #expect(table.restored.meanSquaredError.mean == 0 && table.restored.psnr.mean == MetricSummary.highestPSNR)
    #expect(table.restored.identicalImages == 4 && table.distorted.identicalImages == 0)
    #expect(table.distorted.psnr.mean < 10 && table.distorted.psnr.count == 4)
    #expect(table.distorted.binaryAccuracy.mean == 0)
    #expect(table.restored.binaryAccuracy == table.binaryAccuracyCeiling)
  }

  @Test func asText() throws {
    let lines = try Self.table().description.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 8)
    #expect(lines[0] == "ramp: 4 images of 12×12×1 against the clean ones, mean ± standard error")
    #expect(lines[1...6].allSatisfy { $0.count == 74 }, "columns are aligned")
    #expect(lines[3].hasPrefix("PSNR in dB, peak 1 ") && lines[3].hasSuffix(" 100.0000"))
    #expect(lines[6].hasPrefix("binary_accuracy, ceiling 0.0"))
    #expect(lines[7] == "4 restored images equal the clean ones: PSNR 100 dB each")
  }

  @Test func asJSON() throws {
    let table = try Self.table()
    let json = try JSONEncoder().encode(table)
    #expect(try JSONDecoder().decode(MetricTable.self, from: json) == table)
    let text = String(decoding: json, as: UTF8.self)
    for key in ["mse", "psnr", "ssim", "binary_cross_entropy", "binary_accuracy_ceiling", "standard_error"] {
      #expect(text.contains("\"\(key)\""))
    }
  }

  @Test func smallImagesHaveNoSSIM() throws {
    let table = try Self.table(height: 10)
    #expect(table.distorted.ssim == nil && table.restored.ssim == nil)
    #expect(table.description.contains("–"))
    #expect(table.description.contains("\nno SSIM: images of 10×12×1 are smaller than its window of 11×11 pixels"))
  }

  @Test func noImagesAndNoNumbers() throws {
    #expect(throws: DataError.self) { try Self.table(count: 0) }
    let clean = TinyImages.ramp(count: 1, height: 2, width: 2)
    let error = #expect(throws: DataError.self) {
      try MetricTable(clean: clean, distorted: clean, restored: [0, 0, .infinity, 0])
    }
    #expect(error?.place == "image 0, pixel 2")
  }
}
