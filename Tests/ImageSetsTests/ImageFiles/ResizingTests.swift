import ImageSets
import Support
import TestSupport
import Testing

@Suite struct ResizingTests {
  /// One output pixel straight from the definition, in two dimensions and double precision.
  static func reference(_ set: ImageSet, _ image: Int, _ size: ImageSize, _ row: Int, _ column: Int, _ channel: Int)
    -> Double
  {
    var sum = 0.0
    for y in 0..<set.shape.height {
      let vertical = weight(of: y, for: row, from: set.shape.height, to: size.height)
      for x in 0..<set.shape.width where vertical > 0 {
        let horizontal = weight(of: x, for: column, from: set.shape.width, to: size.width)
        let at = image * set.shape.size + (y * set.shape.width + x) * set.shape.channels + channel
        sum += vertical * horizontal * Double(set.pixels[at])
      }
    }
    return sum
  }

  static func weight(of old: Int, for new: Int, from olds: Int, to news: Int) -> Double {
    let scale = Double(olds) / Double(news)
    if news < olds {
      let overlap = min(Double(old + 1), Double(new + 1) * scale) - max(Double(old), Double(new) * scale)
      return max(0, overlap) / scale
    }
    let center = min(max((Double(new) + 0.5) * scale - 0.5, 0), Double(olds - 1))
    return max(0, 1 - abs(center - Double(old)))
  }

  @Test(arguments: [(3, 2), (7, 11), (14, 22), (5, 30), (20, 4), (1, 1), (13, 10)], [1, 3])
  func agreesWithTheDefinition(size: (Int, Int), channels: Int) throws {
    let set = TinyImages.ramp(count: 3, height: 7, width: 11, channels: channels)
    let size = ImageSize(height: size.0, width: size.1)
    let resized = try set.resized(to: size)
    #expect(resized.shape.imageSize == size && resized.labels == set.labels && resized.count == 3)
    var worst = 0.0
    for (index, value) in resized.pixels.enumerated() {
      let (pixel, channel) = (index / channels, index % channels)
      let (line, column) = (pixel / size.width, pixel % size.width)
      let expected = Self.reference(set, line / size.height, size, line % size.height, column, channel)
      worst = max(worst, abs(Double(value) - expected))
    }
    #expect(worst < 0.501)
  }

  @Test func limits() throws {
    let set = TinyImages.ramp(count: 300, height: 2, width: 2)
    #expect(throws: UsageError.self) { try set.resized(to: .init(height: 0, width: 2)) }
    #expect(throws: UsageError.self) { try set.resized(to: .init(height: .max, width: .max)) }
    #expect(throws: UsageError.self) { try set.resized(to: .init(height: 4096, width: 4096)) }
  }

  @Test func sizesInWords() throws {
    #expect(try ImageSize(parsing: "28x30") == .init(height: 28, width: 30))
    #expect(try ImageSize(parsing: "5×6").description == "5x6")
    #expect(try ImageSize(parsing: "64") == .init(height: 64, width: 64))
    for text in ["", "x", "x28", "28x", "0x5", "-3x4", "4x5x6", "a", "99999999999999999999", "16385x16384"] {
      #expect(throws: UsageError.self) { try ImageSize(parsing: text) }
    }
  }

  @Test func grayAndBack() {
    let set = ImageSet(
      shape: .init(height: 1, width: 2, channels: 3), pixels: [255, 0, 0, 0, 255, 255], labels: [4], name: "n",
      source: "s")
    let gray = set.convertedToGray()
    #expect(gray.pixels == [76, 179] && gray.labels == [4] && gray.shape.channels == 1)
    #expect(gray.convertedToRGB().pixels == [76, 76, 76, 179, 179, 179])
    #expect(gray.convertedToRGB().convertedToGray() == gray)
  }
}
