import Foundation

let benchmarks: [String: () throws -> Void] = [
  "distort": benchmarkDistort
]

guard let benchmark = benchmarks[CommandLine.arguments.dropFirst().first ?? ""] else {
  FileHandle.standardError.write(Data("usage: tiddu-bench \(benchmarks.keys.sorted().joined(separator: "|"))\n".utf8))
  exit(64)
}
try benchmark()
