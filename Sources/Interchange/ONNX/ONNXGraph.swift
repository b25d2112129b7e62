/// What flows between two operations: images (N, H, W, C), in memory also (N, C, H, W); or vectors and other arrays.
struct ONNXValue {
  var name: String
  /// Without the batch, as Tiddu counts: (H, W, C) for images, whatever their order in memory.
  var shape: [Int]
  /// Whether it is (N, C, H, W) in memory, as ONNX's operations on images want it.
  var isChannelsFirst = false

  var size: Int { shape.reduce(1, *) }
  /// Whether both orders are the same numbers one behind the other.
  fileprivate var hasOneOrder: Bool { shape[2] == 1 || shape[0] * shape[1] == 1 }
}

/// Collects operations and numbers. Names are made of what each is for; equal numbers are stored once.
struct ONNXGraph {
  private(set) var nodes: [ONNXNode] = []
  private(set) var tensors: [ONNXTensor] = []
  /// Whether images may have any height and width.
  let takesAnySize: Bool
  private var taken: Set<String> = []
  private var constants: [Constant: String] = [:]
  private var reordered: [String: ONNXValue] = [:]

  private struct Constant: Hashable {
    var shape: [Int]
    var values: ONNXTensor.Values
  }

  init(takesAnySize: Bool) { self.takesAnySize = takesAnySize }

  /// Adds an operation and returns its output's name.
  ///
  /// - Parameters:
  ///   - label: what the operation and its output are called, with a number where that is taken.
  ///   - output: the output's name, where it is one of the graph's.
  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [(name: String, value: ONNXAttribute)] = [],
    as label: String,
    output: String? = nil
  ) -> String {
    let name = unused(label)
    nodes.append(
      ONNXNode(
        name: name, operation: operation, inputs: inputs, outputs: [output ?? name], attributes: attributes))
    return output ?? name
  }

  private mutating func unused(_ label: String) -> String {
    var name = label
    var number = 1
    while !taken.insert(name).inserted {
      name = "\(label).\(number)"
      number += 1
    }
    return name
  }

  /// A network's weights, under their own name.
  mutating func weights(_ name: String, shape: [Int], _ values: [Float]) -> String {
    tensors.append(ONNXTensor(name: name, shape: shape, values: .floats(values)))
    return name
  }

  mutating func floats(_ values: [Float], shape: [Int]? = nil) -> String {
    constant(shape ?? [values.count], .floats(values))
  }

  mutating func integers(_ values: [Int], shape: [Int]? = nil) -> String {
    constant(shape ?? [values.count], .integers(values))
  }

  private mutating func constant(_ shape: [Int], _ values: ONNXTensor.Values) -> String {
    let key = Constant(shape: shape, values: values)
    if let name = constants[key] { return name }
    let name = "constant_\(constants.count)"
    constants[key] = name
    tensors.append(ONNXTensor(name: name, shape: shape, values: values))
    return name
  }

  /// (N, …) with other extents; the batch stays what it is.
  mutating func reshape(_ name: String, to shape: [Int], as label: String) -> String {
    add("Reshape", [name, integers([0] + shape)], as: label)
  }

  // MARK: - The order of channels

  /// The image as (N, C, H, W).
  mutating func channelsFirst(_ value: ONNXValue) -> ONNXValue { ordered(value, channelsFirst: true) }

  /// The image as (N, H, W, C); what is no image stays as it is.
  mutating func channelsLast(_ value: ONNXValue) -> ONNXValue { ordered(value, channelsFirst: false) }

  private mutating func ordered(_ value: ONNXValue, channelsFirst: Bool) -> ONNXValue {
    guard value.isChannelsFirst != channelsFirst else { return value }
    if let known = reordered[value.name] { return known }
    let label = value.name + (channelsFirst ? "/channels_first" : "/channels_last")
    var result = ONNXValue(name: "", shape: value.shape, isChannelsFirst: channelsFirst)
    if value.hasOneOrder && !takesAnySize {
      let (height, width, channels) = (value.shape[0], value.shape[1], value.shape[2])
      result.name = reshape(
        value.name, to: channelsFirst ? [channels, height, width] : [height, width, channels], as: label)
    } else {
      let axes = channelsFirst ? [0, 3, 1, 2] : [0, 2, 3, 1]
      result.name = add("Transpose", [value.name], [("perm", .integers(axes))], as: label)
    }
    reordered[value.name] = result
    return result
  }
}
