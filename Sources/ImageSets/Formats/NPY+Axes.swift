import Support

extension NPYArray {
  private typealias Axes = ArrayEncoding.Axes

  /// The shape of each image in (N, H, W), (N, H, W, C), (N, C, H, W), (H, W), (H, W, C), (C, H, W) or rows of pixels
  /// (N, H·W·C), C being 1 or 3.
  ///
  /// Where the axes could be read in two ways, `options.shape` decides. Without it, two axes are rows of pixels if the
  /// second is a square's size and unlike the first, or 784, MNIST's; otherwise one image. Three axes whose last is 1 or
  /// 3 are one image with channels, for no image is so narrow. Of four axes the last counts as channels where it can, or
  /// else the second. `options.note` is told what was taken.
  func imageShape(_ options: ReadOptions) throws -> (shape: ImageSet.Shape, axes: ArrayEncoding.Axes) {
    let candidates = candidates(options.shape)
    guard let chosen = candidates.first(where: { options.shape == nil || $0.shape == options.shape }) else {
      throw DataError(
        file: file, place: "the header's shape",
        expected: options.shape.map { "images of \($0)" }
          ?? "(N, H, W), (N, H, W, 1 or 3), (N, 1 or 3, H, W), (H, W), (H, W, 1 or 3) or (N, pixels)",
        found: axesText, remedy: "Give the right shape, or bring the axes into this order with numpy's transpose.")
    }
    if candidates.count > 1 || chosen.axes == .channelsFirst { note(chosen.shape, chosen.axes, options) }
    return chosen
  }

  private func note(_ shape: ImageSet.Shape, _ axes: ArrayEncoding.Axes, _ options: ReadOptions) {
    let count = header.shape.reduce(1, *) / shape.size
    let isFirst = axes == .channelsFirst || axes == .singleChannelsFirst
    options.note?(
      "\(axesText) taken for \(count == 1 ? "one image" : "\(grouped(count)) images") of \(shape)"
        + (isFirst ? ", channels first" : "") + (options.shape == nil ? "; --shape says otherwise" : ""))
  }

  /// All ways to read the axes, the likeliest first.
  private func candidates(_ wanted: ImageSet.Shape?) -> [(shape: ImageSet.Shape, axes: ArrayEncoding.Axes)] {
    let sizes = header.shape
    func shape(_ height: Int, _ width: Int, _ channels: Int = 1) -> ImageSet.Shape {
      .init(height: height, width: width, channels: channels)
    }
    func hasChannels(_ axis: Int) -> Bool { sizes[axis] == 1 || sizes[axis] == 3 }
    func isRow(_ size: Int) -> Bool { wanted?.size == size && wanted != shape(sizes[0], size) }
    switch sizes.count {
    case 2:
      let whole = (shape(sizes[0], sizes[1]), ArrayEncoding.Axes.single)
      if let wanted, isRow(sizes[1]) { return [(wanted, .rows), whole] }
      guard let square = ImageSet.Shape(squareOf: sizes[1]), square != whole.0 else { return [whole] }
      let rows = (square, ArrayEncoding.Axes.rows)
      return sizes[0] != sizes[1] || sizes[1] == 784 ? [rows, whole] : [whole, rows]
    case 3:
      let standard = (shape(sizes[1], sizes[2]), ArrayEncoding.Axes.standard)
      let first = hasChannels(0) ? [(shape(sizes[1], sizes[2], sizes[0]), ArrayEncoding.Axes.singleChannelsFirst)] : []
      guard hasChannels(2) else { return wanted == nil || sizes[0] == 1 ? [standard] : [standard] + first }
      let axes: ArrayEncoding.Axes = sizes[2] == 1 ? .singleOneChannel : .single
      let whole = (shape(sizes[0], sizes[1], sizes[2]), axes)
      if let wanted, wanted.size == sizes[1] * sizes[2], wanted != whole.0 {
        return wanted == standard.0 ? [standard] : [(wanted, .rows), whole]
      }
      return [whole, standard]
    case 4:
      let last: ArrayEncoding.Axes = sizes[3] == 1 ? .oneChannelLast : .standard
      return (hasChannels(3) ? [(shape(sizes[1], sizes[2], sizes[3]), last)] : [])
        + (hasChannels(1) ? [(shape(sizes[2], sizes[3], sizes[1]), .channelsFirst)] : [])
    default: return []
    }
  }
}

extension ArrayEncoding.Axes {
  var hasChannelsFirst: Bool { self == .channelsFirst || self == .singleChannelsFirst }

  /// The sizes of an array of such axes; of `standard` ones where the images do not fit them.
  func sizes(count: Int, _ shape: ImageSet.Shape) -> [Int] {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    switch self {
    case .oneChannelLast where channels == 1: return [count, height, width, 1]
    case .channelsFirst: return [count, channels, height, width]
    case .rows: return [count, shape.size]
    case .single where count == 1 && channels == 3: return [height, width, 3]
    case .single where count == 1: return [height, width]
    case .singleOneChannel where count == 1 && channels == 1: return [height, width, 1]
    case .singleChannelsFirst where count == 1: return [channels, height, width]
    default:
      // A last axis of 1 or 3 would be read as channels.
      let isNarrow = width == 1 || width == 3
      return [count, height, width] + (channels == 1 && !isNarrow ? [] : [channels])
    }
  }

  /// From (N, C, H, W) to (N, H, W, C) or back.
  static func swapChannels<Value>(_ all: [Value], channels: Int, pixels: Int, toLast: Bool) -> [Value] {
    if channels == 1 { return all }
    let size = channels * pixels
    return [Value](unsafeUninitializedCapacity: all.count) { target, filled in
      for start in stride(from: 0, to: all.count, by: size) {
        for channel in 0..<channels {
          for pixel in 0..<pixels {
            let (first, last) = (start + channel * pixels + pixel, start + pixel * channels + channel)
            (target.baseAddress! + (toLast ? last : first)).initialize(to: all[toLast ? first : last])
          }
        }
      }
      filled = all.count
    }
  }
}
