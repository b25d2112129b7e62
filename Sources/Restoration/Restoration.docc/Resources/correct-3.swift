import ImageSets
import Restoration

let (source, target) = (CommandLine.arguments[1], CommandLine.arguments[2])
let restorer = try Restorer(contentsOf: ShippedModels.corrector)
let pictures = try StoredImages.read(source)
let restored = try restorer.restoration(of: pictures.images, ifSureBy: 0.5)
try pictures.replacing(restored.images).write(to: target)
for (number, finding) in (restored.findings ?? []).enumerated() {
  print("image \(number): \(finding.undone), \(finding.probability)")
}
