import COneDNN

/// y = x·Wᵀ + b, and its gradients. Source (N, I), weights (O, I), bias (O), destination (N, O).
public enum InnerProduct {
  /// The extents, with the weights' layout where it is settled; nil lets oneDNN choose it.
  public struct Shape: Sendable {
    public var batch: Int
    public var inputs: Int
    public var outputs: Int
    public var weights: TensorLayout?

    public init(batch: Int, inputs: Int, outputs: Int, weights: TensorLayout? = nil) {
      self.batch = batch
      self.inputs = inputs
      self.outputs = outputs
      self.weights = weights
    }

    /// (N, I), row-major.
    public func source() throws -> TensorLayout { try .rowMajor([batch, inputs]) }
    /// (N, O), row-major.
    public func destination() throws -> TensorLayout { try .rowMajor([batch, outputs]) }
    /// (O)
    public func bias() throws -> TensorLayout { try .rowMajor([outputs]) }

    func weightsOrAny() throws -> TensorLayout {
      if let weights { return weights }
      return try failsWithBlocks ? .rowMajor([outputs, inputs]) : .chosenByPrimitive([outputs, inputs])
    }

    /// oneDNN 2.6.3's weight gradient for AVX-512 (brgemm_bwd_w) writes to address 0 where few inputs meet many outputs
    /// that are a multiple of 64: seen with up to 32 inputs and from 1,600 outputs on. With rows it takes another way.
    private var failsWithBlocks: Bool { inputs <= 32 && outputs > 1024 }
    var description: String { "multiply \(batch)×\(inputs) by \(inputs)×\(outputs)" }
  }

  /// - Parameter fusingReLU: applies max(0, ·) to the destination in the same pass.
  public static func forward(_ shape: Shape, fusingReLU: Bool, training: Bool, on engine: Engine) throws
    -> PrimitiveDescription
  {
    var (source, weights) = (try shape.source().descriptor, try shape.weightsOrAny().descriptor)
    var (bias, destination) = (try shape.bias().descriptor, try shape.destination().descriptor)
    var operation = dnnl_inner_product_desc_t()
    try check(
      dnnl_inner_product_forward_desc_init(
        &operation, training ? dnnl_forward_training : dnnl_forward_inference, &source, &weights, &bias,
        &destination), shape.description)
    let attributes = try Attributes(fusingReLU: fusingReLU)
    return try PrimitiveDescription(shape.description, on: engine) {
      dnnl_primitive_desc_create($0, &operation, attributes.handle, engine.handle, nil)
    }
  }

  /// dx (N, I) from dy (N, O) and the weights; `forward` is the product that it belongs to.
  public static func backwardData(_ shape: Shape, after forward: PrimitiveDescription) throws -> PrimitiveDescription {
    var (source, weights) = (try shape.source().descriptor, try shape.weightsOrAny().descriptor)
    var destination = try shape.destination().descriptor
    var operation = dnnl_inner_product_desc_t()
    try check(
      dnnl_inner_product_backward_data_desc_init(&operation, &source, &weights, &destination), shape.description)
    let attributes = try Attributes()
    return try PrimitiveDescription(shape.description, on: forward.engine) {
      dnnl_primitive_desc_create($0, &operation, attributes.handle, forward.engine.handle, forward.handle)
    }
  }

  /// dW (O, I) and db (O) from x (N, I) and dy (N, O).
  public static func backwardWeights(_ shape: Shape, after forward: PrimitiveDescription) throws
    -> PrimitiveDescription
  {
    var (source, weights) = (try shape.source().descriptor, try shape.weightsOrAny().descriptor)
    var (bias, destination) = (try shape.bias().descriptor, try shape.destination().descriptor)
    var operation = dnnl_inner_product_desc_t()
    try check(
      dnnl_inner_product_backward_weights_desc_init(&operation, &source, &weights, &bias, &destination),
      shape.description)
    let attributes = try Attributes()
    return try PrimitiveDescription(shape.description, on: forward.engine) {
      dnnl_primitive_desc_create($0, &operation, attributes.handle, forward.engine.handle, forward.handle)
    }
  }
}
