import Support

/// One epoch as it was measured. Losses are means over the epoch's steps, while the weights changed, as Keras has them.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// From 1.
  public var epoch: Int
  /// Of the epoch's last step.
  public var learningRate: Double
  /// Penalties included.
  public var loss: Double
  /// Share of values whose target equals (output > ½) exactly, or of images whose class was found.
  public var accuracy: Double
  /// After the epoch, on the validation images; nil without.
  public var validationLoss: Double?
  /// The same on the validation images; nil without.
  public var validationAccuracy: Double?
  /// What penalties add to `validationLoss`; nil where nothing is penalised or validated.
  package var validationPenalty: Double?

  package init(
    epoch: Int, learningRate: Double, loss: Double, accuracy: Double, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, validationPenalty: Double? = nil
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.validationPenalty = validationPenalty
  }

  /// What early stopping and the best checkpoint go by.
  package var watched: Double { validationLoss ?? loss }
}

/// How long an epoch took; kept beside the records, since it differs from run to run.
public struct EpochTiming: Equatable, Sendable {
  /// Of the whole epoch, validation included, the files not.
  public var seconds: Double
  /// Of its training part.
  public var imagesPerSecond: Double
}

/// A run's epochs so far.
package struct History: Codable, Equatable, Sendable {
  package var records: [EpochRecord] = []

  package init() {}

  /// The record with the lowest watched loss, the first of several.
  package var best: EpochRecord? { records.min { $0.watched < $1.watched } }

  /// True when the last `patience` epochs brought nothing better.
  package func isExhausted(patience: Int?) -> Bool {
    guard let patience, let best, let last = records.last else { return false }
    return last.epoch - best.epoch >= patience
  }

  /// `history.csv`; epochs without a timing have two empty fields.
  ///
  /// - Parameter accuracy: what the columns of `accuracy` are called.
  func csv(accuracy: String, timings: [Int: EpochTiming]) -> String {
    var lines = ["epoch,learning_rate,loss,\(accuracy),val_loss,val_\(accuracy),seconds,images_per_second"]
    for record in records {
      let timing = timings[record.epoch]
      let fields: [String?] = [
        "\(record.epoch)", "\(record.learningRate)", "\(record.loss)", "\(record.accuracy)",
        record.validationLoss.map { "\($0)" }, record.validationAccuracy.map { "\($0)" },
        timing.map { fixed($0.seconds, 3) }, timing.map { fixed($0.imagesPerSecond, 0) },
      ]
      lines.append(fields.map { $0 ?? "" }.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The timings in an earlier `history.csv`; what cannot be read is left out.
  static func timings(inCSV text: String) -> [Int: EpochTiming] {
    var timings: [Int: EpochTiming] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 8, let epoch = Int(fields[0]), let seconds = Double(fields[6]),
        let rate = Double(fields[7])
      else { continue }
      timings[epoch] = EpochTiming(seconds: seconds, imagesPerSecond: rate)
    }
    return timings
  }
}
