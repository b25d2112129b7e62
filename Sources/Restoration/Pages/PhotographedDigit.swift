import ImageSets
import Pages

/// Photographs and scans of single digits, brought to a model's size: the digit is found and prepared as the datasets' were.
package enum PhotographedDigit {
  /// Smaller images are taken for digits that were cut out already: their size in a model's.
  private static let smallest = 5

  package enum Finding {
    /// Nothing that looks like writing.
    case none
    case one(ImageSet)
    case several(Int)
  }

  /// Whether images of such a model may be photographs of digits at all.
  package static func isLookedFor(by shape: ImageSet.Shape) -> Bool {
    shape.channels == 1 && shape.height == shape.width
  }

  /// Whether an image is so large that a digit is to be looked for.
  package static func isLarge(_ image: ImageSet, for shape: ImageSet.Shape) -> Bool {
    max(image.shape.height, image.shape.width) >= smallest * shape.height
  }

  /// - Parameter gray: one grey image as it was taken.
  package static func find(on gray: ImageSet, for shape: ImageSet.Shape, paper: Paper?) throws -> Finding {
    let page = try Page.read(gray, paper: paper)
    return switch page.digits.count {
    case 0: .none
    case 1: .one(try page.images.resized(to: shape.imageSize))
    default: .several(page.digits.count)
    }
  }
}
