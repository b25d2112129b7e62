import NeuralNetworks
import TestSupport

extension Network {
  /// Puts row-major values into the parameter of that name.
  func set(_ name: String, _ values: [Float]) throws {
    guard let parameter = parameters[name] else { preconditionFailure("no parameter \(name)") }
    parameters.write(values, to: parameter)
  }

  func values(_ name: String) throws -> [Float] { parameters.read(parameters[name]!) }
  func gradient(_ name: String) throws -> [Float] {
    parameters.read(parameters[name]!, from: parameters.gradients)
  }
}

extension UnsafeMutableBufferPointer<Float> {
  func fill(_ values: [Float]) {
    precondition(values.count == count, "\(values.count) values for \(count) places")
    _ = update(fromContentsOf: values)
  }
}
