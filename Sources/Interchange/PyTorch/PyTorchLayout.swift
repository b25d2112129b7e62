import NeuralNetworks
import Safetensors

/// How PyTorch stores one weight array of a layer: its name there, and where each of its numbers comes from.
struct PyTorchLayout {
  /// "weight"
  let name: String
  let shape: [Int]
  /// For each number in PyTorch's order, its place in Tiddu's.
  private let places: [Int]

  /// - Parameter order: of the features that the layer reads and gives.
  init(_ parameter: ParameterDescription, of layer: any Layer, order: (input: [Int]?, output: [Int]?)) {
    let names = [
      "kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
      "moving_variance": "running_var",
    ]
    name = names[parameter.name] ?? parameter.name
    let own = parameter.shape
    switch (layer, own.count) {
    case (is Dense, 2):
      // (I, O) → (O, I)
      (shape, places) = Self.gather([own[1], own[0]]) { place in
        let (output, input) = (place[0], place[1])
        return (order.input?[input] ?? input) * own[1] + (order.output?[output] ?? output)
      }
    case (is Convolution2D, 4), (is TransposedConvolution2D, 4):
      // (KH, KW, I, O) → (O, I, KH, KW); transposed (KH, KW, O, I) → (I, O, KH, KW)
      (shape, places) = Self.gather([own[3], own[2], own[0], own[1]]) { place in
        ((place[2] * own[1] + place[3]) * own[2] + place[1]) * own[3] + place[0]
      }
    default:
      let features = layer is Dense || layer is BatchNormalization ? order.output : nil
      (shape, places) = Self.gather(own) { place in
        features.map { $0[place[0]] } ?? zip(place, own).reduce(0) { $0 * $1.1 + $1.0 }
      }
    }
  }

  private static func gather(_ shape: [Int], _ source: ([Int]) -> Int) -> ([Int], [Int]) {
    var place = shape.map { _ in 0 }
    let places = (0..<shape.reduce(1, *)).map { _ in
      defer {
        var axis = shape.count - 1
        while axis >= 0 {
          place[axis] += 1
          if place[axis] < shape[axis] { break }
          place[axis] = 0
          axis -= 1
        }
      }
      return source(place)
    }
    return (shape, places)
  }

  func toPyTorch(_ tensor: Tensor) -> Tensor {
    Tensor(shape: shape, values: places.map { tensor.values[$0] })
  }

  func fromPyTorch(_ tensor: Tensor, shape own: [Int]) -> Tensor {
    var values = [Float](repeating: 0, count: tensor.values.count)
    for (place, source) in places.enumerated() { values[source] = tensor.values[place] }
    return Tensor(shape: own, values: values)
  }
}
