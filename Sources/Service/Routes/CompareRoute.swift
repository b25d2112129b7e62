import Distortions
import Foundation
import Hummingbird
import ImageSets
import Restoration

/// `POST /compare`: a clean image, distorted as it is wished, and corrected by every model, with what is read before and after.
struct CompareRoute: Sendable {
  /// Bytes of a body.
  static let most = 1 << 16

  let engine: Engine

  private struct Wish: Decodable, Sendable {
    /// Pixels of 28×28, a byte each, 0 for paper and 255 for ink, in Base64.
    var image: String
    /// By name, 0…1.
    var distortions: [String: Double]?
    var seed: UInt32?
    /// A recipe's name.
    var expect: String?
  }

  private struct Answer: Encodable {
    var distorted: Picture
    /// What was done, in its order, with the numbers that were drawn.
    var distortions: [DistortionRecord.Entry]
    var clean: Picture
    var restored: [Picture]
    var classes: [String]
  }

  private struct Picture: Encodable {
    /// The model that made it; nil for what no model made.
    var model: String?
    /// Pixels, in Base64.
    var image: String
    /// Of each class, by the classifier.
    var probabilities: [Float]
    var undone: Orientation?
    /// Of that orientation.
    var probability: Float?
    var damage: String?
    var isChanged: Bool?
  }

  func respond(to request: Request, _ body: [UInt8]) async throws -> Response {
    _ = try Query(request, known: [])
    _ = try Acceptance(request).choose(among: [MediaTypes.json])
    let wish = try JSONText.decode(Wish.self, from: body)
    let classifier = try engine.models.classifier(named: nil)
    let shape = classifier.shape
    guard let pixels = Data(base64Encoded: wish.image), pixels.count == shape.size else {
      throw Fault(.badRequest, "\"image\" is expected to be \(shape.size) bytes, a pixel each, in Base64.")
    }
    let expected = wish.expect ?? Recipe.expected.name
    guard RestoreRoute.recipes.contains(expected) else {
      throw Fault(.badRequest, "\"expect\" is one of \(RestoreRoute.recipes.joined(separator: ", ")).")
    }
    let distortions = try GradedDistortions(wish.distortions ?? [:])
    let clean = ImageSet(shape: shape, pixels: Array(pixels), name: "image", source: "a request")
    let (distorted, record) = try distortions.apply(to: clean, seed: UInt64(wish.seed ?? 1))
    let correctors = engine.models.entries.filter { !$0.isClassifier && $0.shape == shape }
    let restored = try await restore(distorted, by: correctors, expecting: expected)
    let all = try ImageSet(joining: [clean, distorted] + restored.map(\.images), name: "images", source: "a request")
    let found = try await engine.order(.classify(model: classifier.name), count: all.count, images: all) {
      $0.classified
    }
    return JSONText.response(
      Answer(
        distorted: Picture(image: text(distorted), probabilities: found[1].probabilities),
        distortions: record.distortions,
        clean: Picture(image: text(clean), probabilities: found[0].probabilities),
        restored: restored.enumerated().map { number, one in
          picture(one, by: correctors[number].name, found[number + 2])
        }, classes: classifier.classes))
  }

  private func restore(_ image: ImageSet, by correctors: [ServedModels.Entry], expecting expected: String) async throws
    -> [Restored]
  {
    try await withThrowingTaskGroup(of: (Int, Restored).self) { group in
      for (number, entry) in correctors.enumerated() {
        group.addTask {
          let work = Order.Work.restore(model: entry.name, expecting: expected, onlyIfSure: 0)
          let restored = try await engine.order(work, images: image) { $0.restored }
          return (number, restored)
        }
      }
      var results = [(Int, Restored)]()
      for try await result in group { results.append(result) }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func picture(_ restored: Restored, by model: String, _ found: Classification) -> Picture {
    let finding = restored.findings?.first
    return Picture(
      model: model, image: text(restored.images), probabilities: found.probabilities,
      undone: restored.undone?.first, probability: finding?.probability,
      damage: finding?.damage.map { "\($0)" }, isChanged: restored.isChanged[0])
  }

  private func text(_ set: ImageSet) -> String { set.eachInBase64[0] }
}
