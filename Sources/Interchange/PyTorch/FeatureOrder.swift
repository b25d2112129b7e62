import NeuralNetworks
import Support

/// In which order a network of PyTorch has the features of each layer's output.
///
/// Images there are (C, H, W): flattened, all of a channel's pixels follow one another, where Tiddu's (H, W, C) have all of a
/// pixel's channels. So the weights of a dense layer between images and vectors are those of Tiddu's in another order.
struct FeatureOrder {
  /// For each layer's output, which of Tiddu's features stands at each place in PyTorch; nil where the order is the same.
  private let outputs: [[Int]?]
  private let sources: [[Int]]

  /// - Throws: `UsageError` for a layer that means something else when channels come first.
  init(of architecture: Architecture) throws {
    sources = architecture.sources
    let shapes = try architecture.shapes()
    let wanted = Self.wantedByReshapes(architecture, shapes.map(\.output))
    var outputs: [[Int]?] = []
    for (number, named) in architecture.layers.enumerated() {
      let inputs = architecture.sources[number].map { $0 < 0 ? nil : outputs[$0] }
      let shape = shapes[number]
      func refuse() -> UsageError {
        UsageError(
          "layer \(named.name) of \(architecture.name) has no counterpart in PyTorch, where channels come first",
          remedy: "Use Keras' format, which has images as Tiddu has them.")
      }
      switch named.layer {
      case is Flatten: outputs.append(shape.inputs[0].count == 3 ? Self.flattened(shape.inputs[0]) : inputs[0])
      case is Dense: outputs.append(wanted[number])
      case is Reshape:
        // Where features become images, or stay as they are.
        let isImage = shape.output.count == 3
        guard shape.inputs[0] == shape.output || inputs[0] == (isImage ? Self.flattened(shape.output) : nil) else {
          throw refuse()
        }
        guard shape.inputs[0].count != 3 || shape.inputs[0] == shape.output || Self.flattened(shape.inputs[0]) == nil
        else { throw refuse() }
        outputs.append(isImage ? nil : inputs[0])
      case is Concatenate where shape.output.count == 1:
        outputs.append(Self.joined(inputs, sizes: shape.inputs.map { $0[0] }))
      case is Add:
        guard Set(inputs).count == 1 else { throw refuse() }
        outputs.append(inputs[0])
      default: outputs.append(inputs[0])
      }
    }
    self.outputs = outputs
  }

  /// Of the features that a layer reads, and of those that it gives.
  subscript(layer: Int) -> (input: [Int]?, output: [Int]?) {
    let source = sources[layer][0]
    return (source < 0 ? nil : outputs[source], outputs[layer])
  }

  /// Nil where both orders are the same.
  private static func flattened(_ shape: [Int]) -> [Int]? {
    let (pixels, channels) = (shape[0] * shape[1], shape[2])
    if pixels == 1 || channels == 1 { return nil }
    return (0..<pixels * channels).map { $0 % pixels * channels + $0 / pixels }
  }

  private static func joined(_ orders: [[Int]?], sizes: [Int]) -> [Int]? {
    if orders.allSatisfy({ $0 == nil }) { return nil }
    var joined: [Int] = []
    for (order, size) in zip(orders, sizes) {
      let start = joined.count
      joined += (order ?? Array(0..<size)).map { $0 + start }
    }
    return joined
  }

  /// Dense layers whose output becomes images, by their numbers, and the order in which it must stand for that.
  private static func wantedByReshapes(_ architecture: Architecture, _ shapes: [[Int]]) -> [Int: [Int]] {
    var wanted: [Int: [Int]] = [:]
    for (number, named) in architecture.layers.enumerated() where named.layer is Reshape && shapes[number].count == 3 {
      var source = architecture.sources[number][0]
      while source >= 0, shapes[source].count == 1 {
        let layer = architecture.layers[source].layer
        if layer is Dense { wanted[source] = flattened(shapes[number]) }
        guard layer is ActivationLayer || layer is Dropout || layer is BatchNormalization else { break }
        source = architecture.sources[source][0]
      }
    }
    return wanted
  }
}
