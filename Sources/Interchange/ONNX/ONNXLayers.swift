import NeuralNetworks

/// A layer among others, as its operations are added to a graph.
struct ONNXSite {
  /// "redrawing/conv2d_1"
  var label: String
  /// As the architecture has them.
  var inputs: [ONNXValue]
  var outputShape: [Int]
  /// By the layer's own names, row-major.
  var weights: [String: [Float]]

  var input: ONNXValue { inputs[0] }

  func output(_ name: String, isChannelsFirst: Bool) -> ONNXValue {
    ONNXValue(name: name, shape: outputShape, isChannelsFirst: isChannelsFirst)
  }
}

/// A layer that has a counterpart in ONNX.
protocol ONNXLayer: Layer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue
}

extension ONNXGraph {
  /// A layer's own function behind it.
  mutating func activate(_ value: ONNXValue, _ activation: Activation, _ label: String) -> ONNXValue {
    var value = value
    let label = "\(label)/\(activation.rawValue)"
    switch activation {
    case .linear: break
    case .relu: value.name = add("Relu", [value.name], as: label)
    case .sigmoid: value.name = add("Sigmoid", [value.name], as: label)
    case .softmax:
      value.name = add("Softmax", [value.name], [("axis", .integer(value.isChannelsFirst ? 1 : -1))], as: label)
    }
    return value
  }
}

extension Flatten: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let input = graph.channelsLast(site.input)
    return site.output(graph.reshape(input.name, to: site.outputShape, as: site.label), isChannelsFirst: false)
  }
}

extension Reshape: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let input = graph.channelsLast(site.input)
    return site.output(graph.reshape(input.name, to: site.outputShape, as: site.label), isChannelsFirst: false)
  }
}

extension Dense: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let kernel = graph.weights(
      "\(site.label)/kernel", shape: [site.input.size, units], site.weights["kernel"] ?? [])
    let bias = graph.weights("\(site.label)/bias", shape: [units], site.weights["bias"] ?? [])
    let product = graph.add("Gemm", [site.input.name, kernel, bias], as: site.label)
    return graph.activate(site.output(product, isChannelsFirst: false), applied, site.label)
  }
}

extension ActivationLayer: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    graph.activate(site.input, defersActivation ? .linear : activation, site.label)
  }
}

extension Dropout: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue { site.input }
}

extension BatchNormalization: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let isImage = site.outputShape.count == 3
    let input = isImage ? graph.channelsFirst(site.input) : site.input
    let weights = ["gamma", "beta", "moving_mean", "moving_variance"].map { name in
      graph.weights("\(site.label)/\(name)", shape: [site.outputShape.last ?? 0], site.weights[name] ?? [])
    }
    let name = graph.add(
      "BatchNormalization", [input.name] + weights, [("epsilon", .float(epsilon))], as: site.label)
    return site.output(name, isChannelsFirst: isImage)
  }
}

extension Add: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let inputs = graph.inOneOrder(site.inputs)
    let name = inputs.dropFirst().reduce(inputs[0].name) { graph.add("Add", [$0, $1.name], as: site.label) }
    return site.output(name, isChannelsFirst: inputs[0].isChannelsFirst)
  }
}

extension Concatenate: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let inputs = graph.inOneOrder(site.inputs)
    let isChannelsFirst = inputs[0].isChannelsFirst
    let name = graph.add(
      "Concat", inputs.map(\.name), [("axis", .integer(isChannelsFirst ? 1 : -1))], as: site.label)
    return site.output(name, isChannelsFirst: isChannelsFirst)
  }
}

extension ONNXGraph {
  /// Images channels first, since what is behind them most probably wants that.
  fileprivate mutating func inOneOrder(_ values: [ONNXValue]) -> [ONNXValue] {
    guard values.contains(where: \.isChannelsFirst) else { return values }
    return values.map { channelsFirst($0) }
  }
}
