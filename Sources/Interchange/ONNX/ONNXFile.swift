import Support

/// Numbers in an ONNX file, row-major.
struct ONNXTensor {
  var name: String
  var shape: [Int]
  var values: Values

  enum Values: Hashable {
    case floats([Float])
    case integers([Int])

    var elementType: ONNXElementType {
      switch self {
      case .floats: .float
      case .integers: .int64
      }
    }

    var bytes: [UInt8] {
      switch self {
      case .floats(let values): values.withUnsafeBytes { Array($0) }
      case .integers(let values): values.map { Int64($0) }.withUnsafeBytes { Array($0) }
      }
    }
  }

  var message: ProtobufMessage {
    ProtobufMessage {
      for extent in shape { $0.integer(1, extent) }
      $0.integer(2, values.elementType.rawValue)
      $0.text(8, name)
      $0.data(9, values.bytes)
    }
  }
}

/// As `TensorProto.DataType` numbers them.
enum ONNXElementType: Int {
  case float = 1
  case uint8 = 2
  case int64 = 7
  case bool = 9
}

enum ONNXAttribute {
  case integer(Int)
  case integers([Int])
  case float(Float)
  case text(String)

  func message(named name: String) -> ProtobufMessage {
    ProtobufMessage {
      $0.text(1, name)
      switch self {
      case .float(let value):
        $0.float(2, value)
        $0.integer(20, 1)
      case .integer(let value):
        $0.integer(3, value)
        $0.integer(20, 2)
      case .text(let value):
        $0.text(4, value)
        $0.integer(20, 3)
      case .integers(let values):
        for value in values { $0.integer(8, value) }
        $0.integer(20, 7)
      }
    }
  }
}

/// One operation of a graph.
struct ONNXNode {
  var name: String
  var operation: String
  var inputs: [String]
  var outputs: [String]
  var attributes: [(name: String, value: ONNXAttribute)]

  var message: ProtobufMessage {
    ProtobufMessage {
      for input in inputs { $0.text(1, input) }
      for output in outputs { $0.text(2, output) }
      $0.text(3, name)
      $0.text(4, operation)
      for attribute in attributes { $0.message(5, attribute.value.message(named: attribute.name)) }
    }
  }
}

/// An input or an output of a graph.
struct ONNXPort {
  enum Extent {
    case fixed(Int)
    /// Any, by this name.
    case free(String)
  }

  var name: String
  var type: ONNXElementType
  var shape: [Extent]
  var comment: String

  var message: ProtobufMessage {
    ProtobufMessage {
      $0.text(1, name)
      $0.message(2) { type in
        type.message(1) { tensor in
          tensor.integer(1, self.type.rawValue)
          tensor.message(2) { shape in
            for extent in self.shape {
              shape.message(1) {
                switch extent {
                case .fixed(let length): $0.integer(1, length)
                case .free(let name): $0.text(2, name)
                }
              }
            }
          }
        }
      }
      $0.text(3, comment)
    }
  }
}

/// An ONNX model, ready to be written: operations of opset 17, numbers, inputs and outputs, and texts.
/// Source: onnx/onnx.proto of ONNX 1.12, the first with this opset.
package struct ONNXFile {
  static let opset = 17
  private static let intermediateRepresentation = 8

  var name: String
  var comment: String
  var nodes: [ONNXNode]
  var tensors: [ONNXTensor]
  var inputs: [ONNXPort]
  var outputs: [ONNXPort]
  /// In this order.
  var metadata: [(key: String, value: String)]

  /// Writes the file whole; the same model gives the same bytes.
  ///
  /// - Throws: `UsageError` for a model that protocol buffers cannot hold, `SystemError`.
  package func write(to path: String) throws {
    let numbers = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    // A message has at most 2³¹ − 1 bytes.
    guard numbers < 1 << 28 else {
      throw UsageError(
        "\(name) has \(grouped(numbers)) weights, and an ONNX file holds at most \(grouped(1 << 28))",
        remedy: "Hand it on as safetensors, or make the model smaller.")
    }
    try WholeFile.write(message.bytes, to: path)
  }

  private var message: ProtobufMessage {
    ProtobufMessage {
      $0.integer(1, Self.intermediateRepresentation)
      $0.text(2, "tiddu")
      $0.text(3, programVersion)
      $0.text(6, comment)
      $0.message(7, graph)
      $0.message(8) {
        $0.text(1, "")
        $0.integer(2, Self.opset)
      }
      for (key, value) in metadata {
        $0.message(14) {
          $0.text(1, key)
          $0.text(2, value)
        }
      }
    }
  }

  private var graph: ProtobufMessage {
    ProtobufMessage {
      for node in nodes { $0.message(1, node.message) }
      $0.text(2, name)
      for tensor in tensors { $0.message(5, tensor.message) }
      for input in inputs { $0.message(11, input.message) }
      for output in outputs { $0.message(12, output.message) }
    }
  }
}
