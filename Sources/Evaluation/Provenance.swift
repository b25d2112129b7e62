import ImageSets
import Restoration
import Support

/// What a set's images were to models before they are measured with them, told by the images themselves and not by
/// what their part is called.
package struct Provenance: Codable, Sendable, Equatable {
  package var use: RecognitionTable.Use
  /// Images of the set that were trained on, where it is known; the same pixels by chance, such as an empty sheet's,
  /// count as well.
  package var overlap: Int

  package init(_ use: RecognitionTable.Use, overlap: Int = 0) {
    self.use = use
    self.overlap = overlap
  }

  /// Of one set; several are told by one `TrainedOn`, which reads what was trained on once.
  package init(of set: ImageSet, from origin: DataOrigin?, by plans: [TrainingPlan]) {
    self = TrainedOn(plans).provenance(of: set, from: origin)
  }

  /// In words, of `images` in all.
  package func text(of images: Int) -> String {
    use == .partlyTrainedOn
      ? "\(grouped(overlap)) of \(grouped(images)) also trained on"
      : use == .unknown ? "whether trained on, unknown" : use.label
  }
}

/// What models were trained on and validated by: by the records that they keep of it, and by the images where they are
/// still there. Those are read when they are first wanted.
package final class TrainedOn {
  private let plans: [TrainingPlan]
  /// Checksums of the images that an origin has, where they could be read, by its place among those asked for.
  private var known: [(origin: DataOrigin, images: Images?)] = []

  private struct Images {
    var shape: ImageSet.Shape
    var count: Int
    var checksum: UInt64
    var each: Set<UInt64>

    init(_ set: ImageSet) {
      (shape, count, checksum, each) = (set.shape, set.count, set.checksum, Set(set.checksumsOfEach))
    }
  }

  /// - Parameter plans: of all networks that take part, those that read among them.
  package init(_ plans: [TrainingPlan]) { self.plans = plans }

  /// - Parameter origin: where the set is from; nil where that is not known.
  package func provenance(of set: ImageSet, from origin: DataOrigin?) -> Provenance {
    let (checksum, each) = (set.checksum, set.checksumsOfEach)
    func count(in other: Images) -> Int {
      set.shape == other.shape ? each.count(where: other.each.contains) : 0
    }
    func find(in plan: TrainingPlan) -> Provenance {
      guard let record = plan.data else { return Provenance(.unknown) }
      if record.isOf(set.count, checksum) { return Provenance(.trainedOn, overlap: set.count) }
      let validates = isValidated(origin, in: plan, count)
      guard let training = plan.origin.flatMap(images), record.isOf(training.count, training.checksum) else {
        return Provenance(validates ? .validatedOn : .unknown)
      }
      let overlap = count(in: training)
      if overlap == set.count { return Provenance(.trainedOn, overlap: overlap) }
      if overlap > 0 { return Provenance(.partlyTrainedOn, overlap: overlap) }
      return Provenance(validates ? .validatedOn : .heldOut)
    }
    let all = plans.map(find)
    let order: [RecognitionTable.Use] = [.trainedOn, .partlyTrainedOn, .validatedOn, .unknown]
    let use = order.first { use in all.contains { $0.use == use } } ?? .heldOut
    return Provenance(use, overlap: all.map(\.overlap).max() ?? 0)
  }

  /// Whether a set from there, or one of which `count` finds images, is what the plan was validated by.
  private func isValidated(_ origin: DataOrigin?, in plan: TrainingPlan, _ count: (Images) -> Int) -> Bool {
    guard case .set(let name) = plan.validation, let part = Dataset.Part(rawValue: name) else { return false }
    if let origin, let trained = plan.origin, origin.part == part, origin.dataset == trained.dataset { return true }
    guard let validation = plan.origin.flatMap({ images(of: DataOrigin(dataset: $0.dataset, part: part)) }) else {
      return origin?.part == part
    }
    return count(validation) > 0
  }

  private func images(of origin: DataOrigin) -> Images? {
    if let read = known.first(where: { $0.origin == origin }) { return read.images }
    let images = (try? origin.load()).map(Images.init)
    known.append((origin, images))
    return images
  }
}

extension ImageSet {
  /// One an image: the same pixels have the same.
  fileprivate var checksumsOfEach: [UInt64] {
    pixels.withUnsafeBytes { bytes in
      (0..<count).map { image in
        Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[image * shape.size..<(image + 1) * shape.size]))
      }
    }
  }
}

extension DataRecord {
  /// Whether it is of these images, whatever their labels.
  fileprivate func isOf(_ count: Int, _ checksum: UInt64) -> Bool {
    images == count && self.checksum == String(checksum, radix: 16)
  }
}
