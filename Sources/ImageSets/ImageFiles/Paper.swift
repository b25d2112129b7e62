/// What people's image files are drawn on: inside Tiddu 0 is paper and 255 ink, so that images on light paper are
/// turned round when they are read and when they are written. Colours are turned round channel by channel; white
/// paper is then 0 in all three, and blue ink stays blue on the way through.
public enum Paper: String, Sendable, CaseIterable {
  /// Dark ink on light paper: scans, photographs, screenshots.
  case light
  /// Light ink on dark paper: images exported from MNIST and its kin as they are stored.
  case dark

  /// What a set as its files have it is drawn on: light paper, if at least half of the pixels along the images'
  /// borders are 128 or more (their luma, for colours).
  init(of set: ImageSet) {
    let (height, width) = (set.shape.height, set.shape.width)
    var light = 0
    var total = 0
    set.pixels.withUnsafeBufferPointer { pixels in
      func look(_ image: Int, _ row: Int, _ column: Int) {
        let at = image * set.shape.size + (row * width + column) * set.shape.channels
        let value = set.shape.channels == 3 ? ImageSet.luma(pixels[at], pixels[at + 1], pixels[at + 2]) : pixels[at]
        light += value >= 128 ? 1 : 0
        total += 1
      }
      for image in 0..<set.count {
        for column in 0..<width {
          look(image, 0, column)
          look(image, height - 1, column)
        }
        for row in 0..<height {
          look(image, row, 0)
          look(image, row, width - 1)
        }
      }
    }
    self = light * 2 >= total ? .light : .dark
  }

  /// What shines through where an image is transparent.
  var background: UInt8 { self == .light ? 255 : 0 }

  /// From the file's pixels to ours, or back.
  func turn(_ pixels: [UInt8]) -> [UInt8] {
    self == .light ? pixels.map { 255 - $0 } : pixels
  }
}
