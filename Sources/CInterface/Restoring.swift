public import CTiddu
import Distortions
import ImageSets
import Restoration
import Support

public typealias Message = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

@_cdecl("tiddu_open_restorer")
public func openRestorer(
  _ model: UnsafePointer<CChar>?, _ expecting: UnsafePointer<CChar>?,
  _ restorer: UnsafeMutablePointer<OpaquePointer?>?, _ message: Message?
) -> Int32 {
  status(message) {
    guard let restorer else { throw Images.missing("restorer") }
    restorer.pointee = nil
    let expected = try expecting.map { try Recipe.given(text($0, "expecting")) } ?? .expected
    restorer.pointee = Handle.make(try Restorer(contentsOf: text(model, "model"), expecting: expected))
  }
}

@_cdecl("tiddu_close_restorer")
public func closeRestorer(_ restorer: OpaquePointer?) { Handle<Restorer>.release(restorer) }

@_cdecl("tiddu_finds_orientations")
public func findsOrientations(_ restorer: OpaquePointer?) -> Int32 {
  (try? Handle<Restorer>.object(restorer, "restorer"))?.findsOrientations == true ? 1 : 0
}

@_cdecl("tiddu_orientation_name")
public func orientationName(_ number: Int32) -> UnsafePointer<CChar>? {
  orientationNames.indices.contains(Int(number)) ? orientationNames[Int(number)].pointer : nil
}

private let orientationNames = Orientation.allCases.map { CText($0.rawValue) }

@_cdecl("tiddu_restore")
public func restore(
  _ restorer: OpaquePointer?, _ images: UnsafePointer<tiddu_images>?, _ onlyIfSure: Float,
  _ restored: UnsafeMutableRawPointer?, _ findings: UnsafeMutablePointer<tiddu_finding>?, _ message: Message?
) -> Int32 {
  status(message) {
    let restorer = try Handle<Restorer>.object(restorer, "restorer")
    let set = try Images.set(images)
    guard (0...1).contains(onlyIfSure) else {
      throw UsageError("only_if_sure is \(onlyIfSure)", remedy: "Give a probability from 0 to 1, such as 0.9.")
    }
    try Images.check(set, for: restorer.shape, anySize: restorer.takesAnySize, model: restorer.name)
    if set.count == 0 { return }
    guard findings != nil || onlyIfSure > 0 else {
      return try Images.write(restorer.restore(set), to: restored, like: images)
    }
    let result = try restorer.restoration(of: set, ifSureBy: onlyIfSure)
    guard let findings else { return try Images.write(result.images, to: restored, like: images) }
    guard let found = result.findings else {
      throw UsageError("\(restorer.name) does not say what it undoes", remedy: "Choose a model of two parts.")
    }
    try Images.write(result.images, to: restored, like: images)
    let unchanged = Set(result.unchanged)
    for (number, one) in found.enumerated() {
      findings[number] = tiddu_finding(
        undone: Int32(Orientation.allCases.firstIndex(of: one.orientation) ?? 0), probability: one.probability,
        is_changed: unchanged.contains(number) ? 0 : 1)
    }
  }
}

@_cdecl("tiddu_distort")
public func distort(
  _ recipe: UnsafePointer<CChar>?, _ images: UnsafePointer<tiddu_images>?, _ seed: UInt64, _ epoch: Int64,
  _ first: Int64, _ distorted: UnsafeMutableRawPointer?, _ message: Message?
) -> Int32 {
  status(message) {
    var set = try Images.set(images)
    let largest = Int64(UInt32.max)
    guard (0...largest).contains(epoch), (0...largest - 1).contains(first), first + Int64(set.count) <= largest else {
      throw UsageError("epoch \(epoch), first image \(first)", remedy: "Count both from 0, up to \(largest).")
    }
    let recipe = try Recipe.given(text(recipe, "recipe"))
    if set.count == 0 { return }
    set.numbers = Array(Int(first)..<Int(first) + set.count)
    let result = try recipe.distort(set.replacingPixels(set.pixels), seed: seed, epoch: Int(epoch))
    try Images.write(result, to: distorted, like: images)
  }
}

extension Recipe {
  /// By its name, from a file, or, where there is more than one line, from its own YAML.
  fileprivate static func given(_ text: String) throws -> Recipe {
    text.contains("\n") ? try Recipe(yaml: text) : try .named(text)
  }
}
