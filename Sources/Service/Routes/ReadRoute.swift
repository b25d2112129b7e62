import Figures
import Foundation
import Hummingbird
import ImageSets
import Pages
import Restoration

/// `POST /read`: the digits on a photograph, a scan or a sheet.
struct ReadRoute: Sendable {
  let engine: Engine
  let limits: Limits

  func respond(to request: Request, _ body: [UInt8]) async throws -> Response {
    let query = try Query(
      request, known: ["model", "corrector", "numbers", "crops", "upright", "paper", "only_if_sure"])
    let type = try Acceptance(request).choose(among: [MediaTypes.json, MediaTypes.png])
    let classifier = try engine.models.classifier(named: query.text("model"))
    let corrector =
      query.text("corrector") == "none"
      ? nil : try query.text("corrector").map { try engine.models.corrector(named: $0) } ?? engine.models.pageCorrector
    let (joins, areUpright) = (try query.flag("numbers"), try query.flag("upright"))
    let wantsCrops = try query.flag("crops")
    let paper = try query.choice("paper", among: ["light", "dark"]).flatMap(Paper.init(rawValue:))
    let threshold = try query.probability("only_if_sure")
    let image = ReceivedImage(try request.file(in: body), limits: limits)
    return try await engine.alone { networks in
      let reader = try networks.pageReader(classifier.name, corrector: corrector?.name, areUpright: areUpright)
      var (answer, drawing) = (Answer(crops: wantsCrops ? [] : nil), [UInt8]?.none)
      try image.forEachPage { picture in
        let reading = try reader.read(.read(picture.image.convertedToGray(), paper: paper))
        answer.pages.append(
          PageResult(reading, file: "image", page: picture.page, onlyIfSure: threshold, joinsNumbers: joins))
        answer.crops?.append(reading.images.eachInBase64)
        if type == MediaTypes.png, drawing == nil { drawing = try draw(reading, on: picture.image, doubt: threshold) }
      }
      return drawing.map(Response.png) ?? JSONText.response(answer)
    }
  }

  /// The first page with a box and a digit around each.
  private func draw(_ reading: PageReading, on picture: ImageSet, doubt: Float) throws -> [UInt8] {
    let marks = reading.digits.map { digit in
      PagePlot.Mark(digit.box, text: digit.name, isDoubtful: digit.probability < (doubt > 0 ? doubt : 0.7))
    }
    return try PagePlot(page: picture, marks: marks, caption: "\(reading.digits.count) digits").rendered(as: .png)
  }

  private struct Answer: Encodable {
    var pages: [PageResult] = []
    /// Of each page, its digits in the same order: pixels of 28×28, 0 for paper and 255 for ink, in Base64; nil unless asked for.
    var crops: [[String]]?
  }
}

extension ImageSet {
  /// Each image's pixels.
  var eachInBase64: [String] {
    let size = shape.size
    return (0..<count).map { Data(pixels[$0 * size..<($0 + 1) * size]).base64EncodedString() }
  }
}
