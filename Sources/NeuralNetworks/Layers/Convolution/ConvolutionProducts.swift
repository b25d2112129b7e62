import CKernels

/// A convolution from large images to small ones, as a layer or, the other way round, its transpose: the same three
/// products for both, with their parts exchanged.
///
///     down      small[i, s] = Σ large[stride·i + k − before, l] · W[k, l, s]
///     up        large[stride·i + k − before, l] = Σ small[i, s] · W[k, l, s]
///     gradient  dW[k, l, s] = Σ large[stride·i + k − before, l] · small[i, s]
///
/// large (N, H, W, L), small (N, H′, W′, S), W (KH, KW, L, S)
struct ConvolutionShape {
  var images: Int
  /// (H, W, L)
  var large: Shape
  /// (H′, W′, S)
  var small: Shape
  var window: Window
  /// Zeros above and left of the large images.
  var before: (rows: Int, columns: Int) {
    (window.margins(of: large[0]).before, window.margins(of: large[1]).before)
  }

  /// `down`, or with its parts exchanged `up`; buffers are for the caller to fill in.
  func work(isUp: Bool, _ settings: CompilationSettings) -> kernels_convolution {
    let (from, to) = isUp ? (small, large) : (large, small)
    var work = kernels_convolution()
    (work.images, work.parts) = (images, settings.parts)
    (work.height, work.width, work.channels) = (from[0], from[1], from[2])
    (work.out_height, work.out_width, work.filters) = (to[0], to[1], to[2])
    work.size = window.size
    (work.stride, work.dilation) = isUp ? (1, window.stride) : (window.stride, 1)
    let reach = window.size - 1
    work.before_rows = isUp ? reach - before.rows : before.rows
    work.before_columns = isUp ? reach - before.columns : before.columns
    work.tap_stride = large[2] * small[2]
    (work.channel_stride, work.filter_stride) = isUp ? (1, small[2]) : (small[2], 1)
    work.mirrored = isUp ? 1 : 0
    work.winograd = settings.convolution == .fastest && Self.suitsWinograd(work) ? 1 : 0
    return work
  }

  /// Where a tile's 36 products for 16 pixels are clearly fewer than nine a pixel, borders included.
  private static func suitsWinograd(_ work: kernels_convolution) -> Bool {
    let panel = Int(KERNELS_PANEL)
    let tiles = (work.out_height + 3) / 4 * ((work.out_width + 3) / 4)
    return work.size == 3 && work.stride == 1 && work.dilation == 1 && work.channels % panel == 0
      && work.filters % panel == 0 && 36 * tiles * 4 < 3 * 9 * work.out_height * work.out_width
  }
}

/// One of the products on its buffers.
final class ConvolutionProduct {
  private var work: kernels_convolution
  private let packed: PackedKernel
  private let workspace: Workspace

  /// From `source` to `destination`, with the kernel in `kernel`.
  ///
  /// - Parameters:
  ///   - parameters: whose packed kernel is shared; nil: one of its own, for weights that change with every step.
  ///   - slopes: what each filter's taps are multiplied by.
  init(
    _ work: kernels_convolution, from source: UnsafeMutableBufferPointer<Float>?, kernel: Parameter,
    to destination: UnsafeMutableBufferPointer<Float>?, _ workspace: Workspace, sharedBy parameters: Parameters? = nil,
    slopes: UnsafeMutablePointer<Float>? = nil
  ) throws {
    self.work = work
    self.workspace = workspace
    let count = kernels_convolution_packed(work)
    packed =
      try parameters?.packedKernel(
        .init(
          place: kernel.range.lowerBound, isWinograd: work.winograd != 0, isMirrored: work.mirrored != 0,
          isScaled: slopes != nil), count: count) ?? PackedKernel(count: count)
    if let slopes { self.work.slopes = UnsafePointer(slopes) }
    self.work.source = UnsafePointer(source?.baseAddress)
    self.work.destination = destination?.baseAddress
    self.work.kernel = UnsafePointer(kernel.values.baseAddress)
    self.work.packed = packed.values.start
    workspace.reserve(work.parts * kernels_convolution_workspace(work))
  }

  /// What is added to each filter's pixels, and whether ReLU follows.
  func finish(bias: UnsafeMutablePointer<Float>?, relu: Bool) {
    work.bias = UnsafePointer(bias)
    work.relu = relu ? 1 : 0
  }

  /// Takes the kernel as it is now.
  func pack() { kernels_convolution_pack(work) }

  /// The same, unless it was taken at this revision already.
  func pack(at revision: Int) { packed.update(to: revision) { kernels_convolution_pack(work) } }

  func run() {
    work.workspace = workspace.start
    kernels_convolution_forward(work)
  }

  var usesWinograd: Bool { work.winograd != 0 }
}

/// The kernel's gradient on its buffers.
final class KernelGradient {
  private var work: kernels_convolution
  private let workspace: Workspace

  init(
    _ work: kernels_convolution, large: UnsafeMutableBufferPointer<Float>, small: UnsafeMutableBufferPointer<Float>,
    into kernel: Parameter, _ workspace: Workspace
  ) {
    self.work = work
    self.workspace = workspace
    self.work.source = UnsafePointer(large.baseAddress)
    self.work.destination_gradients = UnsafePointer(small.baseAddress)
    self.work.kernel_gradients = kernel.gradients.baseAddress
    workspace.reserve(
      work.parts * (kernels_convolution_gradient_workspace(work) + kernels_convolution_packed(work)))
  }

  func run() {
    work.workspace = workspace.start
    work.sums = workspace.start.map { $0 + work.parts * kernels_convolution_gradient_workspace(work) }
    kernels_convolution_kernel_gradient(work)
  }
}
