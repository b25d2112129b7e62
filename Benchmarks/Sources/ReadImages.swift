import Foundation
import ImageSets

/// `tiddu-bench read-images --folder DIR`: seconds that reading a folder of image files into an `ImageSet` takes.
func benchmarkReadImages(folder: String, runs: Int) throws {
  var seconds: [Double] = []
  let clock = ContinuousClock()
  for _ in 0..<runs {
    let time = try clock.measure { _ = try ImageFolder.read(folder) }
    seconds.append(time / .seconds(1))
  }
  print(String(decoding: try JSONEncoder().encode(["seconds": seconds]), as: UTF8.self))
}
