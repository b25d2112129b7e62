import Support

/// Ink shared out among digits: whose each connected piece is, and where one reaches over several cells, whose each pixel is.
struct Pieces: Sendable {
  /// Each pixel's piece, −1 for paper. (y, x)
  private(set) var labels: [Int32]
  private(set) var all: [Component]
  let width: Int
  let height: Int

  init(_ components: Components) {
    (labels, all) = (components.labels, components.all)
    (width, height) = (components.width, components.height)
  }

  /// Cuts a piece into one for each group that its pixels belong to; those of none stay as they are.
  ///
  /// - Parameter group: of a place on the page, or nil where it is none's.
  /// - Returns: the new pieces' numbers by group.
  mutating func cut(_ piece: Int, darkness: GrayPlane, by group: (SIMD2<Float>) -> Int?) -> [Int: Int] {
    let box = all[piece].box
    var parts: [Int: Int] = [:]
    for y in box.top..<box.bottom {
      for x in box.left..<box.right where labels[y * width + x] == Int32(piece) {
        let place = y * width + x
        guard let group = group(SIMD2(Float(x), Float(y))) else { continue }
        let part = parts[group] ?? all.count
        if part == all.count {
          parts[group] = part
          all.append(Component())
        }
        all[part].add(x: x, y: y, darkness: darkness.pixels[place])
        labels[place] = Int32(part)
      }
    }
    return parts
  }
}
