import Foundation
import TestSupport
import Testing

/// Searches of which nothing comes, or not all.
@Suite(.enabled(if: Tiddu.isBuilt)) struct FailedSearchTests {
  private static func space(rates: String) -> String {
    """
    architectures:
      - dense: {layers: [2], neurons: [8]}
    learning_rates: [\(rates)]
    epochs: 1
    validation: 0.2
    """
  }

  private func search(_ space: String, in folder: String, _ options: String = "") throws -> Tiddu.Result {
    try space.write(toFile: "\(folder)/space.yaml", atomically: true, encoding: .utf8)
    return try Tiddu.shell(
      "tiddu search space.yaml --data synthetic --subset 200 --into s.sqlite \(options)", in: folder)
  }

  @Test func ofWhichNothingCame() throws {
    try withTemporaryFolder { folder in
      for round in ["at once", "when it is called again"] {
        let result = try search(Self.space(rates: "1.0e+30"), in: folder)
        #expect(result.status == 70, "\(round): \(result.errors)")
        #expect(result.errors.contains("the only trial failed: training diverged"), "\(result.errors)")
      }
      #expect(try search(Self.space(rates: "1.0e+30"), in: folder, "--json").output.hasPrefix("{"))
    }
  }

  @Test func ofWhichSomethingCame() throws {
    try withTemporaryFolder { folder in
      let result = try search(Self.space(rates: "0.001, 1.0e+30"), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("failed: training diverged"))
    }
  }

  /// The large network does not fit, and the small one is trained all the same.
  @Test func withoutMemory() throws {
    try withTemporaryFolder { folder in
      let space = """
        architectures: [report-conv-3-64-bce, report-dense-2-16-bce]
        batch_sizes: [240]
        epochs: 1
        validation: 0.2
        """
      try space.write(toFile: "\(folder)/space.yaml", atomically: true, encoding: .utf8)
      let result = try Tiddu.shell(
        "ulimit -v 700000; tiddu search space.yaml --data synthetic --subset 200 --into s.sqlite --workers 1",
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("point 1 failed: training with a batch of 240 takes"), "\(result.output)")
      #expect(result.output.contains("finished"))
      #expect(!result.errors.contains("crashed"), "\(result.errors)")
    }
  }
}
