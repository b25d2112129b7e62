import COneDNN

/// Attributes of every primitive: the scratchpad is ours; perhaps a ReLU behind.
final class Attributes {
  let handle: dnnl_primitive_attr_t

  init(fusingReLU: Bool = false) throws {
    var handle: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&handle), "make attributes")
    guard let handle else { throw OneDNNError(operation: "make attributes", reason: "no handle came back") }
    self.handle = handle
    try check(dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user), "own the scratchpad")
    guard fusingReLU else { return }
    var operations: dnnl_post_ops_t?
    try check(dnnl_post_ops_create(&operations), "fuse a ReLU")
    defer { dnnl_post_ops_destroy(operations) }
    try check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "fuse a ReLU")
    try check(dnnl_primitive_attr_set_post_ops(handle, operations), "fuse a ReLU")
  }

  deinit { dnnl_primitive_attr_destroy(handle) }
}
