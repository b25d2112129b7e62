import Foundation
import Hummingbird

/// An answer of the Open Inference Protocol.
struct InferenceAnswer: Encodable {
  private var modelName: String
  private var modelVersion = InferenceMetadata.version
  private var id: String?
  private var outputs: [Output]
  private var binary = Data()

  private enum CodingKeys: CodingKey { case modelName, modelVersion, id, outputs }

  private struct Output: Encodable {
    struct Parameters: Encodable { var binaryDataSize: Int }

    var tensor: OutputTensor
    var binarySize: Int?

    private enum CodingKeys: CodingKey { case name, datatype, shape, parameters, data }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(tensor.name, forKey: .name)
      try container.encode(tensor.type, forKey: .datatype)
      try container.encode(tensor.shape, forKey: .shape)
      if let binarySize { return try container.encode(Parameters(binaryDataSize: binarySize), forKey: .parameters) }
      switch tensor.values {
      case .bytes(let values): try container.encode(values, forKey: .data)
      case .floats(let values): try container.encode(values, forKey: .data)
      case .integers(let values): try container.encode(values, forKey: .data)
      case .longs(let values): try container.encode(values, forKey: .data)
      case .texts(let values): try container.encode(values, forKey: .data)
      }
    }
  }

  /// - Throws: `Fault` where an output is wanted that there is not.
  init(of request: InferenceRequest, model: String, tensors: [OutputTensor]) throws {
    (modelName, id, outputs) = (model, request.id, [])
    for tensor in try request.wanted(of: tensors) {
      guard request.isBinary(tensor.name) else {
        outputs.append(Output(tensor: tensor))
        continue
      }
      let data = tensor.data
      outputs.append(Output(tensor: tensor, binarySize: data.count))
      binary.append(data)
    }
  }

  var response: Response {
    guard !binary.isEmpty else { return JSONText.response(self) }
    let json = JSONText.bytes(self)
    return Response(
      status: .ok,
      headers: [
        .contentType: MediaTypes.binary, .cacheControl: "no-store", InferenceRequest.headerLength: "\(json.count)",
      ], body: .init(byteBuffer: ByteBuffer(bytes: json + binary)))
  }
}

/// What a model takes and gives, in the protocol's words.
struct InferenceMetadata: Encodable {
  static let input = "image"
  static let version = "1"

  struct Tensor: Encodable {
    var name: String
    var datatype: TensorType
    var shape: [Int]
  }

  var name: String
  var versions = [Self.version]
  var platform = "tiddu"
  var inputs: [Tensor]
  var outputs: [Tensor]

  init(_ entry: ServedModels.Entry) {
    name = entry.name
    let image = [-1, entry.shape.height, entry.shape.width, entry.shape.channels]
    inputs = [Tensor(name: Self.input, datatype: .float, shape: image)]
    if entry.isClassifier {
      outputs = [
        Tensor(name: "probabilities", datatype: .float, shape: [-1, entry.classes.count]),
        Tensor(name: "label", datatype: .int64, shape: [-1]),
      ]
    } else {
      outputs = [Tensor(name: "restored", datatype: .float, shape: image)]
      if entry.findsOrientations {
        outputs += [
          Tensor(name: "undone", datatype: .bytes, shape: [-1]),
          Tensor(name: "probability", datatype: .float, shape: [-1]),
        ]
      }
    }
  }
}
