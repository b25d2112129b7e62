import Distortions
import Foundation
import HTTPTypes
import Hummingbird
import ImageSets
import Restoration
import Support

/// `POST /restore`: an image, corrected.
struct RestoreRoute: Sendable {
  let engine: Engine
  let limits: Limits

  static let recipes = Recipe.builtIn.map(\.name)

  func respond(to request: Request, _ body: [UInt8]) async throws -> Response {
    let query = try Query(request, known: ["model", "expect", "only_if_sure", "keep_place"])
    let type = try Acceptance(request).choose(among: [MediaTypes.png, MediaTypes.json])
    let entry = try engine.models.corrector(named: query.text("model"))
    let expected = try query.choice("expect", among: Self.recipes) ?? Recipe.expected.name
    let threshold = try query.probability("only_if_sure")
    guard threshold == 0 || entry.findsOrientations else {
      throw Fault(.conflict, "\(entry.name) does not say how sure it is; leave only_if_sure out.")
    }
    let keepsPlace = try query.flag("keep_place")
    let image = ReceivedImage(try request.file(in: body), limits: limits)
    if keepsPlace {
      guard threshold == 0 else { throw Fault(.conflict, "keep_place goes without only_if_sure.") }
      return try await engine.alone { try inPlace(image, by: entry, on: $0, as: type) }
    }
    let work = Order.Work.restore(model: entry.name, expecting: expected, onlyIfSure: threshold)
    do {
      // Images of other sizes than the network's do not go with others.
      if entry.takesAnySize { throw ReceivedImage.TakesLong() }
      let file = FileBox()
      return try await engine.order(work, images: try file.keep(image.fitted(for: entry))) { outcome in
        try answer(outcome.restored, in: file.stored, of: entry, as: type)
      }
    } catch is ReceivedImage.TakesLong {
      return try await engine.alone { networks in
        let stored = try image.found(for: entry)
        let restorer = try networks.restorer(entry.name, expecting: expected)
        let restored = Restored(try restorer.restoration(of: stored.images, ifSureBy: threshold))
        return try answer(restored, in: stored, of: entry, as: type)
      }
    }
  }

  private func inPlace(
    _ image: ReceivedImage, by entry: ServedModels.Entry, on networks: Networks, as type: String
  ) throws -> Response {
    let picture = try image.picture()
    let corrected = try networks.correctPage(picture, corrector: entry.name)
    let stored = StoredImages(images: corrected.picture(picture), names: [ReceivedImage.name], paper: Paper.none)
    let png = try stored.encoded(as: .png)
    guard type == MediaTypes.json else { return .png(png) }
    return JSONText.response(
      Answer(model: entry.name, image: Data(png).base64EncodedString(), restored: !corrected.restored.isEmpty))
  }

  private func answer(
    _ restored: Restored, in stored: StoredImages, of entry: ServedModels.Entry, as type: String
  ) throws -> Response {
    // What fits into one packet as it is travels no faster for being packed, which would take longer than most networks here.
    let isTiny = restored.images.shape.size <= 1024
    let png = try stored.replacing(restored.images).encoded(
      as: .png, compression: isTiny ? ImageEncoding.Compression.none : nil)
    let finding = restored.findings?.first
    let undone = restored.undone?.first
    if type == MediaTypes.json {
      return JSONText.response(
        Answer(
          model: entry.name, image: Data(png).base64EncodedString(), undone: undone, probability: finding?.probability,
          damage: finding?.damage.map { "\($0)" }, restored: restored.isChanged[0]))
    }
    var response = Response.png(png)
    if let finding, let undone {
      response.headers[Self.undone] = undone.rawValue
      response.headers[Self.probability] = fixed(Double(finding.probability), 4)
    }
    return response
  }

  private static let undone = HTTPField.Name("Tiddu-Undone")!
  private static let probability = HTTPField.Name("Tiddu-Probability")!

  private struct Answer: Encodable {
    var model: String
    /// PNG, in Base64.
    var image: String
    /// What was done to the image, and was undone; nil from a model that finds no orientations.
    var undone: Orientation?
    /// Of that orientation.
    var probability: Float?
    var damage: String?
    /// Whether anything was changed.
    var restored: Bool
  }
}

extension Networks {
  func correctPage(_ picture: ImageSet, corrector: String) throws -> CorrectedPage {
    try pageCorrector(corrector).correct(.read(picture.convertedToGray()))
  }
}

/// An image's file, kept from the thread that decodes it for when its answer is made there.
final class FileBox: @unchecked Sendable {
  // Written and read on the one thread that does the order's work.
  private var kept: StoredImages?

  /// - Precondition: something was kept.
  var stored: StoredImages {
    guard let kept else { preconditionFailure("an answer was made before its image was read") }
    return kept
  }

  func keep(_ stored: StoredImages) -> ImageSet {
    kept = stored
    return stored.images
  }
}

extension Response {
  static func png(_ bytes: [UInt8]) -> Response {
    Response(
      status: .ok, headers: [.contentType: MediaTypes.png, .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
