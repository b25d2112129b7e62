import Groundwork
import ImageSets

/// The metrics of a set of pictures: means over its pictures with their standard errors.
public struct MetricSummary: Codable, Sendable, Equatable {
  /// Of pixels 0…1.
  public var meanSquaredError: Estimate
  /// The mean of the pictures' PSNR with the peak 1, in dB, each counted with at most `highestPSNR`.
  public var psnr: Estimate
  /// Nil when the pictures are smaller than the window.
  public var ssim: Estimate?
  /// In nats a pixel.
  public var binaryCrossEntropy: Estimate
  /// Share of pixels whose clean value equals (p > ½) exactly.
  public var binaryAccuracy: Estimate
  /// How many pictures equal the clean ones exactly.
  public var identicalPictures: Int

  /// A picture that equals the clean one has an infinite PSNR, and one such picture would make every mean infinite.
  public static let highestPSNR = 100.0

  enum CodingKeys: String, CodingKey {
    case meanSquaredError = "mse"
    case psnr
    case ssim
    case binaryCrossEntropy = "binary_cross_entropy"
    case binaryAccuracy = "binary_accuracy"
    case identicalPictures = "identical_pictures"
  }

  /// - Precondition: at least one picture.
  public init(_ pictures: [ImageMetrics]) {
    meanSquaredError = Estimate(pictures.map(\.meanSquaredError))
    psnr = Estimate(pictures.map { min($0.psnr, Self.highestPSNR) })
    let similarities = pictures.compactMap(\.ssim)
    ssim = similarities.isEmpty ? nil : Estimate(similarities)
    binaryCrossEntropy = Estimate(pictures.map(\.binaryCrossEntropy))
    binaryAccuracy = Estimate(pictures.map(\.binaryAccuracy))
    identicalPictures = pictures.count { $0.meanSquaredError == 0 }
  }
}

extension ImageMetrics {
  /// The metrics of each picture of `restored`, numbers 0…1 (N, H, W, C), against the same one of `clean`.
  ///
  /// Throws `DataError` when a number is not finite. `name` is what the error calls the pictures.
  ///
  /// - Precondition: as many numbers as `clean` has pixels; the same for `logits`.
  public static func ofEach(
    _ restored: [Float], logits: [Float]? = nil, against clean: ImageSet, name: String
  ) throws(DataError) -> [ImageMetrics] {
    precondition(restored.count == clean.pixels.count, "\(restored.count) numbers are no restored \(clean.name)")
    precondition(logits == nil || logits?.count == restored.count, "one logit a pixel is wanted")
    let size = clean.shape.size
    for numbers in [restored, logits ?? []] {
      guard let bad = numbers.firstIndex(where: { !$0.isFinite }) else { continue }
      throw DataError(
        file: name, place: "picture \(bad / size), pixel \(bad % size)", expected: "a finite number",
        found: "\(numbers[bad])", remedy: "The model is broken; train it again, with a lower learning rate.")
    }
    return inParallel(clean.count) { picture in
      let range = picture * size..<(picture + 1) * size
      return ImageMetrics(
        of: Array(restored[range]), logits: logits.map { Array($0[range]) }, against: clean.numbers(of: picture),
        shape: clean.shape)
    }
  }

  /// The metrics of each picture of one set against the same picture of another.
  ///
  /// - Precondition: both sets have the same shape and count.
  public static func ofEach(_ pictures: ImageSet, against clean: ImageSet) -> [ImageMetrics] {
    precondition(pictures.shape == clean.shape && pictures.count == clean.count, "the sets differ in shape or count")
    return inParallel(clean.count) { picture in
      ImageMetrics(of: pictures.numbers(of: picture), against: clean.numbers(of: picture), shape: clean.shape)
    }
  }

  private static func inParallel(_ count: Int, _ metrics: @Sendable (Int) -> ImageMetrics) -> [ImageMetrics] {
    [ImageMetrics](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let pictures = buffer
      Threads.forEachRange(of: count, grain: 8) { range in
        for picture in range { pictures.initializeElement(at: picture, to: metrics(picture)) }
      }
      initialized = count
    }
  }
}
