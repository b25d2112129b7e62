import Groundwork
import ImageSets
import Restoration

/// What a set's pictures were to models before they are measured with them, told by the pictures themselves and not by
/// what their part is called.
public struct Provenance: Codable, Sendable, Equatable {
  public var use: RecognitionTable.Use
  /// Pictures of the set that were trained on, where it is known; the same pixels by chance, such as an empty sheet's,
  /// count as well.
  public var overlap: Int

  public init(_ use: RecognitionTable.Use, overlap: Int = 0) {
    self.use = use
    self.overlap = overlap
  }

  /// By the records that the models keep of what they were trained on, and by the pictures where they are still there.
  ///
  /// - Parameters:
  ///   - origin: where the set is from; nil where that is not known.
  ///   - plans: of all networks that take part, those that read among them.
  public init(of set: ImageSet, from origin: DataOrigin?, by plans: [TrainingPlan]) {
    // The parts of a model are trained on the same pictures mostly, and those need not be read twice.
    let different = plans.reduce(into: [TrainingPlan]()) { known, plan in
      let isKnown = known.contains {
        $0.origin == plan.origin && $0.data == plan.data && $0.validation == plan.validation
      }
      if !isKnown { known.append(plan) }
    }
    let all = different.map { Self.find(set, origin, in: $0) }
    let order: [RecognitionTable.Use] = [.trainedOn, .partlyTrainedOn, .validatedOn, .unknown]
    let use = order.first { use in all.contains { $0.use == use } } ?? .heldOut
    self.init(use, overlap: all.map(\.overlap).max() ?? 0)
  }

  private static func find(_ set: ImageSet, _ origin: DataOrigin?, in plan: TrainingPlan) -> Provenance {
    guard let record = plan.data else { return Provenance(.unknown) }
    if record.isOf(set) { return Provenance(.trainedOn, overlap: set.count) }
    let validates = isValidated(set, origin, in: plan)
    guard let training = try? plan.origin?.load(), record.isOf(training) else {
      return Provenance(validates ? .validatedOn : .unknown)
    }
    let overlap = count(of: set, in: training)
    if overlap == set.count { return Provenance(.trainedOn, overlap: overlap) }
    if overlap > 0 { return Provenance(.partlyTrainedOn, overlap: overlap) }
    return Provenance(validates ? .validatedOn : .heldOut)
  }

  /// Whether the set, or the one that it is a subset of, is what the plan was validated by.
  private static func isValidated(_ set: ImageSet, _ origin: DataOrigin?, in plan: TrainingPlan) -> Bool {
    guard case .set(let name) = plan.validation, let part = Dataset.Part(rawValue: name) else { return false }
    if let origin, let trained = plan.origin, origin.part == part, origin.dataset == trained.dataset { return true }
    guard let validation = try? plan.origin.flatMap({ try DataOrigin(dataset: $0.dataset, part: part).load() }) else {
      return origin?.part == part
    }
    return count(of: set, in: validation) > 0
  }

  /// Pictures of the one set that are also in the other, pixel for pixel as far as a checksum tells.
  private static func count(of set: ImageSet, in other: ImageSet) -> Int {
    guard set.shape == other.shape else { return 0 }
    let known = Set(checksums(of: other))
    return checksums(of: set).count(where: known.contains)
  }

  private static func checksums(of set: ImageSet) -> [UInt64] {
    set.pixels.withUnsafeBytes { bytes in
      (0..<set.count).map { picture in
        Checksum.of(
          UnsafeRawBufferPointer(rebasing: bytes[picture * set.shape.size..<(picture + 1) * set.shape.size]))
      }
    }
  }

  /// In words, of `pictures` in all.
  public func text(of pictures: Int) -> String {
    use == .partlyTrainedOn
      ? "\(grouped(overlap)) of \(grouped(pictures)) also trained on"
      : use == .unknown ? "whether trained on, unknown" : use.label
  }
}

extension DataRecord {
  /// Whether it is of these pictures, whatever their labels.
  fileprivate func isOf(_ set: ImageSet) -> Bool {
    pictures == set.count && checksum == String(set.checksum, radix: 16)
  }
}
