import Foundation
import ImageSets
import Pages
let out = CommandLine.arguments[2]
try PageImages.forEach(in: CommandLine.arguments[1]) { p in
  if CommandLine.arguments.count > 3 { for _ in 0..<10 { let t = Date(); _ = try Page.read(p.image.convertedToGray()); print(Date().timeIntervalSince(t)) } }
  let start = Date()
  try PagesDev.run(p.image.convertedToGray(), out: out)
  print("total", Date().timeIntervalSince(start))
}
