public import ImageSets
import Support

/// The metrics of a set of images: means over its images with their standard errors.
package struct MetricSummary: Codable, Sendable, Equatable {
  /// Of pixels 0…1.
  package var meanSquaredError: Estimate
  /// The mean of the images' PSNR with the peak 1, in dB, each counted with at most `highestPSNR`.
  package var psnr: Estimate
  /// Nil when the images are smaller than the window.
  package var ssim: Estimate?
  /// In nats a pixel.
  package var binaryCrossEntropy: Estimate
  /// Share of pixels whose clean value equals (p > ½) exactly.
  package var binaryAccuracy: Estimate
  /// How many images equal the clean ones exactly.
  package var identicalImages: Int

  /// An image that equals the clean one has an infinite PSNR, and one such image would make every mean infinite.
  package static let highestPSNR = 100.0

  enum CodingKeys: String, CodingKey {
    case meanSquaredError = "mse"
    case psnr
    case ssim
    case binaryCrossEntropy = "binary_cross_entropy"
    case binaryAccuracy = "binary_accuracy"
    case identicalImages = "identical_images"
  }

  /// - Precondition: at least one image.
  package init(_ images: [ImageMetrics]) {
    meanSquaredError = Estimate(images.map(\.meanSquaredError))
    psnr = Estimate(images.map { min($0.psnr, Self.highestPSNR) })
    let similarities = images.compactMap(\.ssim)
    ssim = similarities.isEmpty ? nil : Estimate(similarities)
    binaryCrossEntropy = Estimate(images.map(\.binaryCrossEntropy))
    binaryAccuracy = Estimate(images.map(\.binaryAccuracy))
    identicalImages = images.count { $0.meanSquaredError == 0 }
  }
}

extension ImageMetrics {
  /// The metrics of each image of `restored`, numbers 0…1 (N, H, W, C), against the same one of `clean`.
  ///
  /// Throws `DataError` when a number is not finite. `name` is what the error calls the images.
  ///
  /// - Precondition: as many numbers as `clean` has pixels; the same for `logits`.
  package static func ofEach(
    _ restored: [Float], logits: [Float]? = nil, against clean: ImageSet, name: String
  ) throws(DataError) -> [ImageMetrics] {
    precondition(restored.count == clean.pixels.count, "\(restored.count) numbers are no restored \(clean.name)")
    precondition(logits == nil || logits?.count == restored.count, "one logit a pixel is wanted")
    let size = clean.shape.size
    for numbers in [restored, logits ?? []] {
      guard let bad = numbers.firstIndex(where: { !$0.isFinite }) else { continue }
      throw DataError(
        file: name, place: "image \(bad / size), pixel \(bad % size)", expected: "a finite number",
        found: "\(numbers[bad])", remedy: "The model is broken; train it again, with a lower learning rate.")
    }
    return inParallel(clean.count) { image in
      let range = image * size..<(image + 1) * size
      return ImageMetrics(
        of: Array(restored[range]), logits: logits.map { Array($0[range]) }, against: clean.numbers(of: image),
        shape: clean.shape)
    }
  }

  /// The metrics of each image of one set against the same image of another.
  ///
  /// - Precondition: both sets have the same shape and count.
  public static func ofEach(_ images: ImageSet, against clean: ImageSet) -> [ImageMetrics] {
    precondition(images.shape == clean.shape && images.count == clean.count, "the sets differ in shape or count")
    return inParallel(clean.count) { image in
      ImageMetrics(of: images.numbers(of: image), against: clean.numbers(of: image), shape: clean.shape)
    }
  }

  private static func inParallel(_ count: Int, _ metrics: @Sendable (Int) -> ImageMetrics) -> [ImageMetrics] {
    [ImageMetrics](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let images = buffer
      Threads.forEachRange(of: count, grain: 8) { range in
        for image in range { images.initializeElement(at: image, to: metrics(image)) }
      }
      initialized = count
    }
  }
}
