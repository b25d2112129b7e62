import Distortions
import ImageSets
import Support

/// What was measured of each image of a set, in one version.
struct ImageValues {
  /// 1 where the class was right, else 0; or a mean of several.
  var right: [Double]
  /// In dB; empty where it was not measured, as for the next.
  var psnr: [Double]
  var ssim: [Double]

  init(_ outcome: RecognitionMeasuring.Outcome) {
    right = outcome.recognition.correct.map { $0 ? 1 : 0 }
    psnr = outcome.psnr
    ssim = outcome.ssim
  }

  /// Image by image.
  func adding(_ other: ImageValues) -> ImageValues {
    var sum = self
    for index in right.indices { sum.right[index] += other.right[index] }
    for index in psnr.indices { sum.psnr[index] += other.psnr[index] }
    for index in ssim.indices { sum.ssim[index] += other.ssim[index] }
    return sum
  }

  func divided(by count: Double) -> ImageValues {
    var mean = self
    for index in right.indices { mean.right[index] /= count }
    for index in psnr.indices { mean.psnr[index] /= count }
    for index in ssim.indices { mean.ssim[index] /= count }
    return mean
  }

  /// Of all columns; the first one's is what the others gain over.
  static func figures(of columns: [ImageValues]) -> [BenchmarkTable.Figures] {
    columns.enumerated().map { number, values in
      BenchmarkTable.Figures(
        accuracy: Estimate(values.right),
        gain: number == 0 ? nil : Estimate(zip(values.right, columns[0].right).map { $0 - $1 }),
        psnr: values.psnr.isEmpty ? nil : Estimate(values.psnr),
        ssim: values.ssim.isEmpty ? nil : Estimate(values.ssim))
    }
  }
}

/// Measures one set after another, as it is and by all methods.
struct BenchmarkMeasuring {
  let clean: ImageSet
  let recognizer: any Recognizer
  let methods: [BenchmarkMethod]

  /// Of the images as they are, then of each method. `progress` is told how many images are done.
  func values(
    _ name: String, _ recipe: Recipe, seed: UInt64, progress: (Int) -> Void
  ) throws -> [ImageValues] {
    let reading = try RecognitionMeasuring(clean, seed: seed, recognizer: recognizer, corrector: nil)
    let given = try methods.map { try images(of: $0, for: name) }
    var outcomes = [RecognitionMeasuring.Outcome(recognition: Recognition(by: recognizer))]
    outcomes += methods.map { method in
      guard case .reader(let reader) = method.means else { return outcomes[0] }
      return RecognitionMeasuring.Outcome(recognition: Recognition(by: reader))
    }
    try reading.forEachPart(distortedBy: recipe) { part in
      try reading.read(part.distorted, of: part, withMetrics: true, into: &outcomes[0])
      for (number, method) in methods.enumerated() {
        var (version, reader, withMetrics) = (part.distorted, nil as (any Recognizer)?, true)
        switch method.means {
        case .corrector(let corrector): version = try RecognitionMeasuring.correct(part, by: corrector)
        case .images:
          let range = part.firstIndex..<part.firstIndex + part.clean.count
          if let given = given[number] { version = part.clean.replacingPixels(given.selecting(range).pixels) }
        case .reader(let own): (reader, withMetrics) = (own, false)
        }
        try reading.read(version, of: part, by: reader, withMetrics: withMetrics, into: &outcomes[number + 1])
      }
      progress(part.firstIndex + part.clean.count)
    }
    return outcomes.map(ImageValues.init)
  }

  /// What somebody else has made of a set; nil for all who are asked only when it is at hand.
  private func images(of method: BenchmarkMethod, for name: String) throws -> ImageSet? {
    guard case .images(let images) = method.means else { return nil }
    let set = try images(name)
    guard set.shape == clean.shape, set.count == clean.count else {
      throw DataError(
        file: set.source, expected: "\(grouped(clean.count)) images of \(clean.shape), as the set has",
        found: "\(grouped(set.count)) of \(set.shape)",
        remedy: "Correct the images that tiddu benchmark --export writes with the same --data, --part and --subset.")
    }
    return set
  }
}
