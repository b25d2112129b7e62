import COneDNN

/// A call of oneDNN that failed: what was tried, with which shapes, and oneDNN's word for why.
public struct OneDNNError: Error, Equatable, Sendable, CustomStringConvertible {
  public var operation: String
  public var reason: String

  public init(operation: String, reason: String) {
    self.operation = operation
    self.reason = reason
  }

  public var description: String { "oneDNN cannot \(operation): \(reason)" }
}

/// Throws unless `status` says success.
@inline(__always)
func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws {
  guard status == dnnl_success else { throw failure(status, operation()) }
}

private func failure(_ status: dnnl_status_t, _ operation: String) -> OneDNNError {
  let reason =
    switch status {
    case dnnl_out_of_memory: "out of memory"
    case dnnl_invalid_arguments: "invalid arguments"
    case dnnl_unimplemented: "not implemented for these shapes on this processor"
    case dnnl_runtime_error: "run-time error"
    case dnnl_not_required: "not required"
    default: "status \(status.rawValue)"
    }
  return OneDNNError(operation: operation, reason: reason)
}
