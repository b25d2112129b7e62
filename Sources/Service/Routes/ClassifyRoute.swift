import Distortions
import Hummingbird
import ImageSets
import Restoration

/// `POST /classify`: what an image shows, corrected first if that is wanted.
struct ClassifyRoute: Sendable {
  let engine: Engine
  let limits: Limits

  func respond(to request: Request, _ body: [UInt8]) async throws -> Response {
    let query = try Query(request, known: ["model", "corrector", "expect"])
    _ = try Acceptance(request).choose(among: [MediaTypes.json])
    let entry = try engine.models.classifier(named: query.text("model"))
    let corrector = try query.text("corrector").map { try engine.models.corrector(named: $0) }
    if let corrector, corrector.shape != entry.shape {
      throw Fault(.conflict, "\(corrector.name) and \(entry.name) take images of different sizes.")
    }
    let expected = try query.choice("expect", among: RestoreRoute.recipes) ?? Recipe.expected.name
    let image = ReceivedImage(try request.file(in: body), limits: limits)
    let classify = Order.Work.classify(model: entry.name)
    do {
      guard let corrector else {
        return try await engine.order(classify, images: try image.fitted(for: entry).images) {
          answer($0.classified, entry)
        }
      }
      let restore = Order.Work.restore(model: corrector.name, expecting: expected, onlyIfSure: 0)
      let restored = try await engine.order(restore, images: try image.fitted(for: entry).images) { $0.restored.images }
      return try await engine.order(classify, images: restored) { answer($0.classified, entry) }
    } catch is ReceivedImage.TakesLong {
      return try await engine.alone { networks in
        var images = try image.found(for: entry).images
        if let corrector { images = try networks.restorer(corrector.name, expecting: expected).restore(images) }
        return answer(try networks.classifier(entry.name).classify(images), entry)
      }
    }
  }

  /// - Precondition: there is one image.
  private func answer(_ found: [Classification], _ entry: ServedModels.Entry) -> Response {
    let first = found[0]
    return JSONText.response(
      Answer(
        model: entry.name, label: first.label, class: entry.classes[first.label], probability: first.confidence,
        classes: entry.classes, probabilities: first.probabilities))
  }

  private struct Answer: Encodable {
    var model: String
    /// The class' place among all, from 0.
    var label: Int
    var `class`: String
    /// Of that class.
    var probability: Float
    var classes: [String]
    /// In the order of the classes.
    var probabilities: [Float]
  }
}
