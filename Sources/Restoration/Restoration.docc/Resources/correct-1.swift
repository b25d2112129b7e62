import Distortions
import ImageSets

let digits = SyntheticDigits().imageSet(writers: 0..<1, perWriter: 10)
let damaged = try Recipe.named("report-multiple").distort(digits, seed: 4)
try StoredImages(damaged).write(to: "damaged")
