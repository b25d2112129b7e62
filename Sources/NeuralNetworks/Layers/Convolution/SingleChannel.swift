import CKernels
import OneDNN

/// Loops of our own for convolutions of stride 1 with one output channel, and for the input's gradient where there is one
/// input channel. oneDNN's kernels work on sixteen channels at a time; there fifteen of them would be padding.
enum SingleChannel {
  private static let block = 16

  /// Whether the loops can do it: sixteen channels side by side are what the loops are written for.
  static func suits(_ convolution: Convolution, many: Int) -> Bool {
    convolution.strides == [1, 1] && many >= block && convolution.kernel[0] == convolution.kernel[1]
  }

  /// The layout of the images of many channels.
  static func layout(batch: Int, extents: Convolution.Extents, channels: Int) throws -> TensorLayout {
    try .blockedImages(batch: batch, height: extents[0], width: extents[1], channels: channels, block: block)
  }

  /// A kernel (KH, KW, channels), the other axis being 1: the order in which the loops read it.
  static func kernelLayout(_ convolution: Convolution) throws -> TensorLayout {
    let (rows, columns) = (convolution.kernel[0], convolution.kernel[1])
    let channels = max(convolution.inputChannels, convolution.outputChannels)
    let strides = convolution.outputChannels == 1 ? [channels, 1] : [1, channels]
    return try .strided(
      [convolution.outputChannels, convolution.inputChannels, rows, columns],
      strides: strides + [columns * channels, channels])
  }

  /// The extents; buffers are filled in by who runs it.
  ///
  /// - Parameter before: zeros above and left of the images of many channels.
  static func work(
    images: Int, channels: Int, many: Convolution.Extents, single: Convolution.Extents, size: Int,
    before: Convolution.Extents, packed: FloatBuffer
  ) -> kernels_single {
    var work = kernels_single()
    (work.images, work.blocks, work.channels) = (images, (channels + block - 1) / block, channels)
    (work.height, work.width) = (many[0], many[1])
    (work.single_height, work.single_width) = (single[0], single[1])
    (work.size, work.before_rows, work.before_columns) = (size, before[0], before[1])
    work.packed = packed.start
    return work
  }

  /// Room for the kernel as the loops want it.
  static func packedKernel(size: Int, channels: Int) throws -> FloatBuffer {
    try FloatBuffer(count: (channels + block - 1) / block * block * size * size)
  }
}

/// A convolution to one channel. Its output is row-major.
final class CompiledSingleOutput: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private let activation: Activation
  private let bias: Parameter
  private let packed: FloatBuffer
  private var forwardWork: kernels_single
  private var backwardWork: kernels_single

  init(_ convolution: Convolution, activation: Activation, _ site: CompilationSite) throws {
    let (kernel, channels) = (site.parameter("kernel"), convolution.inputChannels)
    input = try site.builder.converted(
      site.input, to: SingleChannel.layout(batch: site.batch, extents: convolution.input, channels: channels))
    output = try site.output([convolution.output[0], convolution.output[1], 1])
    (self.activation, bias) = (activation, site.parameter("bias"))
    packed = try SingleChannel.packedKernel(size: convolution.kernel[0], channels: channels)
    forwardWork = SingleChannel.work(
      images: site.batch, channels: channels, many: convolution.input, single: convolution.output,
      size: convolution.kernel[0], before: convolution.padding.before, packed: packed)
    forwardWork.many = UnsafePointer(input.start)
    forwardWork.kernel = UnsafePointer(kernel.values.baseAddress)
    forwardWork.bias = UnsafePointer(bias.values.baseAddress)
    forwardWork.single = output.start
    backwardWork = forwardWork
    backwardWork.single = output.gradients?.baseAddress
    backwardWork.many_gradients = input.gradients?.baseAddress
    backwardWork.kernel_gradients = kernel.gradients.baseAddress
  }

  func forward() {
    kernels_single_gather(forwardWork, 0)
    output.activate(activation)
  }

  func backward() {
    output.deactivateGradients(activation)
    kernels_sum_channels(output.gradients?.baseAddress, bias.gradients.baseAddress, output.planes)
    if input.gradients != nil { kernels_single_scatter(backwardWork) }
    kernels_single_correlate(backwardWork)
  }
}

/// The gradient of a single input channel: a convolution of the output's gradient with the kernel turned by 180°.
final class SingleInputGradient {
  private let kernel: LayoutCopy
  private let packed: FloatBuffer
  private var work: kernels_single

  /// Nil where the loops do not suit the convolution or the layout of its output.
  init?(
    _ convolution: Convolution, _ kernel: Parameter, from output: Tensor,
    into gradients: UnsafeMutableBufferPointer<Float>, _ site: CompilationSite
  ) throws {
    guard convolution.inputChannels == 1, SingleChannel.suits(convolution, many: convolution.outputChannels),
      output.layout.channelBlock == 16
    else { return nil }
    let size = convolution.kernel[0]
    packed = try SingleChannel.packedKernel(size: size, channels: convolution.outputChannels)
    self.kernel = try LayoutCopy(
      of: kernel.values, in: kernel.layout.stored, as: SingleChannel.kernelLayout(convolution), site)
    let reach = convolution.kernel &- Convolution.Extents(1, 1) &- convolution.padding.before
    work = SingleChannel.work(
      images: site.batch, channels: convolution.outputChannels, many: convolution.output, single: convolution.input,
      size: size, before: reach, packed: packed)
    work.many = UnsafePointer(output.gradients?.baseAddress)
    work.single = gradients.baseAddress
    work.kernel = UnsafePointer(self.kernel.start)
  }

  func run() throws {
    try kernel.update()
    kernels_single_gather(work, 1)
  }
}
