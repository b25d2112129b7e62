import CKernels
import Glibc
import Support

/// The largest value of each window. x (N, H, W, C), y (N, H′, W′, C). Its gradient goes to that value alone; where several
/// are equal, to the first of them, row by row.
package struct MaxPooling2D: UnaryLayer {
  package static let type = "max_pooling2d"
  /// A window's side, from 1 to 15.
  package var poolSize: Int
  /// Nil: as large as the windows, so that they lie side by side.
  package var strides: Int?
  /// `same` makes ⌈H / stride⌉ rows; what lies outside the image never is the largest.
  package var padding: Padding

  package init(poolSize: Int = 2, strides: Int? = nil, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides
    self.padding = padding
  }

  private enum CodingKeys: String, CodingKey {
    case strides, padding
    case poolSize = "pool_size"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    poolSize = try container.value(.poolSize, default: 2)
    strides = try container.decodeIfPresent(Int.self, forKey: .strides)
    padding = try container.choice(.padding, default: .valid)
  }

  package var window: Window { Window(size: poolSize, stride: strides ?? poolSize, padding: padding) }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard (1...15).contains(poolSize) else { throw LayerError("windows of \(poolSize); wanted is a side from 1 to 15") }
    return try window.outputShape(for: input, channels: input.last ?? 0)
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let shape = try outputShape(for: site.input.shape)
    return try CompiledMaxPooling(window, input: site.input, output: try site.output(shape))
  }
}

/// Each pixel as a square of `size` by `size`. x (N, H, W, C), y (N, size·H, size·W, C). Its gradient is the square's sum.
package struct UpSampling2D: UnaryLayer {
  package static let type = "up_sampling2d"
  /// From 1 to 16.
  package var size: Int

  package init(size: Int = 2) { self.size = size }

  private enum CodingKeys: String, CodingKey { case size }

  package init(from decoder: any Decoder) throws {
    size = try decoder.container(keyedBy: CodingKeys.self).value(.size, default: 2)
  }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard (1...16).contains(size) else { throw LayerError("\(size) times as large; wanted is a number from 1 to 16") }
    try input.checkIsEnlargeable()
    return [input[0] * size, input[1] * size, input[2]]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let shape = try outputShape(for: site.input.shape)
    return CompiledUpSampling(size, input: site.input, output: try site.output(shape))
  }
}

extension kernels_pooling {
  /// All of it but the window.
  fileprivate init(_ input: Tensor, _ output: Tensor) {
    self.init()
    (source, target) = (UnsafePointer(input.start), output.start)
    source_gradients = input.gradients?.baseAddress
    target_gradients = UnsafePointer(output.gradients?.baseAddress)
    (images, inner) = (input.batch, input.shape[2])
    (height, width) = (input.shape[0], input.shape[1])
    (output_height, output_width) = (output.shape[0], output.shape[1])
  }
}

private final class CompiledMaxPooling: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private var work: kernels_pooling
  /// Which pixel of its window each output is: kept for the gradient.
  private let places: UnsafeMutablePointer<UInt8>

  init(_ window: Window, input: Tensor, output: Tensor) throws {
    places = try ResourceError.allocate(bytes: output.gradients?.count ?? 0).assumingMemoryBound(to: UInt8.self)
    (self.input, self.output) = (input, output)
    work = kernels_pooling(input, output)
    (work.size, work.stride) = (window.size, window.stride)
    work.before_rows = window.margins(of: input.shape[0]).before
    work.before_columns = window.margins(of: input.shape[1]).before
    if output.gradients != nil { work.places = places }
  }

  deinit { free(places) }

  func forward() { kernels_max_pool(work) }
  func backward() { if input.gradients != nil { kernels_max_pool_backward(work) } }
}

private final class CompiledUpSampling: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private var work: kernels_pooling

  init(_ size: Int, input: Tensor, output: Tensor) {
    (self.input, self.output) = (input, output)
    work = kernels_pooling(input, output)
    work.size = size
  }

  func forward() { kernels_enlarge(work) }
  func backward() { if input.gradients != nil { kernels_enlarge_backward(work) } }
}
