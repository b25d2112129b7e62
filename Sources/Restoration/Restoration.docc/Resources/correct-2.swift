import ImageSets
import Restoration

let (source, target) = (CommandLine.arguments[1], CommandLine.arguments[2])
let restorer = try Restorer(contentsOf: ShippedModels.corrector)
let pictures = try StoredImages.read(source)
try pictures.replacing(restorer.restore(pictures.images)).write(to: target)
