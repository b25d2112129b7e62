/// What a convolution and a transposed one are told alike.
package struct ConvolutionSettings: Codable, Equatable, Sendable {
  /// O, from 1 to 2¹⁶.
  package var filters: Int
  /// KH = KW.
  package var kernelSize = 3
  package var strides = 1
  package var padding = Padding.valid
  package var activation = Activation.linear

  private enum CodingKeys: String, CodingKey {
    case filters, strides, padding, activation
    case kernelSize = "kernel_size"
  }

  package init(filters: Int, kernelSize: Int, strides: Int, padding: Padding, activation: Activation) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.activation = activation
  }

  /// All but the filters may be left out.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    filters = try container.decode(Int.self, forKey: .filters)
    kernelSize = try container.value(.kernelSize, default: kernelSize)
    strides = try container.value(.strides, default: strides)
    padding = try container.choice(.padding, default: padding)
    activation = try container.choice(.activation, default: activation)
  }
}

/// A layer whose kernel is laid over images: a convolution or its transpose.
package protocol ConvolutionLayer: UnaryLayer, ActivatedLayer, MultiplyingLayer {
  /// Stored as the layer's own settings.
  var settings: ConvolutionSettings { get set }
  init(_ settings: ConvolutionSettings)
}

extension ConvolutionLayer {
  package init(
    filters: Int, kernelSize: Int = 3, strides: Int = 1, padding: Padding = .valid, activation: Activation = .linear
  ) {
    self.init(
      ConvolutionSettings(
        filters: filters, kernelSize: kernelSize, strides: strides, padding: padding, activation: activation))
  }

  package init(from decoder: any Decoder) throws { self.init(try ConvolutionSettings(from: decoder)) }
  package func encode(to encoder: any Encoder) throws { try settings.encode(to: encoder) }

  package var filters: Int { settings.filters }
  package var kernelSize: Int { settings.kernelSize }
  package var strides: Int { settings.strides }
  package var padding: Padding { settings.padding }
  package var activation: Activation { settings.activation }
  /// What is left to the layer where the loss takes the rest.
  package var applied: Activation { defersActivation ? .linear : activation }
  package var window: Window { Window(size: kernelSize, stride: strides, padding: padding) }
}

/// What all convolutions share.
enum ConvolutionKernel {
  static func check(filters: Int) throws(LayerError) {
    guard (1...1 << 16).contains(filters) else {
      throw LayerError("\(filters) filters; wanted is a number from 1 to 2^16")
    }
  }

  /// For each place that the kernel is laid on. Shapes have been checked, so that no product overflows.
  static func products(size: Int, _ inputs: Int, _ outputs: Int) -> Int { size * size * inputs * outputs }

  /// - Parameter channels: the last two axes of the kernel.
  static func parameters(size: Int, _ channels: [Int], outputs: Int) -> [ParameterDescription] {
    [
      ParameterDescription(name: "kernel", shape: [size, size] + channels, initial: .glorotUniform),
      ParameterDescription(name: "bias", shape: [outputs], initial: .zeros),
    ]
  }
}
