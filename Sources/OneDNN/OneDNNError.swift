import COneDNN
import Glibc
import Support

/// A call of oneDNN that failed: what was tried, with which shapes, and oneDNN's word for why.
public struct OneDNNError: ComputationError, Equatable, Sendable {
  public var operation: String
  public var reason: String

  public init(operation: String, reason: String) {
    self.operation = operation
    self.reason = reason
  }

  public var description: String {
    "oneDNN \(Engine.libraryVersion) cannot \(operation): \(reason)\n"
      + "Try another batch size, or --convolution direct where the command has it; if it stays, report this line."
  }
}

/// Throws unless `status` says success.
@inline(__always)
func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws {
  guard status == dnnl_success else { throw failure(status, operation()) }
}

private func failure(_ status: dnnl_status_t, _ operation: String) -> any Error {
  if status == dnnl_out_of_memory {
    return ResourceError("no memory is left to \(operation)", remedy: ResourceError.lessMemory)
  }
  let reason =
    switch status {
    case dnnl_invalid_arguments: "invalid arguments"
    case dnnl_unimplemented: "not implemented for these shapes on this processor"
    case dnnl_runtime_error: "run-time error"
    case dnnl_not_required: "not required"
    default: "status \(status.rawValue)"
    }
  return OneDNNError(operation: operation, reason: reason)
}

extension ResourceError {
  /// Memory of so many bytes that is the caller's to free, aligned to 64; throws where there is none, or where nothing would
  /// be left beside it for what cannot be refused.
  package static func allocate(bytes: Int) throws(ResourceError) -> UnsafeMutableRawPointer {
    guard let memory = aligned_alloc(64, (max(bytes, 1) + 63) / 64 * 64) else {
      throw ResourceError("no memory is left for \(grouped(bytes)) bytes", remedy: lessMemory)
    }
    guard bytes < 1 << 16 || Support.Memory.hasHeadroom else {
      free(memory)
      throw ResourceError("no memory is left beside \(grouped(bytes)) bytes", remedy: lessMemory)
    }
    return memory
  }

  static func requireHeadroom() throws(ResourceError) {
    guard Support.Memory.hasHeadroom else {
      throw ResourceError("hardly any memory is left to compile a network", remedy: lessMemory)
    }
  }
}
