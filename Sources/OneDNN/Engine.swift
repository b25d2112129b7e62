import COneDNN

/// The processor that primitives are made for and the in-order stream that they run on.
///
/// Primitives of one engine run on the thread that calls them, with OpenMP's threads beside it: one network, one
/// thread at a time.
public final class Engine: @unchecked Sendable {
  let handle: dnnl_engine_t
  let stream: dnnl_stream_t

  /// Throws `OneDNNError`.
  public init() throws {
    var engine: dnnl_engine_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "use the processor")
    var stream: dnnl_stream_t?
    let status = dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue))
    guard status == dnnl_success, let engine, let stream else {
      dnnl_engine_destroy(engine)
      throw OneDNNError(operation: "make a stream", reason: "status \(status.rawValue)")
    }
    self.handle = engine
    self.stream = stream
  }

  /// The library's own version, such as "2.6.3".
  public static var libraryVersion: String {
    guard let version = dnnl_version()?.pointee else { return "unknown" }
    return "\(version.major).\(version.minor).\(version.patch)"
  }

  deinit {
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(handle)
  }
}
