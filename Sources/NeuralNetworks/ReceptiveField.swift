/// What of its input each output pixel of a fully convolutional network depends on.
package struct ReceptiveField: Equatable, Sendable {
  /// Pixels of the input on each side of the pixel's place; never too few.
  package var radius: Int
  /// Inputs moved by a multiple of this give outputs moved as far.
  package var stride: Int

  package init(radius: Int, stride: Int) { (self.radius, self.stride) = (radius, stride) }
}

extension Architecture {
  /// Of a network that has none but convolutions, poolings and what works pixel by pixel, so that it takes images of any
  /// size; nil for all others. The scale and the radius of each layer are those of its inputs, and grow by its window.
  package var receptiveField: ReceptiveField? {
    guard input.count == 3, (try? shapes()) != nil else { return nil }
    var fields: [Int: Field] = [Self.inputSource: Field()]
    var stride = 1
    for (number, sources) in sources.enumerated() {
      let inputs = sources.compactMap { fields[$0] }
      guard var field = inputs.max(by: { $0.radius < $1.radius }), inputs.count == sources.count,
        Set(inputs.map(\.scale)).count == 1, field.grow(by: layers[number].layer)
      else { return nil }
      fields[number] = field
      stride = max(stride, Int(field.scale.rounded(.up)))
    }
    guard let last = fields[layers.count - 1], last.scale == 1 else { return nil }
    return ReceptiveField(radius: Int(last.radius.rounded(.up)), stride: stride)
  }

  private struct Field {
    /// Pixels of the input for one of the layer's.
    var scale = 1.0
    var radius = 0.0

    /// False for a layer that is no window on images.
    mutating func grow(by layer: any Layer) -> Bool {
      switch layer {
      case let layer as Convolution2D:
        let isCentred = layer.padding == .same && layer.strides == 1
        radius += scale * Double(isCentred ? layer.kernelSize / 2 : layer.kernelSize - 1)
        scale *= Double(layer.strides)
      case let layer as TransposedConvolution2D:
        radius += scale * Double((layer.kernelSize - 1) / layer.strides + 1)
        scale /= Double(layer.strides)
      case let layer as MaxPooling2D:
        radius += scale * Double(layer.poolSize - 1)
        scale *= Double(layer.strides ?? layer.poolSize)
      case let layer as UpSampling2D:
        radius += scale
        scale /= Double(layer.size)
      case is ActivationLayer, is BatchNormalization, is Dropout, is Add, is Concatenate, is ZeroPadding2D,
        is Cropping2D:
        break
      default: return false
      }
      return true
    }
  }

  /// The least input of at least this height and width that the network answers with as many pixels; nil where there is
  /// none nearby.
  package func smallestInput(height: Int, width: Int) -> Shape? {
    func least(_ length: Int, _ shape: (Int) -> Shape) -> Int? {
      (length..<length + 256).first { length in
        (try? taking(shape(length)).outputShape()).map { $0.prefix(2) == shape(length).prefix(2) } ?? false
      }
    }
    // Rows and columns do not meet, so that each is looked for beside a side that suits.
    guard input.count == 3,
      let rows = least(height, { [$0, input[1], input[2]] }), let columns = least(width, { [input[0], $0, input[2]] })
    else { return nil }
    return [rows, columns, input[2]]
  }
}
