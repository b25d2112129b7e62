import Distortions
import Evaluation
import Foundation
import ImageSets
import Restoration
import Support
import TestSupport
import Testing

/// What images were to a model is told by the images, wherever they lie and whatever their part is called.
@Suite struct ProvenanceTests {
  private static let digits = SyntheticDigits().imageSet(writers: 0..<6, perWriter: 10, name: "digits")

  private func plan(_ set: ImageSet, at path: String?, _ validation: Validation = .none) throws -> TrainingPlan {
    var plan = try Presets.plan(named: "report-final")
    plan.data = DataRecord(set)
    plan.origin = path.map { DataOrigin(dataset: $0) }
    plan.validation = validation
    return plan
  }

  @Test func told() throws {
    try withTemporaryFolder { folder in
      let trained = Self.digits.selecting(0..<40)
      let path = "\(folder)/mine.npz"
      try trained.write(to: path)
      let plan = try plan(trained, at: path)
      for (set, expected) in [
        (trained, Provenance(.trainedOn, overlap: 40)),
        (Self.digits.selecting([3, 1, 2]), Provenance(.trainedOn, overlap: 3)),
        (Self.digits.selecting(30..<50), Provenance(.partlyTrainedOn, overlap: 10)),
        (Self.digits.selecting(39..<50), Provenance(.partlyTrainedOn, overlap: 1)),
        (Self.digits.selecting(40..<60), Provenance(.heldOut)),
        (TinyImages.ramp(count: 4, height: 9, width: 9), Provenance(.heldOut)),
      ] {
        #expect(Provenance(of: set, from: nil, by: [plan]) == expected)
      }
      #expect(Provenance(of: trained, from: nil, by: []) == Provenance(.heldOut), "nothing was trained")
      #expect(
        Provenance(of: Self.digits.selecting(30..<50), from: nil, by: [plan]).text(of: 20)
          == "10 of 20 also trained on")
    }
  }

  @Test func whatIsNotAtHandIsUnknown() throws {
    let (trained, other) = (Self.digits.selecting(0..<40), Self.digits.selecting(40..<60))
    let gone = try plan(trained, at: "/nowhere/mine.npz")
    #expect(Provenance(of: other, from: nil, by: [gone]).use == .unknown)
    #expect(Provenance(of: trained, from: nil, by: [gone]).use == .trainedOn)
    var unrecorded = gone
    unrecorded.data = nil
    #expect(Provenance(of: trained, from: nil, by: [unrecorded]).use == .unknown)
    try withTemporaryFolder { folder in
      // Other images have come to lie there.
      try other.write(to: "\(folder)/mine.npz")
      let changed = try plan(trained, at: "\(folder)/mine.npz")
      #expect(Provenance(of: other, from: nil, by: [changed]).use == .unknown)
    }
  }

  @Test func validatedOn() throws {
    try withTemporaryFolder { folder in
      for (part, range) in [("train", 0..<20), ("test", 20..<40), ("dig", 40..<60)] {
        try Self.digits.selecting(range).write(to: "\(folder)/\(part).npz")
      }
      let plan = try plan(Self.digits.selecting(0..<20), at: folder, .set("dig"))
      func use(_ part: Dataset.Part) throws -> RecognitionTable.Use {
        let origin = DataOrigin(dataset: folder, part: part)
        return try Provenance(of: origin.load(), from: origin, by: [plan]).use
      }
      #expect(try use(.train) == .trainedOn)
      #expect(try use(.test) == .heldOut)
      #expect(try use(.dig) == .validatedOn)
      // The same images under another name.
      #expect(Provenance(of: Self.digits.selecting(45..<50), from: nil, by: [plan]).use == .validatedOn)
      let one = Self.digits.selecting([21, 22, 59])
      #expect(Provenance(of: one, from: nil, by: [plan]).use == .validatedOn)
      // Where those that it was validated by are gone, its part's name is believed.
      try FileManager.default.removeItem(atPath: "\(folder)/dig.npz")
      func told(_ part: Dataset.Part) -> RecognitionTable.Use {
        Provenance(of: one, from: DataOrigin(dataset: "elsewhere", part: part), by: [plan]).use
      }
      #expect(told(.dig) == .validatedOn && told(.test) == .heldOut)
    }
  }
}

@Suite struct SubsetTests {
  @Test func spreadsOverTheSet() {
    let set = SyntheticDigits().imageSet(.test)
    let subset = set.subset(500)
    let numbers = subset.numbers ?? []
    #expect(numbers.count == 500 && numbers == numbers.sorted() && Set(numbers).count == 500)
    // A hundred writers and ten digits: every stretch and every label has its share.
    for stretch in 0..<10 { #expect((30...70).contains(numbers.count { $0 * 10 / set.count == stretch })) }
    for label in 0..<10 { #expect((30...70).contains((subset.labels ?? []).count { $0 == label })) }
    #expect(subset.pixels == set.selecting(numbers).pixels)
  }

  @Test func smallerOnesLieWithinLargerOnes() {
    let set = TinyImages.ramp(count: 97, height: 2, width: 2)
    #expect(Set(set.subset(40).numbers ?? []).isSuperset(of: set.subset(10).numbers ?? [-1]))
    #expect(set.subset(97) == set && set.subset(200) == set)
    // Of a subset, numbers stay those of the whole set.
    let inner = set.subset(40).subset(5)
    #expect(inner.pixels == set.selecting(inner.numbers ?? []).pixels)
  }

  @Test func syntheticOnesAreMadeAlone() {
    #expect(SyntheticDigits().imageSet(.dig, subset: 30) == SyntheticDigits().imageSet(.dig).subset(30))
  }

  /// An image of a subset suffers what it suffers in the whole set.
  @Test func keepsItsDistortions() throws {
    let set = SyntheticDigits().imageSet(writers: 0..<10, perWriter: 10, name: "digits")
    let distorter = try Recipe.reportMultiple.compiled(for: set.shape)
    let whole = distorter.apply(to: set, seed: 4)
    let subset = set.subset(20)
    #expect(distorter.apply(to: subset, seed: 4).pixels == whole.selecting(subset.numbers ?? []).pixels)
  }

  @Test func onlyTheOfficialImagesAreTheBenchmark() throws {
    let digits = SyntheticDigits().imageSet(.test, subset: 20)
    #expect(!KannadaMNISTC.title(of: digits).hasPrefix(KannadaMNISTC.title))
  }

  @Test(.enabled(if: RealData.isThere)) func theOfficialOnesAreKnown() throws {
    let test = try DataOrigin(dataset: RealData.root, part: .test).load()
    #expect(KannadaMNISTC.title(of: test) == KannadaMNISTC.title)
    #expect(KannadaMNISTC.title(of: test.subset(50), from: test).contains("a subset of 50 of 10000"))
    #expect(!KannadaMNISTC.title(of: test.prefix(50)).hasPrefix(KannadaMNISTC.title))
  }
}
