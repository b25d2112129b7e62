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

  /// Rows, columns and channels whose zeros would differ.
  @Test(arguments: [[5, 8, 1], [8, 5, 2], [4, 6, 3], [7, 5, 4]])
  func margins(shape: Shape) throws {
    let (height, width, channels) = (shape[0], shape[1], shape[2])
    let architecture = Architecture(
      name: "pooling", input: shape, layers: [MaxPooling2D(poolSize: 3, strides: 2, padding: .same)])
    let program = try Network(architecture, batchSize: 1, seed: 1).program(batch: 1, mode: .inference, loss: nil)
    program.input.fill((0..<height * width * channels).map { Float($0 * 7 % 31) - 40 })
    try program.forward()
    // The zero that is over stands behind, so that in front there is one where the extent is odd, and none where it is even.
    func window(_ place: Int, _ extent: Int) -> Range<Int> {
      let start = 2 * place - extent % 2
      return max(0, start)..<min(extent, start + 3)
    }
    let expected = (0..<(height + 1) / 2).flatMap { row in
      (0..<(width + 1) / 2).flatMap { column in
        (0..<channels).map { channel in
          window(row, height).flatMap { y in
            window(column, width).map { x in program.input[(y * width + x) * channels + channel] }
          }.max()
        }
      }
    }
    #expect(Array(program.output) == expected)
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
