import COneDNN

/// y = scale · (x − mean) / √(variance + ε) + shift for each channel, over the batch and all pixels, and its gradients.
///
/// Source and destination (N, C, H, W) or (N, C) in one layout; scale, shift, mean and variance (C).
public enum BatchNormalization {
  /// Where the mean and the variance come from.
  public enum Statistics: Sendable {
    /// The batch itself; they are written.
    case ofBatch
    /// They are given.
    case given
  }

  private static func flags(_ statistics: Statistics) -> UInt32 {
    dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
      | (statistics == .given ? dnnl_use_global_stats.rawValue : dnnl_normalization_flags_none.rawValue)
  }

  /// Throws `OneDNNError`.
  public static func forward(
    _ layout: TensorLayout, epsilon: Float, statistics: Statistics, on engine: Engine
  ) throws -> PrimitiveDescription {
    var data = layout.descriptor
    var operation = dnnl_batch_normalization_desc_t()
    let description = "normalise a batch of \(layout.extents)"
    try check(
      dnnl_batch_normalization_forward_desc_init(
        &operation, statistics == .ofBatch ? dnnl_forward_training : dnnl_forward_inference, &data, epsilon,
        flags(statistics)), description)
    let attributes = try Attributes()
    return try PrimitiveDescription(description, on: engine) {
      dnnl_primitive_desc_create($0, &operation, attributes.handle, engine.handle, nil)
    }
  }

  /// dx, dscale and dshift from x, dy and the batch's own statistics.
  public static func backward(_ layout: TensorLayout, epsilon: Float, after forward: PrimitiveDescription) throws
    -> PrimitiveDescription
  {
    var (gradient, data) = (layout.descriptor, layout.descriptor)
    var operation = dnnl_batch_normalization_desc_t()
    try check(
      dnnl_batch_normalization_backward_desc_init(
        &operation, dnnl_backward, &gradient, &data, epsilon, flags(.ofBatch)), forward.operation)
    let attributes = try Attributes()
    return try PrimitiveDescription(forward.operation, on: forward.engine) {
      dnnl_primitive_desc_create($0, &operation, attributes.handle, forward.engine.handle, forward.handle)
    }
  }
}
