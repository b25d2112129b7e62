// Restores every image of a folder: restore-folder SCANS CLEAN
//
// Without arguments it makes a folder of damaged digits first, so that there is something to restore.

import Distortions
import Evaluation
import Foundation
import ImageSets
import Restoration

let arguments = CommandLine.arguments.dropFirst()
let restorer = try Restorer(contentsOf: ShippedModels.corrector)

if let source = arguments.first {
  let target = arguments.dropFirst().first ?? "restored"
  let images = try StoredImages.read(source)
  try images.replacing(restorer.restore(images.images)).write(to: target)
  print("\(images.images.count) images restored into \(target)")
} else {
  let clean = SyntheticDigits().imageSet(writers: 0..<2, perWriter: 10)
  let damaged = try Recipe.named("partly-damaged").distort(clean, seed: 7)
  try StoredImages(damaged).write(to: "damaged")
  let restored = try restorer.restoration(of: damaged)
  try StoredImages(restored.images).write(to: "restored")

  func psnr(_ images: ImageSet) -> Double {
    let each = ImageMetrics.ofEach(images, against: clean).map { min($0.psnr, 100) }
    return each.reduce(0, +) / Double(each.count)
  }
  for (image, finding) in (restored.findings ?? []).enumerated() {
    print("image \(image): \(finding.undone), \(finding.probability)")
  }
  print("PSNR \(psnr(damaged)) dB, restored \(psnr(restored.images)) dB; \(restored.unchanged.count) left as they were")
}
