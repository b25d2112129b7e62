import COneDNN
import Glibc
import Support

/// What a primitive will do, before it is bound to memory: the implementation and the layouts that oneDNN chose.
public final class PrimitiveDescription {
  let handle: dnnl_primitive_desc_t
  public let engine: Engine
  let operation: String

  /// - Parameter operation: an infinitive with shapes, for errors.
  init(
    _ operation: String, on engine: Engine,
    create: (UnsafeMutablePointer<dnnl_primitive_desc_t?>) throws -> dnnl_status_t
  ) throws {
    var handle: dnnl_primitive_desc_t?
    try check(try create(&handle), operation)
    guard let handle else { throw OneDNNError(operation: operation, reason: "no implementation") }
    self.handle = handle
    self.engine = engine
    self.operation = operation
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// oneDNN's name for it: "brgemm:avx512_core".
  public var implementation: String {
    var name: UnsafePointer<CChar>?
    guard dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, &name) == dnnl_success, let name else {
      return "unknown"
    }
    return String(cString: name)
  }

  /// True for oneDNN's plain loops, thousands of times slower; a layout that another primitive chose can lead there.
  public var isReference: Bool { implementation.hasPrefix("ref") }

  /// The layout that the weights must have.
  public var weights: TensorLayout { layout(dnnl_query_weights_md) }
  /// The layout in which it writes their gradient.
  public var weightsGradient: TensorLayout { layout(dnnl_query_diff_weights_md) }
  /// The working memory that it wants.
  public var scratchpad: TensorLayout { layout(dnnl_query_scratchpad_md) }

  private func layout(_ query: dnnl_query_t) -> TensorLayout {
    TensorLayout(dnnl_primitive_desc_query_md(handle, query, 0)?.pointee ?? dnnl_memory_desc_t())
  }
}

/// A primitive with all its tensors, ready to run; running it allocates nothing on our side.
public final class Primitive {
  /// What a tensor is to a primitive.
  public struct Role: Sendable {
    let argument: Int32
    public static let source = Role(argument: DNNL_ARG_SRC)
    public static let destination = Role(argument: DNNL_ARG_DST)
    public static let weights = Role(argument: DNNL_ARG_WEIGHTS)
    public static let bias = Role(argument: DNNL_ARG_BIAS)
    public static let sourceGradient = Role(argument: DNNL_ARG_DIFF_SRC)
    public static let destinationGradient = Role(argument: DNNL_ARG_DIFF_DST)
    public static let weightsGradient = Role(argument: DNNL_ARG_DIFF_WEIGHTS)
    public static let biasGradient = Role(argument: DNNL_ARG_DIFF_BIAS)
    public static let mean = Role(argument: DNNL_ARG_MEAN)
    public static let variance = Role(argument: DNNL_ARG_VARIANCE)
    public static let scale = Role(argument: DNNL_ARG_SCALE)
    public static let shift = Role(argument: DNNL_ARG_SHIFT)
    public static let scaleGradient = Role(argument: DNNL_ARG_DIFF_SCALE)
    public static let shiftGradient = Role(argument: DNNL_ARG_DIFF_SHIFT)
    static let from = Role(argument: DNNL_ARG_FROM)
    static let to = Role(argument: DNNL_ARG_TO)
  }

  private let handle: dnnl_primitive_t
  private let engine: Engine
  private let tensors: [Memory]
  private let scratchpad: Scratchpad
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
  private let operation: String

  /// Binds `tensors`, whose layouts must be those of `description`; call `scratchpad.allocate()` before the first run.
  /// Keeps them and the scratchpad, not the data that the tensors lie in.
  public init(_ description: PrimitiveDescription, _ tensors: [(Role, Memory)], scratchpad: Scratchpad) throws {
    // oneDNN's own vectors and the code that it generates end the program where there is no room for them.
    try ResourceError.requireHeadroom()
    var handle: dnnl_primitive_t?
    try check(dnnl_primitive_create(&handle, description.handle), description.operation)
    guard let handle else { throw OneDNNError(operation: description.operation, reason: "no primitive came back") }
    self.handle = handle
    engine = description.engine
    operation = description.operation
    self.scratchpad = scratchpad
    let workspace = try scratchpad.memory(description.scratchpad, on: description.engine)
    self.tensors = tensors.map(\.1) + [workspace]
    arguments = .allocate(capacity: tensors.count + 1)
    _ = arguments.initialize(
      fromContentsOf: tensors.map { dnnl_exec_arg_t(arg: $0.0.argument, memory: $0.1.handle) }
        + [dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: workspace.handle)])
  }

  deinit {
    dnnl_primitive_destroy(handle)
    arguments.deallocate()
  }

  /// Computes, and returns when it is done; throws `OneDNNError`.
  public func run() throws {
    try check(
      dnnl_primitive_execute(handle, engine.stream, Int32(arguments.count), arguments.baseAddress), operation)
  }
}

/// Working memory that the primitives of one program share, since they run one after the other.
public final class Scratchpad {
  private var users: [Memory] = []
  private var buffer: UnsafeMutableRawPointer?

  public init() {}

  deinit { free(buffer) }

  func memory(_ layout: TensorLayout, on engine: Engine) throws -> Memory {
    let memory = try Memory(layout, at: buffer, on: engine)
    users.append(memory)
    return memory
  }

  /// Call once all primitives are made, before the first one runs.
  public func allocate() throws {
    let size = users.map(\.layout.byteCount).max() ?? 0
    let fresh = try ResourceError.allocate(bytes: size)
    free(buffer)
    buffer = fresh
    for user in users { try user.point(at: fresh) }
  }
}
