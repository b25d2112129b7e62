import Distortions
import Foundation
import ImageSets
import Support

/// Images a second of each built-in recipe at 28×28, on 1 and 2 threads: the median and the best of seven runs.
func benchmarkDistort() throws {
  let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)
  let count = 60_000
  let pixels = (0..<count * shape.size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
  let set = ImageSet(shape: shape, pixels: pixels, name: "bench", source: "made")
  var rows: [[String: Any]] = []
  for recipe in Recipe.builtIn {
    let distorter = try recipe.compiled(for: shape)
    for threads in [1, 2] {
      let rates = (0..<7).map { run in
        let start = ContinuousClock.now
        let distorted = distorter.apply(to: set, seed: UInt64(run), threads: threads)
        return Double(distorted.count) / ((ContinuousClock.now - start) / .seconds(1))
      }.sorted()
      rows.append([
        "recipe": recipe.name, "threads": threads, "median_images_per_second": rates[3].rounded(),
        "min_images_per_second": rates[0].rounded(), "best_images_per_second": rates[6].rounded(),
      ])
    }
  }
  let result: [String: Any] = ["benchmark": "distort", "shape": "\(shape)", "images": count, "runs": 7, "rates": rows]
  let json = try JSONSerialization.data(withJSONObject: result, options: [.prettyPrinted, .sortedKeys])
  print(String(decoding: json, as: UTF8.self))
}
