import Foundation
import ImageSets

/// `tiddu-bench read-csv --file FILE`: seconds that reading a Kaggle CSV into an `ImageSet` takes, each run anew.
func benchmarkReadCSV(path: String, runs: Int) throws {
  var seconds: [Double] = []
  var images = 0
  let clock = ContinuousClock()
  for _ in 0..<runs {
    let time = try clock.measure { images = try ImageSet.read(path).count }
    seconds.append(time / .seconds(1))
  }
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  let result = ReadCSVResult(images: images, seconds: seconds)
  print(String(decoding: try encoder.encode(result), as: UTF8.self))
}

private struct ReadCSVResult: Encodable {
  let images: Int
  let seconds: [Double]
}
