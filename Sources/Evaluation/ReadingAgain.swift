import Distortions
import ImageSets

/// How far a table's measuring has come.
public struct TableProgress: Sendable, Equatable {
  /// The set's name.
  public var set: String
  /// The row being measured, as the table calls it.
  public var row: String
  /// Pictures read so far, and to be read in all, counted anew for each row.
  public var done: Int
  public var total: Int
}

/// A set of clean pictures that is distorted in several ways, corrected, and read, a part at a time: of a distorted
/// version only that part is ever in memory.
struct ReadingAgain {
  let clean: ImageSet
  let seed: UInt64
  let recognizer: any Recognizer
  let corrector: (any Corrector)?
  /// The last part may be shorter.
  static let partSize = 1024

  /// One version of the pictures, as it was read.
  struct Outcome {
    var recognition: Recognition
    /// PSNR of each picture against the clean one, of bytes, with the peak 1, in dB, at most `highestPSNR`.
    var psnr: [Double] = []
  }

  /// Throws `DataError` for no pictures, or a label that is missing or no class, before anything is measured.
  init(_ clean: ImageSet, seed: UInt64, recognizer: any Recognizer, corrector: (any Corrector)?) throws {
    _ = try Recognition.labels(of: clean, classes: recognizer.classes)
    self.clean = clean
    self.seed = seed
    self.recognizer = recognizer
    self.corrector = corrector
  }

  /// Distorts the pictures by a recipe (epoch 0), and has them read as they are and, by a corrector, corrected: the
  /// corrector is given the very pictures that are read.
  ///
  /// - Parameter progress: called with the number of pictures done.
  func read(
    distortedBy recipe: Recipe, withPSNR: Bool, progress: (Int) -> Void
  ) throws -> (distorted: Outcome, corrected: Outcome?) {
    let distorter = try recipe.compiled(for: clean.shape)
    var distorted = Outcome(recognition: Recognition(classes: recognizer.classes))
    var corrected = distorted
    for start in stride(from: 0, to: clean.count, by: Self.partSize) {
      let part = clean.selecting(start..<min(start + Self.partSize, clean.count))
      let pictures = distorter.apply(to: part, seed: seed, firstIndex: start)
      try read(pictures, clean: part, firstIndex: start, withPSNR: withPSNR, into: &distorted)
      if let corrector {
        let restored = try corrector.restore(pictures)
        precondition(
          restored.shape == part.shape && restored.count == part.count, "a corrector keeps shape and count")
        try read(
          part.replacingPixels(restored.pixels), clean: part, firstIndex: start, withPSNR: withPSNR, into: &corrected)
      }
      progress(start + part.count)
    }
    return (distorted, corrector == nil ? nil : corrected)
  }

  private func read(
    _ pictures: ImageSet, clean: ImageSet, firstIndex: Int, withPSNR: Bool, into outcome: inout Outcome
  ) throws {
    outcome.recognition.append(
      try Recognition(
        recognizer.logProbabilities(of: pictures), of: pictures, classes: recognizer.classes, firstIndex: firstIndex))
    guard withPSNR else { return }
    outcome.psnr += (0..<clean.count).map { picture in
      let psnr = ImageMetrics.psnr(of: pictures.numbers(of: picture), against: clean.numbers(of: picture), peak: 1)
      return min(psnr, MetricSummary.highestPSNR)
    }
  }
}
