import NeuralNetworks
import TestSupport
import Testing

/// Against Keras and PyTorch: Tools/golden/pooling.py.
@Suite struct PoolingTests {
  @Test(arguments: [
    ("two", MaxPooling2D()), ("two-odd", MaxPooling2D(poolSize: 2, padding: .valid)),
    ("two-same-odd", MaxPooling2D(poolSize: 2, padding: .same)),
    ("two-same-odd-one", MaxPooling2D(poolSize: 2, padding: .same)),
    ("three-by-two-same", MaxPooling2D(poolSize: 3, strides: 2, padding: .same)),
    ("three-by-two-same-blocked", MaxPooling2D(poolSize: 3, strides: 2, padding: .same)),
    ("three-by-one", MaxPooling2D(poolSize: 3, strides: 1)),
  ])
  func poolingAgreesWithKeras(part: String, layer: MaxPooling2D) throws {
    try expectAgreement(of: layer, named: "max_pooling2d", with: Golden.load("pooling"), part: part, relative: 1e-6)
  }

  @Test(arguments: [
    ("up-two", UpSampling2D()), ("up-two-blocked", UpSampling2D(size: 2)), ("up-three", UpSampling2D(size: 3)),
  ])
  func upsamplingAgreesWithKeras(part: String, layer: UpSampling2D) throws {
    try expectAgreement(of: layer, named: "up_sampling2d", with: Golden.load("pooling"), part: part, relative: 1e-6)
  }

  @Test func shapesAreKeras() throws {
    let summary = try Summary(
      of: Architecture(
        name: "shapes", input: [9, 8, 2],
        layers: [
          MaxPooling2D(padding: .same), MaxPooling2D(), UpSampling2D(size: 4),
          MaxPooling2D(poolSize: 3, strides: 2), UpSampling2D(),
        ]))
    #expect(
      summary.rows.map(\.layer) == [
        "input", "max_pooling2d", "max_pooling2d_1", "up_sampling2d", "max_pooling2d_2", "up_sampling2d_1",
      ])
    #expect(
      summary.rows.map(\.outputShape) == [[9, 8, 2], [5, 4, 2], [2, 2, 2], [8, 8, 2], [3, 3, 2], [6, 6, 2]])
    #expect(summary.parameters == 0)
  }

  @Test func refusesWhatDoesNotFit() {
    for wrong in [0, -1, Int.min] {
      expectRefusal(of: MaxPooling2D(poolSize: wrong), named: "max_pooling2d")
      expectRefusal(of: MaxPooling2D(strides: wrong), named: "max_pooling2d")
      expectRefusal(of: UpSampling2D(size: wrong), named: "up_sampling2d")
    }
    expectRefusal(of: MaxPooling2D(poolSize: 6), named: "max_pooling2d")
    expectRefusal(of: MaxPooling2D(poolSize: .max, padding: .same), named: "max_pooling2d")
    expectRefusal(of: UpSampling2D(size: .max), named: "up_sampling2d")
    expectRefusal(of: MaxPooling2D(), named: "max_pooling2d", input: [90])
    expectRefusal(of: UpSampling2D(), named: "up_sampling2d", input: [90])
  }
}
