import Evaluation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct ImageMetricsTests {
  /// scikit-image's MSE, PSNR and SSIM, Keras' cross-entropy and accuracy, image by image: Tools/golden/metrics.py.
  @Test(arguments: ["grey", "colour"]) func agreesWithScikitImageAndKeras(_ kind: String) throws {
    let golden = try Golden.load("metrics")
    let shape = try golden.tensor("\(kind)/clean").shape
    let clean = ImageSet(
      shape: ImageSet.Shape(height: shape[1], width: shape[2], channels: shape[3]),
      pixels: try golden["\(kind)/clean"].map { UInt8($0) }, name: kind, source: "golden")
    let metrics = try ImageMetrics.ofEach(try golden["\(kind)/restored"], against: clean, name: kind)
    func expect(_ metric: (ImageMetrics) -> Double, _ name: String) throws {
      expectClose(
        metrics.map { Float(metric($0)) }, try golden["\(kind)/\(name)"], relative: 3e-7, absolute: 0, name)
    }
    try expect(\.meanSquaredError, "mse")
    try expect(\.psnr, "psnr")
    try expect({ $0.ssim ?? .nan }, "ssim")
    try expect(\.binaryCrossEntropy, "bce")
    try expect(\.binaryAccuracy, "accuracy")
    let ceilings = (0..<clean.count).map { Float(ImageMetrics.binaryAccuracyCeiling(clean: clean.numbers(of: $0))) }
    expectClose(ceilings, try golden["\(kind)/accuracy_ceiling"], relative: 1e-7, "ceiling")
  }

  /// PyTorch's and Keras' cross-entropy from logits up to ±88: Tools/golden/losses.py.
  @Test func crossEntropyFromLogits() throws {
    let golden = try Golden.load("losses")
    let value = ImageMetrics.binaryCrossEntropy(ofLogits: try golden["logits"], against: try golden["targets"])
    expectClose([Float(value)], [try golden.scalar("bce")], relative: 1e-7)
    let accuracy = ImageMetrics.binaryAccuracy(of: try golden["sigmoid"], against: try golden["targets"])
    expectClose([Float(accuracy)], [try golden.scalar("binary_accuracy")], relative: 1e-7)
  }

  @Test func byHand() {
    let clean: [Float] = [0, 1, 0.5, 1]
    let restored: [Float] = [0.5, 1, 0.5, 0]
    #expect(ImageMetrics.meanSquaredError(of: restored, against: clean) == 1.25 / 4)
    #expect(abs(ImageMetrics.psnr(of: restored, against: clean, peak: 1) - 5.051_500) < 1e-6)
    // With peak 255 everything is 48.13 dB higher.
    #expect(abs(ImageMetrics.psnr(of: restored, against: clean, peak: 255) - 5.051_500 - 48.130_804) < 1e-6)
    // 0.5 is not over the threshold; the grey clean pixel never counts, and the last one is wrong.
    #expect(ImageMetrics.binaryAccuracy(of: restored, against: clean) == 0.5)
    #expect(ImageMetrics.binaryAccuracyCeiling(clean: clean) == 0.75)
  }

  @Test func equalImages() {
    let shape = ImageSet.Shape(height: 12, width: 11, channels: 3)
    let image = (0..<shape.size).map { Float($0 % 256) / 255 }
    let metrics = ImageMetrics(of: image, against: image, shape: shape)
    #expect(metrics.meanSquaredError == 0 && metrics.psnr == .infinity)
    #expect(metrics.ssim.map { abs($0 - 1) < 1e-12 } == true)
  }

  /// Pixels to 255 say what those to 1 do, as the peak says which they are.
  @Test func structuralSimilarityGoesByThePeak() throws {
    let shape = ImageSet.Shape(height: 13, width: 12, channels: 1)
    var generator = Philox(seed: 1)
    let (x, y) = ((0..<shape.size).map { _ in generator.uniform() }, (0..<shape.size).map { _ in generator.uniform() })
    let one = try #require(ImageMetrics.ssim(of: x, against: y, shape: shape, peak: 1))
    let many = ImageMetrics.ssim(of: x.map { $0 * 255 }, against: y.map { $0 * 255 }, shape: shape, peak: 255)
    #expect(abs(one - (try #require(many))) < 1e-6)
  }

  @Test func noWindowFits() {
    let shape = ImageSet.Shape(height: 40, width: 10, channels: 1)
    let image = [Float](repeating: 0.5, count: 400)
    #expect(ImageMetrics(of: image, against: image, shape: shape).ssim == nil)
  }

  @Test func logitsAreExactWhereProbabilitiesAreClipped() {
    #expect(abs(ImageMetrics.binaryCrossEntropy(ofLogits: [40, -40], against: [0, 1]) - 40) < 1e-12)
    #expect(abs(ImageMetrics.binaryCrossEntropy(of: [1, 0], against: [0, 1]) - 16.0306) < 1e-3)
    let shape = ImageSet.Shape(height: 1, width: 2, channels: 1)
    let metrics = ImageMetrics(of: [1, 0], logits: [40, -40], against: [0, 1], shape: shape)
    #expect(metrics.binaryCrossEntropy > 39)
  }

  @Test func whatIsNoNumberIsNamed() throws {
    let clean = TinyImages.ramp(count: 3, height: 4, width: 5)
    var restored = [Float](repeating: 0.5, count: 60)
    restored[47] = .nan
    let error = try #require(throws: DataError.self) {
      try ImageMetrics.ofEach(restored, against: clean, name: "restored test")
    }
    #expect(error.file == "restored test" && error.place == "image 2, pixel 7" && error.found == "nan")
    #expect(throws: DataError.self) {
      try ImageMetrics.ofEach(clean.pixels.map(PixelScaling.number), logits: restored, against: clean, name: "")
    }
  }

  @Test func sameOnAnyNumberOfThreads() throws {
    let clean = TinyImages.ramp(count: 50, height: 14, width: 13)
    let other = clean.replacingPixels(clean.pixels.map { $0 / 2 })
    let together = ImageMetrics.ofEach(other, against: clean)
    for image in 0..<50 {
      let alone = ImageMetrics(
        of: other.numbers(of: image), against: clean.numbers(of: image), shape: clean.shape)
      #expect(together[image] == alone)
    }
  }
}
