public import CTiddu
import Restoration

/// A classifier and the names that C is lent.
final class NamedClassifier: Sendable {
  let classifier: Classifier
  let names: [CText]

  init(_ classifier: Classifier) {
    self.classifier = classifier
    names = classifier.classNames.map { CText($0) }
  }
}

@_cdecl("tiddu_open_classifier")
public func openClassifier(
  _ model: UnsafePointer<CChar>?, _ classifier: UnsafeMutablePointer<OpaquePointer?>?, _ message: Message?
) -> Int32 {
  status(message) {
    guard let classifier else { throw Images.missing("classifier") }
    classifier.pointee = nil
    classifier.pointee = Handle.make(NamedClassifier(try Classifier(contentsOf: text(model, "model"))))
  }
}

@_cdecl("tiddu_close_classifier")
public func closeClassifier(_ classifier: OpaquePointer?) { Handle<NamedClassifier>.release(classifier) }

@_cdecl("tiddu_class_count")
public func classCount(_ classifier: OpaquePointer?) -> Int64 {
  Int64((try? Handle<NamedClassifier>.object(classifier, "classifier"))?.names.count ?? 0)
}

@_cdecl("tiddu_class_name")
public func className(_ classifier: OpaquePointer?, _ number: Int64) -> UnsafePointer<CChar>? {
  guard let names = (try? Handle<NamedClassifier>.object(classifier, "classifier"))?.names else { return nil }
  return names.indices.contains(Int(number)) ? names[Int(number)].pointer : nil
}

@_cdecl("tiddu_classify")
public func classify(
  _ classifier: OpaquePointer?, _ images: UnsafePointer<tiddu_images>?, _ probabilities: UnsafeMutablePointer<Float>?,
  _ message: Message?
) -> Int32 {
  status(message) {
    let classifier = try Handle<NamedClassifier>.object(classifier, "classifier").classifier
    let set = try Images.set(images)
    try Images.check(set, for: classifier.shape, anySize: false, model: classifier.checkpoint.architecture.name)
    if set.count == 0 { return }
    guard let probabilities else { throw Images.missing("memory for the probabilities") }
    for (number, one) in try classifier.classify(set).enumerated() {
      (probabilities + number * classifier.classes).update(from: one.probabilities, count: classifier.classes)
    }
  }
}
