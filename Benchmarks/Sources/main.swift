import Foundation
import Support

/// What is measured, by name; each prints a JSON object a line.
let benchmarks: [String: (Options) throws -> Void] = [
  "distort": { _ in try benchmarkDistort() },
  "gemm": benchmarkLargeProduct,
  "growth": benchmarkGrowth,
  "read-images": { options in
    guard let folder = options["folder"] else {
      throw UsageError("read-images wants --folder", remedy: "Name a folder of images.")
    }
    try benchmarkReadImages(folder: folder, runs: options.integer("runs", default: 5))
  },
  "read-csv": { options in
    guard let path = options["file"] else { throw UsageError("read-csv wants --file", remedy: "Name a CSV file.") }
    try benchmarkReadCSV(path: path, runs: options.integer("runs", default: 5))
  },
  "restore": benchmarkRestoring,
  "watch": benchmarkWatching,
  "train-step": { try TrainStep($0).run() },
]

let words = CommandLine.arguments.dropFirst()
guard let name = words.first, let benchmark = benchmarks[name], let options = Options(words.dropFirst()) else {
  FileHandle.standardError.write(
    Data("usage: tiddu-bench \(benchmarks.keys.sorted().joined(separator: "|")) [--NAME VALUE ...]\n".utf8))
  exit(64)
}
do {
  try benchmark(options)
} catch {
  FileHandle.standardError.write(Data("\("\(error)".replacing("\n", with: ": "))\n".utf8))
  exit(1)
}
