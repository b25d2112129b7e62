import Foundation
import ImageSets
import Support
public enum PagesDev {
  public static func run(_ set: ImageSet, out: String) throws {
    let gray = GrayPlane(width: set.shape.width, height: set.shape.height, pixels: set.pixels)
    let dark = gray.isOnDarkPaper
    var page = try InkedPage(gray, onDarkPaper: dark)
    print("dark", dark, "scale", page.scale, "extent", page.devExtent, "level", page.devLevel, "marks", page.devMarks, "pieces", page.pieces.all.count)
    func write(_ px: [UInt8], _ n: String) throws {
      try ImageFile.write(ImageSet(shape: .init(height: page.darkness.height, width: page.darkness.width, channels: 1), pixels: px, name: "", source: ""), to: out + n + ".png")
    }
    try write(page.darkness.pixels, "-dark")
    try write(page.pieces.labels.map { $0 >= 0 ? 255 : 0 }, "-rest")
    let d = page.digits()
    print("digits", d.count, "in tables", d.count { $0.place != nil })
  }
}
extension InkedPage {
  var devExtent: Float { likeness.extent }
  var devLevel: Float { likeness.darkness }
  var devMarks: Int { marks.count }
}
