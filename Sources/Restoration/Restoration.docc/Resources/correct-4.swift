import ImageSets
import Restoration

let (source, target) = (CommandLine.arguments[1], CommandLine.arguments[2])
let restorer = try Restorer(contentsOf: ShippedModels.corrector)
let reader = try Classifier(contentsOf: ShippedModels.reader)
let pictures = try StoredImages.read(source)
let restored = try restorer.restoration(of: pictures.images, ifSureBy: 0.5)
try pictures.replacing(restored.images).write(to: target)

let before = try reader.classify(pictures.images)
let after = try reader.classify(restored.images)
for (number, finding) in (restored.findings ?? []).enumerated() {
  print(
    "image \(number): \(finding.undone), \(finding.probability);",
    "read as \(before[number].label), then as \(after[number].label)")
}
