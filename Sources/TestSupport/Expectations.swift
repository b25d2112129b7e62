import Foundation
import ImageSets
import Support
import Testing

/// Values agree to `relative` of the largest expected magnitude plus `absolute`; count and finiteness are checked first.
package func expectClose(
  _ actual: [Float], _ expected: [Float], relative: Float = 1e-5, absolute: Float = 1e-7, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what): \(actual.count) values instead of \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  #expect(!actual.contains { !$0.isFinite }, "\(what): not finite", sourceLocation: sourceLocation)
  let scale = expected.map(abs).max() ?? 0
  var worst = (index: 0, error: Float(0))
  for index in actual.indices {
    let error = abs(actual[index] - expected[index])
    if !(error <= worst.error) { worst = (index, error) }
  }
  #expect(
    worst.error <= relative * scale + absolute,
    """
    \(what): value \(worst.index) is \(actual.isEmpty ? 0 : actual[worst.index]) instead of \
    \(expected.isEmpty ? 0 : expected[worst.index]), off by \(worst.error) at a scale of \(scale)
    """,
    sourceLocation: sourceLocation)
}

/// A folder that lasts as long as `body`.
package func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("tiddu-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// The real Kannada-MNIST files, where the checkout has them beside it; tests that need them are skipped otherwise.
package enum RealData {
  package static let root = URL(fileURLWithPath: Repository.root).deletingLastPathComponent()
    .appendingPathComponent("shared/data/kannada-mnist").path
  package static var isThere: Bool { Folder.kind(of: root) == .folder }
}

/// Small sets with every pixel different enough to show a transposed axis.
package enum TinyImages {
  package static func ramp(count: Int, height: Int, width: Int, channels: Int = 1, labels: Bool = true) -> ImageSet {
    let shape = ImageSet.Shape(height: height, width: width, channels: channels)
    let pixels = (0..<count * shape.size).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) }
    return ImageSet(
      shape: shape, pixels: pixels, labels: labels ? (0..<count).map { $0 % 10 } : nil, name: "ramp", source: "made")
  }
}

/// Small files of kinds that people really have, where the checkout has them beside it.
package enum SharedCases {
  package static let root = URL(fileURLWithPath: Repository.root).deletingLastPathComponent()
    .appendingPathComponent("shared/cases").path
  package static var isThere: Bool { Folder.kind(of: root) == .folder && RealData.isThere }
  package static func report(_ name: String) -> String { "\(root)/reports/\(name)" }
}
