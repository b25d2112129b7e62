import COneDNN

/// Each output pixel a weighted sum of the input's pixels round it. Source (N, I, H, W), weights (O, I, KH, KW), bias
/// (O), destination (N, O, H′, W′).
public struct Convolution: Sendable {
  /// Two numbers, one a direction.
  public typealias Extents = SIMD2<Int>

  public var batch: Int
  public var inputChannels: Int
  public var outputChannels: Int
  /// (H, W)
  public var input: Extents
  /// (H′, W′)
  public var output: Extents
  /// (KH, KW)
  public var kernel: Extents
  public var strides: Extents
  /// Rows and columns of zeros above and left of the source, and below and right of it.
  public var padding: (before: Extents, after: Extents)

  public init(
    batch: Int, inputChannels: Int, outputChannels: Int, input: Extents, output: Extents, kernel: Extents,
    strides: Extents, padding: (before: Extents, after: Extents)
  ) {
    self.batch = batch
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.input = input
    self.output = output
    self.kernel = kernel
    self.strides = strides
    self.padding = padding
  }

  /// How one of the three products is computed, and in which layouts.
  public struct Method: Sendable {
    var algorithm: dnnl_alg_kind_t
    public var source: TensorLayout
    public var destination: TensorLayout

    init(_ algorithm: dnnl_alg_kind_t, _ source: TensorLayout, _ destination: TensorLayout) {
      (self.algorithm, self.source, self.destination) = (algorithm, source, destination)
    }
  }

  /// Methods from the fastest to the one that always works. For very few input channels oneDNN has a kernel that no other
  /// comes near, though none for their gradient.
  ///
  /// - Parameter winograd: whether Winograd's algorithm may be taken, which multiplies less and rounds a little more.
  public func methods(winograd: Bool) throws -> [Method] {
    var methods: [Method] = []
    for block in [16, 8] {
      let (source, destination) = (try blockedSource(block), try blockedDestination(block))
      if inputChannels <= 4 {
        methods.append(Method(dnnl_convolution_direct, try channelFirst(source), destination))
      }
      if winograd { methods.append(Method(dnnl_convolution_winograd, source, destination)) }
      methods.append(Method(dnnl_convolution_direct, source, destination))
      methods.append(Method(dnnl_convolution_direct, try channelFirst(source), destination))
    }
    let (source, destination) = (try blockedSource(16), try blockedDestination(16))
    methods.append(Method(dnnl_convolution_direct, try channelFirst(source), try channelFirst(destination)))
    return methods
  }

  private func blockedSource(_ block: Int) throws -> TensorLayout {
    try .blockedImages(batch: batch, height: input[0], width: input[1], channels: inputChannels, block: block)
  }
  private func blockedDestination(_ block: Int) throws -> TensorLayout {
    try .blockedImages(batch: batch, height: output[0], width: output[1], channels: outputChannels, block: block)
  }
  private func channelFirst(_ layout: TensorLayout) throws -> TensorLayout { try .rowMajor(layout.extents) }
}

// MARK: - The three products

extension Convolution {
  /// y from x, W and b.
  ///
  /// - Parameters:
  ///   - weights: their layout where it is settled; nil lets oneDNN choose it.
  ///   - bias: whether there is one.
  ///   - fusingReLU: applies max(0, ·) in the same pass.
  /// - Returns: nil where oneDNN has no implementation, or only its plain loops.
  public func forward(
    _ method: Method, weights: TensorLayout?, bias withBias: Bool = true, fusingReLU: Bool, on engine: Engine
  ) throws -> PrimitiveDescription? {
    var (source, destination) = (method.source.descriptor, method.destination.descriptor)
    var weights = try (weights ?? anyWeights()).descriptor
    var bias = try TensorLayout.rowMajor([outputChannels]).descriptor
    let attributes = try Attributes(fusingReLU: fusingReLU)
    return try described(on: engine, attributes: attributes, after: nil) { operation in
      withGeometry { strides, before, after in
        withUnsafePointer(to: &bias) { bias in
          dnnl_convolution_forward_desc_init(
            &operation, dnnl_forward_training, method.algorithm, &source, &weights, withBias ? bias : nil,
            &destination, strides, before, after)
        }
      }
    }
  }

  /// dx from dy and W.
  ///
  /// - Returns: nil where oneDNN has no implementation, or only its plain loops.
  public func backwardData(
    _ method: Method, weights: TensorLayout?, after forward: PrimitiveDescription?, on engine: Engine
  ) throws -> PrimitiveDescription? {
    var (source, destination) = (method.source.descriptor, method.destination.descriptor)
    var weights = try (weights ?? anyWeights()).descriptor
    return try described(on: engine, attributes: Attributes(), after: forward) { operation in
      withGeometry { strides, before, after in
        dnnl_convolution_backward_data_desc_init(
          &operation, method.algorithm, &source, &weights, &destination, strides, before, after)
      }
    }
  }

  /// dW and, with `bias`, db from x and dy.
  ///
  /// - Returns: nil where oneDNN has no implementation, or only its plain loops.
  public func backwardWeights(
    _ method: Method, weights: TensorLayout?, bias withBias: Bool = true, after forward: PrimitiveDescription?,
    on engine: Engine
  ) throws -> PrimitiveDescription? {
    var (source, destination) = (method.source.descriptor, method.destination.descriptor)
    var weights = try (weights ?? anyWeights()).descriptor
    var bias = try TensorLayout.rowMajor([outputChannels]).descriptor
    return try described(on: engine, attributes: Attributes(), after: forward) { operation in
      withGeometry { strides, before, after in
        withUnsafePointer(to: &bias) { bias in
          dnnl_convolution_backward_weights_desc_init(
            &operation, method.algorithm, &source, &weights, withBias ? bias : nil, &destination, strides, before, after
          )
        }
      }
    }
  }

  private func anyWeights() throws -> TensorLayout {
    try .chosenByPrimitive([outputChannels, inputChannels, kernel[0], kernel[1]])
  }

  private func described(
    on engine: Engine, attributes: Attributes, after forward: PrimitiveDescription?,
    _ initialise: (inout dnnl_convolution_desc_t) -> dnnl_status_t
  ) throws -> PrimitiveDescription? {
    var operation = dnnl_convolution_desc_t()
    let status = initialise(&operation)
    if status == dnnl_unimplemented { return nil }
    try check(status, description)
    var handle: dnnl_primitive_desc_t?
    let created = dnnl_primitive_desc_create(&handle, &operation, attributes.handle, engine.handle, forward?.handle)
    if created == dnnl_unimplemented { return nil }
    let result = try PrimitiveDescription(description, on: engine) { place in
      place.pointee = handle
      return created
    }
    return result.isReference ? nil : result
  }

  /// An infinitive with shapes, for errors.
  public var description: String {
    "convolve \(batch)×\(inputChannels)×\(input[0])×\(input[1]) to \(outputChannels)×\(output[0])×\(output[1])"
  }

  private func withGeometry(
    _ body: (_ strides: [Int64], _ before: [Int64], _ after: [Int64]) -> dnnl_status_t
  ) -> dnnl_status_t {
    func numbers(_ extents: Extents) -> [Int64] { [Int64(extents[0]), Int64(extents[1])] }
    return body(numbers(strides), numbers(padding.before), numbers(padding.after))
  }
}
