import Support

extension InkedPage {
  /// The paper that is looked at around a mark, as a share of a digit's extent.
  private static let margin: Float = 0.2
  /// A pixel of it is dirty where it has this share of the mark's darkness, and so many may be.
  private static let dirt: Float = 0.35
  private static let dirtiest: Float = 0.12

  /// Whether a mark has clean paper around it, as writing has and texture has not; other writing and ruled lines are no dirt.
  func isOnCleanPaper(_ mark: Mark) -> Bool {
    let box = mark.ink.box
    let margin = max(2, Int(likeness.extent * Self.margin))
    let level = UInt8(min(255, Self.dirt * mark.ink.meanDarkness))
    var (dirty, count) = (0, 0)
    for y in max(0, box.top - margin)..<min(darkness.height, box.bottom + margin) {
      for x in max(0, box.left - margin)..<min(darkness.width, box.right + margin)
      where !(box.top..<box.bottom ~= y && box.left..<box.right ~= x) {
        count += 1
        let place = y * darkness.width + x
        guard darkness.pixels[place] > level else { continue }
        let piece = pieces.labels[place]
        let isLine = piece < 0 && solids.labels[place] >= 0
        let isWriting = piece >= 0 && Float(pieces.all[Int(piece)].box.extent) >= Likeness.smallest * likeness.extent
        if !isWriting && !isLine { dirty += 1 }
      }
    }
    return Float(dirty) <= Self.dirtiest * Float(count)
  }
}
