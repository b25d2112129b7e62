import Foundation
import HTTPTypes
import Hummingbird
import ImageSets

/// A request of the Open Inference Protocol, version 2, with its extension for binary tensors.
struct InferenceRequest: Decodable, Sendable {
  struct Parameters: Decodable, Sendable {
    var binaryDataSize: Int?
    var binaryData: Bool?
    var binaryDataOutput: Bool?
  }

  struct Input: Decodable, Sendable {
    var name: String
    var shape: [Int]
    var datatype: String
    var parameters: Parameters?
    var data: FlatNumbers?
  }

  struct Output: Decodable, Sendable {
    var name: String
    var parameters: Parameters?
  }

  var id: String?
  var inputs: [Input]
  var outputs: [Output]?
  var parameters: Parameters?

  /// How long the JSON before the binary tensors is.
  static let headerLength = HTTPField.Name("Inference-Header-Content-Length")!

  /// - Returns: the request, and the bytes behind its JSON.
  /// - Throws: `Fault`.
  static func read(_ body: [UInt8], headers: HTTPFields) throws -> (InferenceRequest, ArraySlice<UInt8>) {
    var length = body.count
    if let text = headers[headerLength] {
      guard let value = Int(text), (0...body.count).contains(value) else {
        throw Fault(.badRequest, "Inference-Header-Content-Length is no length of this body's JSON.")
      }
      length = value
    }
    return (try JSONText.decode(InferenceRequest.self, from: body[..<length]), body[length...])
  }

  /// The images.
  ///
  /// - Parameter rest: the bytes behind the JSON.
  /// - Throws: `Fault` where shape, type and data do not agree with each other or with the model.
  func images(_ rest: ArraySlice<UInt8>, for entry: ServedModels.Entry, most: Int) throws -> ImageSet {
    guard inputs.count == 1, let input = inputs.first, input.name == InferenceMetadata.input else {
      throw Fault(.badRequest, "One input is expected, named \"\(InferenceMetadata.input)\".")
    }
    let wanted = [entry.shape.height, entry.shape.width, entry.shape.channels]
    guard input.shape.count == 4, Array(input.shape.dropFirst()) == wanted, (1...most).contains(input.shape[0]) else {
      throw Fault(
        .badRequest,
        "The shape is expected to be [N, \(wanted.map(String.init).joined(separator: ", "))], with N from 1 to \(most)."
      )
    }
    let count = input.shape.reduce(1, *)
    guard let type = TensorType(rawValue: input.datatype), type == .uint8 || type == .float else {
      throw Fault(.badRequest, "The datatype is expected to be UINT8 (0 is paper, 255 ink) or FP32 (0 to 1).")
    }
    if let size = input.parameters?.binaryDataSize {
      guard input.data == nil, size == rest.count, size == count * (type.size ?? 1) else {
        throw Fault(
          .badRequest, "\(count * (type.size ?? 1)) bytes are expected behind the JSON, as shape and datatype say.")
      }
      return try Self.set(entry.shape, bytes: rest, type)
    }
    guard rest.isEmpty else { throw Fault(.badRequest, "There are bytes behind the JSON that no input claims.") }
    guard let values = input.data?.values, values.count == count else {
      throw Fault(
        .badRequest,
        "\(count) numbers are expected in \"data\", as the shape says; there are \(input.data?.values.count ?? 0).")
    }
    return try Self.set(entry.shape, numbers: values, type)
  }

  private static func set(_ shape: ImageSet.Shape, bytes: ArraySlice<UInt8>, _ type: TensorType) throws -> ImageSet {
    if type == .uint8 { return ImageSet(shape: shape, pixels: Array(bytes), name: "images", source: "a request") }
    let values = [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      count = bytes.count / 4
    }
    return try checked(shape, values)
  }

  private static func set(_ shape: ImageSet.Shape, numbers: [Double], _ type: TensorType) throws -> ImageSet {
    guard type == .uint8 else { return try checked(shape, numbers.map(Float.init)) }
    guard numbers.allSatisfy({ (0...255).contains($0) && $0 == $0.rounded() }) else {
      throw Fault(.badRequest, "Numbers of UINT8 are whole, from 0 to 255.")
    }
    return ImageSet(shape: shape, pixels: numbers.map { UInt8($0) }, name: "images", source: "a request")
  }

  private static func checked(_ shape: ImageSet.Shape, _ values: [Float]) throws -> ImageSet {
    guard values.allSatisfy({ (0...1).contains($0) }) else {
      throw Fault(.badRequest, "Numbers of FP32 are from 0 (paper) to 1 (ink), and none is NaN.")
    }
    return ImageSet(shape: shape, values: values, name: "images", source: "a request")
  }

  /// Whether an output is wanted in binary.
  func isBinary(_ name: String) -> Bool {
    outputs?.first { $0.name == name }?.parameters?.binaryData ?? parameters?.binaryDataOutput ?? false
  }

  /// Those that are wanted, of those that there are.
  ///
  /// - Throws: `Fault` for one that there is not.
  func wanted(of tensors: [OutputTensor]) throws -> [OutputTensor] {
    guard let outputs, !outputs.isEmpty else { return tensors }
    return try outputs.map { output in
      guard let tensor = tensors.first(where: { $0.name == output.name }) else {
        throw Fault(
          .badRequest, "There is no such output. There are: \(tensors.map(\.name).joined(separator: ", ")).")
      }
      return tensor
    }
  }
}
