import NeuralNetworks
import Support

/// A layer that Keras has too, under the class `kerasClass` with the settings `kerasSettings`.
protocol KerasLayer: Layer {
  var kerasClass: String { get }
  var kerasSettings: [String: Any] { get }
}

extension Flatten: KerasLayer {
  var kerasClass: String { "Flatten" }
  var kerasSettings: [String: Any] { [:] }
}

extension Reshape: KerasLayer {
  var kerasClass: String { "Reshape" }
  var kerasSettings: [String: Any] { ["target_shape": shape] }
}

extension Dense: KerasLayer {
  var kerasClass: String { "Dense" }
  var kerasSettings: [String: Any] { ["units": units, "activation": activation.rawValue] }
}

extension ActivationLayer: KerasLayer {
  var kerasClass: String { "Activation" }
  var kerasSettings: [String: Any] { ["activation": activation.rawValue] }
}

extension ConvolutionLayer {
  fileprivate var settingsOfConvolution: [String: Any] {
    [
      "filters": filters, "kernel_size": [kernelSize, kernelSize], "strides": [strides, strides],
      "padding": padding.rawValue, "activation": activation.rawValue,
    ]
  }
}

extension Convolution2D: KerasLayer {
  var kerasClass: String { "Conv2D" }
  var kerasSettings: [String: Any] { settingsOfConvolution }
}

extension TransposedConvolution2D: KerasLayer {
  var kerasClass: String { "Conv2DTranspose" }
  var kerasSettings: [String: Any] { settingsOfConvolution }
}

extension MaxPooling2D: KerasLayer {
  var kerasClass: String { "MaxPooling2D" }
  var kerasSettings: [String: Any] {
    let strides = strides ?? poolSize
    return ["pool_size": [poolSize, poolSize], "strides": [strides, strides], "padding": padding.rawValue]
  }
}

extension UpSampling2D: KerasLayer {
  var kerasClass: String { "UpSampling2D" }
  var kerasSettings: [String: Any] { ["size": [size, size], "interpolation": "nearest"] }
}

extension Margins {
  fileprivate var pairs: [[Int]] { [[top, bottom], [left, right]] }
}

extension ZeroPadding2D: KerasLayer {
  var kerasClass: String { "ZeroPadding2D" }
  var kerasSettings: [String: Any] { ["padding": margins.pairs] }
}

extension Cropping2D: KerasLayer {
  var kerasClass: String { "Cropping2D" }
  var kerasSettings: [String: Any] { ["cropping": margins.pairs] }
}

extension BatchNormalization: KerasLayer {
  var kerasClass: String { "BatchNormalization" }
  // As text and back, so that 0.99 does not become 0.9900000095.
  var kerasSettings: [String: Any] {
    ["momentum": Double("\(momentum)") ?? 0, "epsilon": Double("\(epsilon)") ?? 0, "axis": -1]
  }
}

extension Dropout: KerasLayer {
  var kerasClass: String { "Dropout" }
  var kerasSettings: [String: Any] { ["rate": Double("\(rate)") ?? 0] }
}

extension Add: KerasLayer {
  var kerasClass: String { "Add" }
  var kerasSettings: [String: Any] { [:] }
}

extension Concatenate: KerasLayer {
  var kerasClass: String { "Concatenate" }
  var kerasSettings: [String: Any] { ["axis": -1] }
}
