import Distortions
import Groundwork
import ImageSets

/// What was measured of each picture of a set, in one version.
struct PictureValues {
  /// 1 where it was read right, else 0; or a mean of several.
  var right: [Double]
  /// In dB; empty where it was not measured, as for the next.
  var psnr: [Double]
  var ssim: [Double]

  init(_ outcome: ReadingAgain.Outcome) {
    right = outcome.recognition.correct.map { $0 ? 1 : 0 }
    psnr = outcome.psnr
    ssim = outcome.ssim
  }

  /// Picture by picture.
  func adding(_ other: PictureValues) -> PictureValues {
    var sum = self
    for index in right.indices { sum.right[index] += other.right[index] }
    for index in psnr.indices { sum.psnr[index] += other.psnr[index] }
    for index in ssim.indices { sum.ssim[index] += other.ssim[index] }
    return sum
  }

  func divided(by count: Double) -> PictureValues {
    var mean = self
    for index in right.indices { mean.right[index] /= count }
    for index in psnr.indices { mean.psnr[index] /= count }
    for index in ssim.indices { mean.ssim[index] /= count }
    return mean
  }

  /// Of all columns; the first one's is what the others gain over.
  static func figures(of columns: [PictureValues]) -> [BenchmarkTable.Figures] {
    columns.enumerated().map { number, values in
      BenchmarkTable.Figures(
        accuracy: Estimate(values.right),
        gain: number == 0 ? nil : Estimate(zip(values.right, columns[0].right).map { $0 - $1 }),
        psnr: values.psnr.isEmpty ? nil : Estimate(values.psnr),
        ssim: values.ssim.isEmpty ? nil : Estimate(values.ssim))
    }
  }
}

/// Measures one set after another, as it is and by all contenders.
struct BenchmarkMeasuring {
  let clean: ImageSet
  let recognizer: any Recognizer
  let contenders: [Contender]

  /// Of the pictures as they are, then of each contender. `progress` is told how many pictures are done.
  func values(
    _ name: String, _ recipe: Recipe, seed: UInt64, progress: (Int) -> Void
  ) throws -> [PictureValues] {
    let reading = try ReadingAgain(clean, seed: seed, recognizer: recognizer, corrector: nil)
    let given = try contenders.map { try pictures(of: $0, for: name) }
    var outcomes = [ReadingAgain.Outcome(recognition: Recognition(classes: recognizer.classes))]
    outcomes += contenders.map { contender in
      guard case .reader(let reader) = contender.means else { return outcomes[0] }
      return ReadingAgain.Outcome(recognition: Recognition(classes: reader.classes))
    }
    try reading.forEachPart(distortedBy: recipe) { part in
      try reading.read(part.distorted, of: part, withMetrics: true, into: &outcomes[0])
      for (number, contender) in contenders.enumerated() {
        var (version, reader, withMetrics) = (part.distorted, nil as (any Recognizer)?, true)
        switch contender.means {
        case .corrector(let corrector): version = try ReadingAgain.correct(part, by: corrector)
        case .pictures:
          let range = part.firstIndex..<part.firstIndex + part.clean.count
          if let given = given[number] { version = part.clean.replacingPixels(given.selecting(range).pixels) }
        case .reader(let own): (reader, withMetrics) = (own, false)
        }
        try reading.read(version, of: part, by: reader, withMetrics: withMetrics, into: &outcomes[number + 1])
      }
      progress(part.firstIndex + part.clean.count)
    }
    return outcomes.map(PictureValues.init)
  }

  /// What somebody else has made of a set; nil for all who are asked only when it is at hand.
  private func pictures(of contender: Contender, for name: String) throws -> ImageSet? {
    guard case .pictures(let pictures) = contender.means else { return nil }
    let set = try pictures(name)
    guard set.shape == clean.shape, set.count == clean.count else {
      throw DataError(
        file: set.source, expected: "\(grouped(clean.count)) pictures of \(clean.shape), as the set has",
        found: "\(grouped(set.count)) of \(set.shape)",
        remedy: "Correct the pictures that tiddu benchmark --export writes with the same --data, --part and --subset.")
    }
    return set
  }
}
