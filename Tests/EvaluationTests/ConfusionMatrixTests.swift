import Evaluation
import Foundation
import Testing

@Suite struct ConfusionMatrixTests {
  static let matrix = ConfusionMatrix(
    labels: [0, 0, 0, 0, 2, 2, 2, 2, 2], predictions: [0, 2, 1, 0, 1, 1, 0, 2, 0], classes: 3)

  @Test func figures() {
    let matrix = Self.matrix
    #expect(matrix.counts == [[2, 1, 1], [0, 0, 0], [2, 2, 1]], "[true][predicted]")
    #expect(matrix.classes == 3 && matrix.images == 9)
    #expect(matrix.accuracy == Estimate(hits: 3, of: 9))
    #expect(matrix.recall(of: 0) == Estimate(hits: 2, of: 4) && matrix.recall(of: 1) == nil)
    #expect(matrix.precision(of: 0) == Estimate(hits: 2, of: 4) && matrix.precision(of: 2) == Estimate(hits: 1, of: 2))
    #expect(matrix.precision(of: 1) == Estimate(hits: 0, of: 3))
    let one = ConfusionMatrix(labels: [1], predictions: [1], classes: 2)
    #expect(one.recall(of: 1) == Estimate(hits: 1, of: 1) && one.precision(of: 1) == Estimate(hits: 1, of: 1))
    #expect(matrix.mistake(for: 0) == 1 && matrix.mistake(for: 2) == 0, "the lowest of equals")
    #expect(matrix.mistake(for: 1) == nil)
    #expect(ConfusionMatrix(classes: 2).accuracy == nil && ConfusionMatrix(classes: 2).precision(of: 1) == nil)
  }

  @Test func merging() {
    var merged = ConfusionMatrix(labels: [0, 1, 2], predictions: [2, 1, 2], classes: 3)
    merged.merge(Self.matrix)
    #expect(merged.counts == [[2, 1, 2], [0, 1, 0], [2, 2, 2]])
  }

  @Test func asText() {
    var matrix = Self.matrix
    let noughts = [Int](repeating: 0, count: 998)
    matrix.merge(ConfusionMatrix(labels: noughts, predictions: noughts, classes: 3))
    #expect(
      matrix.description == """
        true \\ read as      0      1      2  recall
        0               1,000      1      1   0.998
        1                   0      0      0       –
        2                   2      2      1   0.200
        precision       0.998  0.000  0.500
        """)
  }

  @Test func manyClassesAreNotShownWhole() {
    #expect(ConfusionMatrix(classes: 30).description.hasPrefix("true \\ read as  0  1"))
    #expect(ConfusionMatrix(classes: 31).description.hasPrefix("the 0 most frequent of 0 confusions among 31 classes"))
  }

  @Test func asJSON() throws {
    let json = try JSONEncoder().encode(Self.matrix)
    #expect(String(decoding: json, as: UTF8.self) == #"{"counts":[[2,1,1],[0,0,0],[2,2,1]]}"#)
    #expect(try JSONDecoder().decode(ConfusionMatrix.self, from: json) == Self.matrix)
  }

  @Test func mostImages() throws {
    for (count, isTaken) in [(1 << 40, true), (1 << 40 + 1, false)] {
      let json = Data("{\"counts\": [[\(count)]]}".utf8)
      #expect(((try? JSONDecoder().decode(ConfusionMatrix.self, from: json)) != nil) == isTaken)
    }
  }

  @Test(arguments: ["[]", "[[1, 2]]", "[[1, 2], [3]]", "[[1, -2], [3, 4]]", "[[\(Int.max), 1], [1, 1]]"])
  func faultyCounts(_ counts: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ConfusionMatrix.self, from: Data("{\"counts\": \(counts)}".utf8))
    }
  }
}
