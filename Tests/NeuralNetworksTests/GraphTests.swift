import Foundation
import NeuralNetworks
import Support
import Testing

/// Networks whose layers read more than the one before.
@Suite struct GraphTests {
  private static let skip = Architecture(name: "skip", input: [6, 5, 1]) { net in
    let first = net.add(Convolution2D(filters: 3, padding: .same), to: net.input)
    let second = net.add(Convolution2D(filters: 3, padding: .same), to: first)
    let sum = net.add(Add(), to: first, second)
    net.add(Concatenate(), to: net.input, sum, first)
  }

  @Test func survivesJSONAndSaysWhatIsRead() throws {
    let data = try JSONEncoder().encode(Self.skip)
    let back = try JSONDecoder().decode(Architecture.self, from: data)
    #expect(back == Self.skip)
    #expect(back.layers.map(\.inputs) == [nil, nil, ["conv2d", "conv2d_1"], ["input", "add", "conv2d"]])
    let summary = try Summary(of: back)
    #expect(summary.rows.map(\.outputShape) == [[6, 5, 1], [6, 5, 3], [6, 5, 3], [6, 5, 3], [6, 5, 7]])
    #expect(summary.rows.last?.inputs == ["input", "add", "conv2d"])
  }

  /// As documented, and as Keras has it where Keras has one.
  @Test(arguments: [
    (
      #""conv2d","filters":2"#,
      Convolution2D(
        .init(filters: 2, kernelSize: 3, strides: 1, padding: .valid, activation: .linear)) as any Layer
    ),
    (#""batch_normalization""#, BatchNormalization(momentum: 0.99, epsilon: 0.001)),
    (#""max_pooling2d""#, MaxPooling2D(poolSize: 2, strides: nil, padding: .valid)),
    (#""up_sampling2d""#, UpSampling2D(size: 2)), (#""activation""#, ActivationLayer(.relu)),
    (#""zero_padding2d""#, ZeroPadding2D(Margins(top: 0, bottom: 0, left: 0, right: 0))),
    (#""cropping2d""#, Cropping2D(Margins(top: 0, bottom: 0, left: 0, right: 0))),
    (#""dense","units":3"#, Dense(units: 3, activation: .linear)),
  ])
  func settingsMayBeLeftOut(text: String, layer: any Layer) throws {
    let json = #"{"name":"x","input":[4,4,1],"layers":[{"name":"a","type":\#(text)}]}"#
    let architecture = try JSONDecoder().decode(Architecture.self, from: Data(json.utf8))
    #expect(
      architecture == Architecture(name: "x", input: [4, 4, 1], named: [NamedLayer(name: "a", layer: layer)]), "\(text)"
    )
  }

  @Test func differsByWhatIsRead() {
    let other = Architecture(name: "skip", input: [6, 5, 1]) { net in
      let first = net.add(Convolution2D(filters: 3, padding: .same), to: net.input)
      let second = net.add(Convolution2D(filters: 3, padding: .same), to: first)
      let sum = net.add(Add(), to: first, second)
      net.add(Concatenate(), to: net.input, sum, second)
    }
    #expect(other != Self.skip)
  }

  @Test(arguments: [
    (#"{"name":"b","type":"flatten","inputs":["c"]}"#, "layer b "),
    (#"{"name":"b","type":"flatten","inputs":[]}"#, "layer b "),
    (#"{"name":"b","type":"flatten","inputs":["a","input"]}"#, "one input"),
    (#"{"name":"b","type":"flatten","inputs":["b"]}"#, "layer b "),
    (#"{"name":"b","type":"add","inputs":["a"]}"#, "at least two"),
    (#"{"name":"b","type":"concatenate","inputs":["a","input"]}"#, "last extent"),
    (#"{"name":"b","type":"flatten","inputs":["input"]}"#, "nothing reads"),
    (#"{"name":"input","type":"flatten"}"#, "is taken"),
    (#"{"name":"a","type":"flatten"}"#, "is taken"),
    (
      #"{"name":"b","type":"conv2d","filters":65536,"kernel_size":255,"strides":1,"padding":"same","activation":"linear"}"#,
      "kernel"
    ),
  ])
  func refusesWhatCannotBeRead(layer: String, words: String) throws {
    let json =
      #"{"name":"x","input":[4,4,1],"layers":[{"name":"a","type":"max_pooling2d","pool_size":2,"padding":"same"},"#
    let architecture = try JSONDecoder().decode(Architecture.self, from: Data("\(json)\(layer)]}".utf8))
    for loss in Loss.allCases where loss != .meanSquaredError {
      #expect(throws: UsageError.self) { try loss.validate(architecture) }
    }
    let error = #expect(throws: UsageError.self) { try Network(architecture, batchSize: 1, seed: 1) }
    #expect(error?.problem.contains(words) == true, "\(error?.problem ?? "")")
  }

  @Test(arguments: [
    Convolution2D(filters: 0) as any Layer, Convolution2D(filters: 1, kernelSize: 9),
    Convolution2D(filters: 1, strides: 0),
    Convolution2D(filters: 1, kernelSize: -1, padding: .same), TransposedConvolution2D(filters: 1 << 40),
    TransposedConvolution2D(filters: 1, strides: 1 << 60), MaxPooling2D(poolSize: 0), MaxPooling2D(poolSize: 9),
    MaxPooling2D(poolSize: 2, strides: -1), UpSampling2D(size: 1 << 62), Dropout(rate: 1), Dropout(rate: .nan),
    Dropout(rate: -0.1), BatchNormalization(momentum: .nan), BatchNormalization(epsilon: 0),
  ])
  func refusesSettingsOutOfRange(layer: any Layer) {
    let architecture = Architecture(name: "x", input: [8, 7, 2], layers: [layer])
    let error = #expect(throws: UsageError.self) { try architecture.shapes() }
    #expect(error?.problem.contains(type(of: layer).type) == true, "\(error?.problem ?? "")")
    let onFeatures = Architecture(name: "x", input: [8], layers: [layer])
    #expect(throws: UsageError.self) { try onFeatures.shapes() }
  }
}
