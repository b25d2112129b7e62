import CLeptonica
import Foundation
import Support

/// Which pixels of a page are ink, as Leptonica has it: one bit a pixel.
final class BitPlane: @unchecked Sendable {
  private let pix: UnsafeMutablePointer<PIX>
  let width: Int
  let height: Int

  /// Takes what a function of Leptonica's made; nil where it had no memory.
  private init(_ pix: UnsafeMutablePointer<PIX>?, _ operation: String) throws {
    guard let pix else { throw Self.noMemory(operation) }
    self.pix = pix
    width = Int(pixGetWidth(pix))
    height = Int(pixGetHeight(pix))
  }

  static func noMemory(_ operation: String) -> ResourceError {
    ResourceError("no memory to \(operation)", remedy: "Give a smaller image.")
  }

  deinit {
    var pix: UnsafeMutablePointer<PIX>? = pix
    pixDestroy(&pix)
  }

  /// Leptonica tells its errors by its results; what it would print is nobody's.
  private static let isQuiet: Void = { setMsgSeverity(Int32(L_SEVERITY_NONE)) }()

  /// Those of the pixels for which `isInk` says so, called with rows and a line to fill.
  convenience init(width: Int, height: Int, isInk: @Sendable (_ row: Int, _ line: inout [Bool]) -> Void) throws {
    _ = Self.isQuiet
    let pix = pixCreate(Int32(width), Int32(height), 1)
    if let pix, let data = pixGetData(pix) {
      nonisolated(unsafe) let data = data
      let words = Int(pixGetWpl(pix))
      Threads.forEachRange(of: height, grain: 16) { rows in
        var line = [Bool](repeating: false, count: width)
        for y in rows {
          isInk(y, &line)
          for word in 0..<words {
            var bits: UInt32 = 0
            for x in word * 32..<min(width, word * 32 + 32) where line[x] { bits |= 0x8000_0000 >> UInt32(x & 31) }
            data[y * words + word] = bits
          }
        }
      }
    }
    try self.init(pix, "find ink")
  }

  subscript(x: Int, y: Int) -> Bool {
    pixGetData(pix)[y * Int(pixGetWpl(pix)) + x >> 5] & 0x8000_0000 >> UInt32(x & 31) != 0
  }

  var count: Int {
    var count: Int32 = 0
    pixCountPixels(pix, &count, nil)
    return Int(count)
  }
}

// MARK: - What Leptonica does

extension BitPlane {
  func opened(width: Int, height: Int) throws -> BitPlane {
    try BitPlane(pixOpenBrick(nil, pix, Int32(width), Int32(height)), "open an image")
  }

  func dilated(width: Int, height: Int) throws -> BitPlane {
    try BitPlane(pixDilateBrick(nil, pix, Int32(width), Int32(height)), "dilate an image")
  }

  func closed(width: Int, height: Int) throws -> BitPlane {
    try BitPlane(pixCloseSafeBrick(nil, pix, Int32(width), Int32(height)), "close an image")
  }

  func and(_ other: BitPlane) throws -> BitPlane { try BitPlane(pixAnd(nil, pix, other.pix), "join images") }
  func or(_ other: BitPlane) throws -> BitPlane { try BitPlane(pixOr(nil, pix, other.pix), "join images") }
  func subtracting(_ other: BitPlane) throws -> BitPlane {
    try BitPlane(pixSubtract(nil, pix, other.pix), "join images")
  }

  /// What of a mask is connected with these pixels.
  func filled(within mask: BitPlane) throws -> BitPlane {
    try BitPlane(pixSeedfillBinary(nil, pix, mask.pix, 8), "fill an image")
  }

  /// With lines at an angle made level (or upright), where every pixel stays on the page.
  ///
  /// - Parameter angle: in radians; positive lines fall to the right (or lean to the left).
  func leveled(_ direction: RuledLines.Direction, angle: Float) throws -> BitPlane {
    if angle == 0 { return self }
    let room = Int32((Float(direction == .level ? width : height) * abs(tan(angle))).rounded(.up)) + 1
    let (across, down) = direction == .level ? (0, room) : (room, 0)
    let wide = try BitPlane(pixAddBorderGeneral(pix, across, across, down, down, 0), "shear an image")
    return try wide.sheared(direction, by: direction == .level ? -angle : angle)
  }

  /// Back from `leveled`.
  func tilted(_ direction: RuledLines.Direction, angle: Float, size: BitPlane) throws -> BitPlane {
    if angle == 0 { return self }
    let back = try sheared(direction, by: direction == .level ? angle : -angle)
    let (across, down) = (Int32((back.width - size.width) / 2), Int32((back.height - size.height) / 2))
    return try BitPlane(pixRemoveBorderGeneral(back.pix, across, across, down, down), "shear an image")
  }

  private func sheared(_ direction: RuledLines.Direction, by angle: Float) throws -> BitPlane {
    let white = Int32(L_BRING_IN_WHITE)
    return try BitPlane(
      direction == .level ? pixVShear(nil, pix, 0, angle, white) : pixHShear(nil, pix, 0, angle, white),
      "shear an image")
  }

  /// Reduced four times each way; a pixel is ink where one of its sixteen is.
  func reducedByFour() throws -> BitPlane {
    try BitPlane(pixReduceRankBinaryCascade(pix, 1, 1, 0, 0), "reduce an image")
  }

  /// Each pixel's component, from 1 on, and 0 for paper; neighbours by corners belong together. (y, x)
  func components() throws -> [Int32] {
    let labels = try BitPlane(pixConnCompTransform(pix, 8, 32), "find components")
    defer { withExtendedLifetime(labels) {} }
    return Array(UnsafeBufferPointer(start: pixGetData(labels.pix), count: width * height)).map {
      Int32(bitPattern: $0)
    }
  }
}
