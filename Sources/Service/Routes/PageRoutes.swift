import Distortions
import Foundation
import Hummingbird
import ImageSets
import Support

/// The page to try it on, and what it is made of: all of it in the program itself.
struct PageRoutes: Sendable {
  private struct File {
    var bytes: [UInt8]
    var type: String
    var tag: String

    init(_ bytes: [UInt8], _ type: String) {
      (self.bytes, self.type) = (bytes, type)
      tag = "\"\(bytes.withUnsafeBytes { String(Checksum.of($0), radix: 36) })\""
    }
  }

  private let files: [String: File]

  init(_ models: ServedModels) { files = Self.files(models) }

  private static func files(_ models: ServedModels) -> [String: File] {
    [
      "/": File(PackageResources.index_html, "text/html; charset=utf-8"),
      "/app.js": Self.script(PackageResources.app_js), "/cards.js": Self.script(PackageResources.cards_js),
      "/link.js": Self.script(PackageResources.link_js), "/pad.js": Self.script(PackageResources.pad_js),
      "/picture.js": Self.script(PackageResources.picture_js), "/pixels.js": Self.script(PackageResources.pixels_js),
      "/service.js": Self.script(PackageResources.service_js), "/sliders.js": Self.script(PackageResources.sliders_js),
      "/style.css": File(PackageResources.style_css, "text/css; charset=utf-8"),
      "/icon.svg": File(PackageResources.icon_svg, "image/svg+xml"),
      "/openapi.json": File(document(models), MediaTypes.json),
      "/distortions": File(Array(JSONText.bytes(Self.distortions)), MediaTypes.json),
      "/gallery": File(Array(JSONText.bytes(Self.gallery)), MediaTypes.json),
    ]
  }

  private static func script(_ bytes: [UInt8]) -> File { File(bytes, "text/javascript; charset=utf-8") }

  var paths: [String] { files.keys.sorted() }

  func respond(to request: Request) throws -> Response {
    guard let file = files[request.uri.path] else { throw Fault(.notFound, "There is nothing here.") }
    var response = Response(
      status: .ok, headers: [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"])
    if request.headers[.ifNoneMatch] == file.tag {
      response.status = .notModified
    } else {
      response.body = .init(byteBuffer: ByteBuffer(bytes: file.bytes))
    }
    return response
  }

  /// What programs are told, with the names of the models that are served.
  private static func document(_ models: ServedModels) -> [UInt8] {
    func list(_ entries: [ServedModels.Entry]) -> String { entries.map { "\"\($0.name)\"" }.joined(separator: ", ") }
    let names = [
      "\"MODELS\"": models.entries, "\"CORRECTORS\"": models.entries.filter { !$0.isClassifier },
      "\"CLASSIFIERS\"": models.entries.filter(\.isClassifier),
    ]
    let template = String(decoding: PackageResources.openapi_json, as: UTF8.self)
    return Array(names.reduce(template) { $0.replacing($1.key, with: list($1.value)) }.utf8)
  }

  private struct Kind: Encodable {
    var name: String
    /// Whether it is more than on or off.
    var hasSeverity: Bool
    /// What is drawn for each image.
    var parameters: [String]
  }

  private static var distortions: [String: [Kind]] {
    [
      "distortions": GradedDistortions.order.map {
        Kind(name: $0.name, hasSeverity: $0.graded(0.5) != nil, parameters: $0.parameterNames)
      }
    ]
  }

  private struct Example: Encodable {
    var label: Int
    var image: String
  }

  /// Ten of each class, by hands that no model has seen.
  private static var gallery: [String: [Example]] {
    let set = SyntheticDigits(seed: 0x0CE6).imageSet(writers: 0..<10, perWriter: 10, name: "gallery")
    return ["images": zip(set.labels ?? [], set.eachInBase64).map { Example(label: $0, image: $1) }]
  }
}
