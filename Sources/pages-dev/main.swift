import Foundation
import ImageSets
import Pages
let out = CommandLine.arguments[2]
try PageImages.forEach(in: CommandLine.arguments[1]) { p in
  let start = Date()
  try PagesDev.run(p.image.convertedToGray(), out: out)
  print("total", Date().timeIntervalSince(start))
}
