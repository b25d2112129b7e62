import Safetensors
import Testing

/// Reference values made by the scripts in `Tools/golden`, kept in `Tests/Golden`.
package struct Golden {
  private let name: String
  private let file: TensorFile

  package static func load(_ name: String) throws -> Golden {
    Golden(name: name, file: try TensorFile.read("\(Repository.root)/Tests/Golden/\(name).safetensors"))
  }

  /// The tensor of that name; a missing one fails the test.
  package func tensor(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Tensor {
    try #require(file.tensors[name], "\(self.name) has no tensor \(name)", sourceLocation: sourceLocation)
  }

  /// The values of the tensor of that name, row-major.
  package subscript(_ name: String) -> [Float] {
    get throws { try tensor(name).values }
  }

  /// The only value of a scalar.
  package func scalar(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Float {
    let tensor = try tensor(name, sourceLocation: sourceLocation)
    try #require(tensor.values.count == 1, "\(name) has the shape \(tensor.shape)", sourceLocation: sourceLocation)
    return tensor.values[0]
  }
}
