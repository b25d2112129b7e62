import Evaluation
import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct RecognitionTests {
  static func images(labels: [Int]?, count: Int) -> ImageSet {
    CornerImages.relabelled(TinyImages.ramp(count: count, height: 2, width: 3, labels: false), labels)
  }

  /// Tools/golden/recognition.py
  @Test func agreesWithScikitLearn() throws {
    let golden = try Golden.load("recognition")
    let labels = try golden["labels"].map { Int($0) }
    let recognition = try Recognition(
      golden["log_probabilities"], of: Self.images(labels: labels, count: labels.count), classes: 4)
    expectClose(recognition.losses.map(Float.init), try golden["losses"], relative: 1e-6, "losses")
    expectClose([Float(recognition.loss.mean)], [try golden.scalar("loss")], relative: 1e-6, "loss")
    expectClose([Float(recognition.accuracy.mean)], [try golden.scalar("accuracy")], relative: 1e-7, "accuracy")
    let confusion = recognition.confusion
    #expect(confusion.counts.joined().map { Float($0) } == (try golden["confusion"]))
    // scikit-learn says 0 for a class without images, or that nothing was taken for.
    let recalls = (0..<4).map { Float(confusion.recall(of: $0)?.mean ?? 0) }
    expectClose(recalls, try golden["recall"], relative: 1e-7, "recall")
    let precisions = (0..<4).map { Float(confusion.precision(of: $0)?.mean ?? 0) }
    expectClose(precisions, try golden["precision"], relative: 1e-7, "precision")
    #expect(confusion.recall(of: 2) == nil && confusion.precision(of: 3) == nil)
  }

  @Test func byHand() throws {
    let figures: [Float] = [0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.125, 0.125, 0.75, 0.4, 0.4, 0.2].map { log($0) }
    let recognition = try Recognition(figures, of: Self.images(labels: [0, 2, 2, 0], count: 4), classes: 3)
    #expect(recognition.labels == [0, 2, 2, 0])
    #expect(recognition.predictions == [0, 1, 2, 0], "the lowest of equals")
    #expect(recognition.correct == [true, false, true, true])
    expectClose(recognition.losses.map(Float.init), [log(2), log(4), log(4 / 3), log(2.5)], relative: 1e-6)
    #expect(recognition.accuracy.mean == 0.75 && recognition.accuracy.count == 4)
    // Of 1, 0, 1, 1: √((3/16 + 9/16) / 3 / 4)
    #expect(recognition.accuracy.standardError == 0.25)
    #expect(recognition.confusion.counts == [[2, 0, 0], [0, 0, 0], [0, 1, 1]])
  }

  @Test func oneImage() throws {
    let recognition = try Recognition([log(0.75), log(0.25)], of: Self.images(labels: [0], count: 1), classes: 2)
    #expect(recognition.accuracy == Estimate(hits: 1, of: 1))
  }

  @Test func sharesAreMeansOfOnesAndNoughts() {
    let share = Estimate(hits: 3, of: 7)
    let mean = Estimate([1, 1, 0, 1, 0, 0, 0])
    #expect(share.mean == mean.mean && share.count == mean.count)
    #expect(abs((share.standardError ?? 0) - (mean.standardError ?? 1)) < 1e-15)
    #expect(Estimate(hits: 1, of: 1).standardError == nil)
  }

  @Test(arguments: [
    (nil, "image 0", "a label", "2 images without labels"), ([1, 4], "image 1", "a label from 0 to 3", "4"),
    ([-1, 0], "image 0", "a label from 0 to 3", "-1"),
  ])
  func faultyLabels(labels: [Int]?, place: String, expected: String, found: String) throws {
    let reader = PixelReader()
    let error = #expect(throws: DataError.self) {
      try Recognition(of: Self.images(labels: labels, count: 2), by: reader)
    }
    #expect(error?.file == "made" && error?.place == place && error?.expected == expected && error?.found == found)
    #expect(error?.remedy.isEmpty == false)
    #expect(reader.given.isEmpty, "found before any work")
  }

  @Test func noImages() {
    let error = #expect(throws: DataError.self) {
      try Recognition(of: Self.images(labels: [], count: 0), by: PixelReader())
    }
    #expect(error?.expected == "at least one image to read")
  }

  @Test(arguments: [
    ([0, -Float.infinity, -1, -1], "-inf"), ([Float.nan, -1, -1, -1], "nan"), ([Float(3), -1, 0, 1], "24.1"),
    ([Float(-3), -3, -3, -3], "0.19"),
  ])
  func noLogProbabilities(figures: [Float], found: String) {
    let reader = PixelReader()
    reader.replaced = (1, figures)
    let error = #expect(throws: DataError.self) {
      try Recognition(of: Self.images(labels: [0, 1, 2], count: 3), by: reader)
    }
    #expect(error?.place == "image 1" && error?.found.hasPrefix(found) == true)
  }

  @Test func readsAllOfASet() throws {
    let recognition = try Recognition(of: CornerImages.make(count: 9), by: PixelReader())
    #expect(recognition.accuracy.mean == 1 && recognition.count == 9)
    #expect(abs(recognition.loss.mean - log(2)) < 1e-7)
  }
}
