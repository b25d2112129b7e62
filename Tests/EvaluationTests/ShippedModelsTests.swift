import Distortions
import Evaluation
import ImageSets
import Restoration
import Support
import Testing

/// The trained models in `Models/`: nothing is trained here, and what they are said to do they do.
@Suite struct ShippedModelsTests {
  /// Digits by synthetic writers that no model was trained on; these very images, always.
  private static let digits = SyntheticDigits().imageSet(.test, subset: 600)

  private func accuracy(_ set: ImageSet) throws -> Double {
    let found = try Classifier(contentsOf: ShippedModels.reader).classify(set)
    return Double(zip(found, set.labels ?? []).count { $0.label == $1 }) / Double(set.count)
  }

  @Test func areSmall() throws {
    let sizes = try ShippedModels.names.map { name in
      try Folder.read(try #require(ShippedModels.path(of: name), "\(name) is not in Models/")).count
    }
    #expect(sizes.reduce(0, +) <= 10_000_000 && sizes.allSatisfy { $0 > 100_000 })
    #expect(ShippedModels.path(of: "tiddu-huge") == nil)
  }

  @Test func readerReads() throws {
    #expect(try accuracy(Self.digits) >= 0.97)
  }

  @Test(arguments: ["tiddu-small", "tiddu-best"]) func correct(name: String) throws {
    let restorer = try Restorer(contentsOf: name, expecting: .reportMultiple)
    let distorted = try Recipe.reportMultiple.compiled(for: Self.digits.shape).apply(to: Self.digits, seed: 2)
    let (before, after) = (try accuracy(distorted), try accuracy(restorer.restore(distorted)))
    #expect(before < 0.35 && after >= 0.9, "\(name) \(before) \(after)")
    let metrics = try MetricTable(
      clean: Self.digits, distorted: distorted, restored: restorer.estimate(distorted))
    #expect(metrics.restored.psnr.mean > 20, "\(metrics)")
  }

  /// Clean images come to no harm: nearly all keep every pixel, and they are read as before.
  @Test(arguments: ["tiddu-small", "tiddu-best"]) func harmNobody(name: String) throws {
    let restored = try Restorer(contentsOf: name).restoration(of: Self.digits)
    #expect(try accuracy(restored.images) >= accuracy(Self.digits) - 0.005)
    #expect(restored.unchanged.count > 500, "\(name) \(restored.unchanged.count)")
  }

  /// The same networks, told otherwise, decide as if they had been told so from the start.
  @Test func canBeToldOtherwise() throws {
    let distorted = try Recipe.reportMultiple.compiled(for: Self.digits.shape).apply(to: Self.digits, seed: 4)
    let restorer = try Restorer(contentsOf: "tiddu-small")
    let told = try restorer.expecting(.reportMultiple).restoration(of: distorted)
    let fromTheStart = try Restorer(contentsOf: "tiddu-small", expecting: .reportMultiple).restoration(of: distorted)
    #expect(told.images == fromTheStart.images && told.findings == fromTheStart.findings)
    #expect(try restorer.restoration(of: distorted).findings != told.findings)
  }

  /// The report's own model, which the others are compared with.
  @Test func reportsModelRestores() throws {
    let distorted = try Recipe.reportMultiple.compiled(for: Self.digits.shape).apply(to: Self.digits, seed: 2)
    let restored = try Restorer(contentsOf: ShippedModels.reportModel).restore(distorted)
    let (before, after) = (try accuracy(distorted), try accuracy(restored))
    #expect(before < 0.35 && after > 0.6, "\(before) \(after)")
  }
}
