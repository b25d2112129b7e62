/// Rows and columns at the sides of an image, as a layer adds them or takes them away.
package struct Margins: Codable, Equatable, Sendable {
  /// Each from 0 to 2¹⁰.
  package var top = 0
  package var bottom = 0
  package var left = 0
  package var right = 0

  package init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
  }

  private enum CodingKeys: String, CodingKey { case top, bottom, left, right }

  /// Sides that are left out are 0.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    (top, bottom) = (try container.value(.top, default: 0), try container.value(.bottom, default: 0))
    (left, right) = (try container.value(.left, default: 0), try container.value(.right, default: 0))
  }

  func check(_ input: Shape) throws(LayerError) {
    guard [top, bottom, left, right].allSatisfy((0...1 << 10).contains) else {
      throw LayerError("margins of \(top), \(bottom), \(left), \(right); wanted are numbers from 0 to 1024")
    }
    try input.checkIsEnlargeable()
  }
}

/// A layer that is told margins alone, which are stored as its own settings.
package protocol MarginsLayer: UnaryLayer {
  var margins: Margins { get }
  init(_ margins: Margins)
}

extension MarginsLayer {
  package init(from decoder: any Decoder) throws { self.init(try Margins(from: decoder)) }
  package func encode(to encoder: any Encoder) throws { try margins.encode(to: encoder) }
}

/// Rows and columns of zeros round each image. x (N, H, W, C), y (N, top + H + bottom, left + W + right, C).
package struct ZeroPadding2D: MarginsLayer {
  package static let type = "zero_padding2d"
  package var margins: Margins

  package init(_ margins: Margins) { self.margins = margins }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try margins.check(input)
    return [margins.top + input[0] + margins.bottom, margins.left + input[1] + margins.right, input[2]]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let input = site.input
    let output = try site.output(outputShape(for: input.shape))
    return CompiledMargins(margins, large: output, small: input, enlarges: true)
  }
}

/// Each image without rows and columns at its sides. x (N, H, W, C), y (N, H − top − bottom, W − left − right, C). The
/// gradient of what is cut off is 0.
package struct Cropping2D: MarginsLayer {
  package static let type = "cropping2d"
  package var margins: Margins

  package init(_ margins: Margins) { self.margins = margins }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try margins.check(input)
    let shape = [input[0] - margins.top - margins.bottom, input[1] - margins.left - margins.right, input[2]]
    guard min(shape[0], shape[1]) >= 1 else { throw LayerError("nothing is left of \(input[0])×\(input[1])") }
    return shape
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let input = site.input
    let output = try site.output(outputShape(for: input.shape))
    return CompiledMargins(margins, large: input, small: output, enlarges: false)
  }
}

/// Copies between images and the same with margins, row by row; margins are 0.
private final class CompiledMargins: CompiledLayer {
  let output: Tensor
  private let large: Tensor
  private let small: Tensor
  private let margins: Margins
  private let enlarges: Bool

  init(_ margins: Margins, large: Tensor, small: Tensor, enlarges: Bool) {
    (self.margins, self.large, self.small, self.enlarges) = (margins, large, small, enlarges)
    output = enlarges ? large : small
  }

  func forward() {
    // In inference the memory was another layer's before.
    if enlarges { large.values.update(repeating: 0) }
    copy(large.values, small.values, into: enlarges ? .large : .small)
  }

  func backward() {
    guard let outer = large.gradients, let inner = small.gradients else { return }
    if !enlarges { outer.update(repeating: 0) }
    copy(outer, inner, into: enlarges ? .small : .large)
  }

  private enum Side { case large, small }

  private func copy(
    _ large: UnsafeMutableBufferPointer<Float>, _ small: UnsafeMutableBufferPointer<Float>, into side: Side
  ) {
    let (shape, whole) = (self.small.shape, self.large.shape)
    let width = shape[1] * shape[2]
    for row in 0..<self.small.batch * shape[0] {
      let (image, y) = row.quotientAndRemainder(dividingBy: shape[0])
      let place = ((image * whole[0] + y + margins.top) * whole[1] + margins.left) * whole[2]
      let (outer, inner) = (large.baseAddress! + place, small.baseAddress! + row * width)
      if side == .large { outer.update(from: inner, count: width) } else { inner.update(from: outer, count: width) }
    }
  }
}
