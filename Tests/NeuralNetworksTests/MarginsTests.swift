import NeuralNetworks
import Support
import TestSupport
import Testing

@Suite struct MarginsTests {
  private static let margins = Margins(top: 1, bottom: 3, left: 2, right: 0)

  /// What is added is 0 and takes no gradient; what is cut off gets none. (N, H, W, C) = (2, 3, 4, 5)
  @Test func paddingAndCroppingUndoEachOther() throws {
    let x = (0..<2 * 3 * 4 * 5).map { Float($0) + 1 }
    let padding = try LayerInTheMiddle(ZeroPadding2D(Self.margins), input: [3, 4, 5], batch: 2)
    let padded = try padding.network.program(batch: 2, mode: .training)
    let y = try padding.forward(padded, x)
    #expect(y.count == 2 * 7 * 6 * 5)
    for image in 0..<2 {
      for row in 0..<7 {
        for column in 0..<6 {
          for channel in 0..<5 {
            let inside = (1..<4).contains(row) && column >= 2
            let value = y[((image * 7 + row) * 6 + column) * 5 + channel]
            let source = inside ? x[((image * 3 + row - 1) * 4 + column - 2) * 5 + channel] : 0
            #expect(value == source)
          }
        }
      }
    }
    let dx = try padding.backward(padded, y.map { $0 == 0 ? 99 : -$0 })
    #expect(dx == x.map(-))

    let cropping = try LayerInTheMiddle(Cropping2D(Self.margins), input: [7, 6, 5], batch: 2)
    let cropped = try cropping.network.program(batch: 2, mode: .training)
    #expect(try cropping.forward(cropped, y) == x)
    #expect(try cropping.backward(cropped, x) == y)
  }

  @Test func refusals() {
    expectRefusal(of: Cropping2D(Margins(top: 3, bottom: 3)), named: "cropping2d")
    expectRefusal(of: Cropping2D(Margins(left: -1)), named: "cropping2d")
    expectRefusal(of: ZeroPadding2D(Margins(right: 1 << 20)), named: "zero_padding2d")
    expectRefusal(of: ZeroPadding2D(Margins(top: 1)), named: "zero_padding2d", input: [6])
  }

  /// The stride and the radius of a pooling between convolutions, by hand: 1 + 1 + 2·1 + 2 + 1.
  @Test func receptiveField() {
    let net = Architecture(name: "net", input: [16, 16, 1]) { net in
      let first = net.add(Convolution2D(filters: 4, padding: .same), to: net.input)
      let pooled = net.add(MaxPooling2D(), to: first)
      let second = net.add(Convolution2D(filters: 4, padding: .same), to: pooled)
      let up = net.add(UpSampling2D(), to: second)
      net.add(Convolution2D(filters: 1, padding: .same), to: net.add(Add(), to: up, first))
    }
    #expect(net.receptiveField == ReceptiveField(radius: 7, stride: 2))
    let wide = Architecture(
      name: "wide", input: [9, 9, 1], layers: [Convolution2D(filters: 1, kernelSize: 5, padding: .same)])
    #expect(wide.receptiveField == ReceptiveField(radius: 2, stride: 1))
    #expect(net.smallestInput(height: 17, width: 30) == [18, 30, 1])
    let dense = Architecture(
      name: "dense", input: [4, 4, 1], layers: [Flatten(), Dense(units: 16), Reshape([4, 4, 1])])
    #expect(dense.receptiveField == nil)
  }
}
