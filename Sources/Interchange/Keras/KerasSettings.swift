import Foundation
import NeuralNetworks
import Support

/// The settings of one layer in a `config.json`, and what layer of Tiddu's they describe.
struct KerasSettings {
  let values: [String: Any]
  let layer: String
  /// Keras' class.
  let type: String
  /// Of a place, what was expected and what was found.
  let reader: (String, String, String) -> DataError

  private func error(_ key: String, _ expected: String) -> DataError {
    reader(
      "layer \(layer) (\(type)), \(key)", expected, values[key].map { "\($0)".replacing("\n", with: " ") } ?? "none")
  }

  // MARK: - Single settings

  private func number(_ key: String, default value: Double? = nil) throws -> Double {
    guard let found = values[key], !(found is NSNull) else {
      if let value { return value }
      throw error(key, "a number")
    }
    guard let number = found as? NSNumber else { throw error(key, "a number") }
    return number.doubleValue
  }

  private func integer(_ key: String, default value: Int? = nil) throws -> Int {
    guard let exact = Int(exactly: try number(key, default: value.map(Double.init))) else {
      throw error(key, "an integer")
    }
    return exact
  }

  /// Nil where one is none; 0 for null, which stands for the batch.
  private func integers(_ value: Any?) -> [Int]? {
    guard let list = value as? [Any] else { return nil }
    let integers = list.compactMap { $0 is NSNull ? 0 : ($0 as? NSNumber).flatMap { Int(exactly: $0.doubleValue) } }
    return integers.count == list.count ? integers : nil
  }

  /// One number for rows and columns alike.
  private func side(_ key: String, default value: Int? = nil) throws -> Int {
    if values[key] is NSNumber { return try integer(key) }
    guard let sides = integers(values[key]), sides.count == 2 else {
      guard values[key] == nil || values[key] is NSNull, let value else { throw error(key, "two numbers") }
      return value
    }
    guard sides[0] == sides[1] else { throw error(key, "the same number for rows and columns") }
    return sides[0]
  }

  private func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: String, default value: Value) throws
    -> Value
  {
    guard let found = values[key], !(found is NSNull) else { return value }
    guard let word = found as? String, let choice = Value(rawValue: word) else {
      throw error(key, "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  private var activation: Activation { get throws { try choice("activation", default: .linear) } }

  /// Throws where a setting is there and is none of those that Tiddu has; truth values are 0 and 1.
  private func expect(_ key: String, _ wanted: [Double], _ words: String) throws {
    guard let found = values[key], !(found is NSNull) else { return }
    guard let number = (found as? NSNumber)?.doubleValue, wanted.contains(number) else { throw error(key, words) }
  }

  private func expect(_ key: String, word: String) throws {
    guard let found = values[key], !(found is NSNull) else { return }
    guard found as? String == word else { throw error(key, word) }
  }

  /// The last axis, whether it is counted from the first or from the last.
  private func expectLastAxis(of inputs: [Shape]) throws {
    let last = Double(inputs.first?.count ?? 1)
    if let list = values["axis"] as? [NSNumber], list.count == 1, [-1, last].contains(list[0].doubleValue) { return }
    try expect("axis", [-1, last], "the last axis")
  }

  private func margins(_ key: String) throws -> Margins {
    if values[key] is NSNumber {
      let side = try integer(key)
      return Margins(top: side, bottom: side, left: side, right: side)
    }
    guard let sides = values[key] as? [Any], sides.count == 2 else { throw error(key, "two pairs of numbers") }
    let pairs = sides.map { side in integers(side) ?? (side as? NSNumber).map { [$0.intValue, $0.intValue] } ?? [] }
    guard pairs.allSatisfy({ $0.count == 2 }) else { throw error(key, "two pairs of numbers") }
    return Margins(top: pairs[0][0], bottom: pairs[0][1], left: pairs[1][0], right: pairs[1][1])
  }

  // MARK: - Shapes

  /// Of an input layer.
  func inputShape() throws -> Shape {
    guard let shape = integers(values["batch_shape"] ?? values["batch_input_shape"]), shape.count >= 2,
      shape.dropFirst().allSatisfy({ $0 >= 1 })
    else { throw error("batch_shape", "the extents of an image") }
    return Array(shape.dropFirst())
  }

  /// Of the first layer of a model without an input layer.
  func buildShape(_ description: [String: Any]) throws -> Shape {
    let build = description["build_config"] as? [String: Any]
    guard let shape = integers(build?["input_shape"]), shape.count >= 2, shape.dropFirst().allSatisfy({ $0 >= 1 })
    else { throw error("build_config", "the extents of an image; save the model after it has been built") }
    return Array(shape.dropFirst())
  }

  private func targetShape(of input: Shape) throws -> Shape {
    guard var shape = integers(values["target_shape"]) else { throw error("target_shape", "extents") }
    let (all, known) = (input.reduce(1, *), shape.filter { $0 != -1 }.reduce(1.0) { $0 * Double($1) })
    if let place = shape.firstIndex(of: -1), known >= 1, known <= Double(all) { shape[place] = all / Int(known) }
    return shape
  }

  // MARK: - Layers

  /// - Parameter inputs: shapes of what it reads.
  func layer(reading inputs: [Shape]) throws -> any Layer {
    try expect("data_format", word: "channels_last")
    switch type {
    case "Flatten": return Flatten()
    case "Reshape": return Reshape(try targetShape(of: inputs.first ?? []))
    case "Dense":
      try expect("use_bias", [1], "true")
      return Dense(units: try integer("units"), activation: try activation)
    case "Activation": return ActivationLayer(try activation)
    case "ReLU":
      try expect("max_value", [], "null")
      try expect("negative_slope", [0], "0")
      try expect("threshold", [0], "0")
      return ActivationLayer(.relu)
    case "Softmax":
      try expectLastAxis(of: inputs)
      return ActivationLayer(.softmax)
    case "Conv2D": return Convolution2D(try convolution())
    case "Conv2DTranspose":
      try expect("output_padding", [], "null")
      return TransposedConvolution2D(try convolution())
    case "MaxPooling2D":
      let size = try side("pool_size", default: 2)
      return MaxPooling2D(
        poolSize: size, strides: try side("strides", default: size), padding: try choice("padding", default: .valid))
    case "UpSampling2D":
      try expect("interpolation", word: "nearest")
      return UpSampling2D(size: try side("size", default: 2))
    case "ZeroPadding2D": return ZeroPadding2D(try margins("padding"))
    case "Cropping2D": return Cropping2D(try margins("cropping"))
    case "BatchNormalization":
      try expectLastAxis(of: inputs)
      try expect("center", [1], "true")
      try expect("scale", [1], "true")
      return BatchNormalization(
        momentum: Float(try number("momentum", default: 0.99)), epsilon: Float(try number("epsilon", default: 1e-3)))
    case "Dropout": return Dropout(rate: Float(try number("rate")))
    case "Add": return Add()
    case "Concatenate":
      try expectLastAxis(of: inputs)
      return Concatenate()
    default:
      throw reader("layer \(layer)", "a layer that Tiddu has", type.isEmpty ? "something else" : type)
    }
  }

  private func convolution() throws -> ConvolutionSettings {
    try expect("use_bias", [1], "true")
    try expect("groups", [1], "1")
    guard try side("dilation_rate", default: 1) == 1 else { throw error("dilation_rate", "1") }
    return ConvolutionSettings(
      filters: try integer("filters"), kernelSize: try side("kernel_size", default: 3),
      strides: try side("strides", default: 1), padding: try choice("padding", default: .valid),
      activation: try activation)
  }
}
