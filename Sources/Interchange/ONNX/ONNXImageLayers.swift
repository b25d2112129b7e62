import NeuralNetworks

// Layers on images, (N, C, H, W) in ONNX.

extension Convolution2D: ONNXLayer {
  /// W (KH, KW, I, O) as (O, I, KH, KW).
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let channels = site.input.shape[2]
    return graph.convolve(
      "Conv", self, site, shape: [filters, channels],
      kernel: { taps, tap, output, input in
        taps[(tap * channels + input) * filters + output]
      }, attributes: window.attributes(on: site.input, in: graph))
  }
}

extension TransposedConvolution2D: ONNXLayer {
  /// W (KH, KW, O, I) as (I, O, KH, KW).
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let channels = site.input.shape[2]
    // What a same convolution of the output would be padded by is cut off here, whatever the size.
    let surplus = max(kernelSize - strides, 0)
    let before = padding == .same ? surplus / 2 : 0
    let after = padding == .same ? surplus - before : 0
    let missing = max(strides - kernelSize, 0)
    return graph.convolve(
      "ConvTranspose", self, site, shape: [channels, filters],
      kernel: { taps, tap, input, output in
        taps[(tap * filters + output) * channels + input]
      },
      attributes: [
        ("strides", .integers([strides, strides])), ("pads", .integers([before, before, after, after])),
        ("output_padding", .integers([missing, missing])),
      ])
  }
}

extension ONNXGraph {
  /// - Parameters:
  ///   - shape: the first two extents of the kernel in ONNX.
  ///   - kernel: one number of it, by tap and these two.
  fileprivate mutating func convolve(
    _ operation: String, _ layer: some ConvolutionLayer, _ site: ONNXSite, shape: [Int],
    kernel number: ([Float], _ tap: Int, _ first: Int, _ second: Int) -> Float,
    attributes: [(name: String, value: ONNXAttribute)]
  ) -> ONNXValue {
    let (size, own) = (layer.kernelSize, site.weights["kernel"] ?? [])
    var values: [Float] = []
    values.reserveCapacity(own.count)
    for first in 0..<shape[0] {
      for second in 0..<shape[1] {
        for tap in 0..<size * size { values.append(number(own, tap, first, second)) }
      }
    }
    let input = channelsFirst(site.input)
    let kernel = weights("\(site.label)/kernel", shape: shape + [size, size], values)
    let bias = weights("\(site.label)/bias", shape: [layer.filters], site.weights["bias"] ?? [])
    let name = add(
      operation, [input.name, kernel, bias], [("kernel_shape", .integers([size, size]))] + attributes, as: site.label)
    return activate(site.output(name, isChannelsFirst: true), layer.applied, site.label)
  }
}

extension Window {
  /// Strides and padding. Where the images' size is not known, ONNX works the padding out; it puts the odd zero last, as Keras
  /// does.
  fileprivate func attributes(
    on input: ONNXValue, in graph: ONNXGraph
  ) -> [(name: String, value: ONNXAttribute)] {
    let strides = ("strides", ONNXAttribute.integers([stride, stride]))
    if graph.takesAnySize && padding == .same && stride > 1 { return [strides, ("auto_pad", .text("SAME_UPPER"))] }
    let (rows, columns) = (margins(of: input.shape[0]), margins(of: input.shape[1]))
    return [strides, ("pads", .integers([rows.before, columns.before, rows.after, columns.after]))]
  }
}

extension MaxPooling2D: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let input = graph.channelsFirst(site.input)
    let name = graph.add(
      "MaxPool", [input.name],
      [("kernel_shape", .integers([poolSize, poolSize]))] + window.attributes(on: input, in: graph), as: site.label)
    return site.output(name, isChannelsFirst: true)
  }
}

extension UpSampling2D: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let input = graph.channelsFirst(site.input)
    let scales = graph.floats([1, 1, Float(size), Float(size)])
    let name = graph.add(
      "Resize", [input.name, "", scales],
      [
        ("mode", .text("nearest")), ("nearest_mode", .text("floor")),
        ("coordinate_transformation_mode", .text("asymmetric")),
      ], as: site.label)
    return site.output(name, isChannelsFirst: true)
  }
}

extension ZeroPadding2D: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let input = graph.channelsFirst(site.input)
    let pads = graph.integers([0, 0, margins.top, margins.left, 0, 0, margins.bottom, margins.right])
    return site.output(graph.add("Pad", [input.name, pads], as: site.label), isChannelsFirst: true)
  }
}

extension Cropping2D: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ site: ONNXSite) -> ONNXValue {
    let input = graph.channelsFirst(site.input)
    // Counted from the end; 0 would be the start.
    let ends = [margins.bottom, margins.right].map { $0 == 0 ? Int.max : -$0 }
    let name = graph.add(
      "Slice",
      [input.name, graph.integers([margins.top, margins.left]), graph.integers(ends), graph.integers([2, 3])],
      as: site.label)
    return site.output(name, isChannelsFirst: true)
  }
}
