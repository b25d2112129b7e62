/// A plane seen in perspective, told by four of its places.
struct Homography: Sendable {
  /// (x, y) of (u, v): (a₀u + a₁v + a₂, a₃u + a₄v + a₅) / (a₆u + a₇v + 1)
  private let a: [Double]

  /// Nil where three of the places lie on a line.
  init?(taking sources: [SIMD2<Double>], to targets: [SIMD2<Double>]) {
    precondition(sources.count == 4 && targets.count == 4, "four places are wanted")
    var matrix: [[Double]] = []
    for (p, q) in zip(sources, targets) {
      matrix.append([p.x, p.y, 1, 0, 0, 0, -p.x * q.x, -p.y * q.x, q.x])
      matrix.append([0, 0, 0, p.x, p.y, 1, -p.x * q.y, -p.y * q.y, q.y])
    }
    for step in 0..<8 {
      let pivot = (step..<8).max { abs(matrix[$0][step]) < abs(matrix[$1][step]) } ?? step
      guard abs(matrix[pivot][step]) > 1e-9 else { return nil }
      matrix.swapAt(step, pivot)
      for row in 0..<8 where row != step {
        let factor = matrix[row][step] / matrix[step][step]
        for column in step...8 { matrix[row][column] -= factor * matrix[step][column] }
      }
    }
    a = (0..<8).map { matrix[$0][8] / matrix[$0][$0] }
    guard a.allSatisfy(\.isFinite) else { return nil }
  }

  func callAsFunction(_ place: SIMD2<Double>) -> SIMD2<Float> {
    let depth = a[6] * place.x + a[7] * place.y + 1
    let scale = abs(depth) > 1e-9 ? 1 / depth : 0
    return SIMD2(
      Float((a[0] * place.x + a[1] * place.y + a[2]) * scale), Float((a[3] * place.x + a[4] * place.y + a[5]) * scale))
  }
}
