import ImageSets
import Support

// How strong each distortion is at a severity between 0 and 1, for people who move a slider: near 0 it hardly shows, at 1 a
// digit is hardly legible. Ranges shrink to one value, so that a severity says how strong it is, and the seed only where.

extension BuiltInDistortion {
  package static func graded(_ severity: Double) -> Self? { nil }
}

extension Rotation {
  /// Quarter turns, counter-clockwise: thirds of the way.
  package static func graded(_ severity: Double) -> Self? { Self(angles: [90 * max(1, Int((3 * severity).rounded()))]) }
}

extension GaussianNoise {
  package static func graded(_ severity: Double) -> Self? { Self(sigma: 100 * severity) }
}

extension BrightnessGradient {
  package static func graded(_ severity: Double) -> Self? { Self(peak: 200 * severity...200 * severity) }
}

extension Occlusion {
  package static func graded(_ severity: Double) -> Self? { Self(side: 0.6 * severity...0.6 * severity) }
}

extension Shear {
  package static func graded(_ severity: Double) -> Self? { Self(factor: 0.9 * severity...0.9 * severity) }
}

extension SmallRotation {
  package static func graded(_ severity: Double) -> Self? { Self(angle: 45 * severity...45 * severity) }
}

extension Translation {
  package static func graded(_ severity: Double) -> Self? { Self(distance: 10 * severity...10 * severity) }
}

extension Blur {
  package static func graded(_ severity: Double) -> Self? { Self(sigma: 2 * severity) }
}

extension SaltAndPepper {
  package static func graded(_ severity: Double) -> Self? { Self(share: 0.4 * severity) }
}

extension Contrast {
  package static func graded(_ severity: Double) -> Self? { Self(factor: 1 - 0.9 * severity) }
}

extension Stripes {
  package static func graded(_ severity: Double) -> Self? {
    Self(period: 14 - Int((8 * severity).rounded()), width: severity > 0.6 ? 2 : 1)
  }
}

extension Elastic {
  package static func graded(_ severity: Double) -> Self? { Self(strength: 2 * severity, smoothness: 3) }
}

extension ToneCurve {
  package static func graded(_ severity: Double) -> Self? {
    let (bias, level) = (0.5 - 0.4 * severity, 1 - 0.6 * severity)
    return Self(bias: bias...bias, level: level...level)
  }
}

extension ImpulseNoise {
  package static func graded(_ severity: Double) -> Self? { Self(share: 0.4 * severity...0.4 * severity) }
}

extension Speckle {
  package static func graded(_ severity: Double) -> Self? { Self(sigma: 1.2 * severity...1.2 * severity) }
}

extension Lines {
  package static func graded(_ severity: Double) -> Self? {
    let count = max(1, Int((6 * severity).rounded()))
    return Self(count: count...count, width: 0.7...2, value: 100...255)
  }
}

extension MotionBlur {
  package static func graded(_ severity: Double) -> Self? { Self(length: 1 + 8 * severity...1 + 8 * severity) }
}

extension Handwriting {
  package static func graded(_ severity: Double) -> Self? {
    Self(
      slant: 0.4 * severity, angle: 16 * severity, scale: 0.25 * severity, shift: 2 * severity, bend: 2.4 * severity,
      pressure: -0.8 * severity...0.9 * severity)
  }
}

/// Distortions that are chosen one by one, each with a severity, in the place of a recipe.
///
/// Each draws its numbers by itself: another one beside it, or another severity, leaves them as they are, so that a noise
/// grows and does not jump.
package struct GradedDistortions: Sendable, Equatable {
  /// 0…1 by name; those that are 0 are not done.
  package let severities: [String: Double]

  /// - Throws: `UsageError` for an unknown name, or a severity out of its range.
  package init(_ severities: [String: Double]) throws {
    for (name, severity) in severities.sorted(by: { $0.key < $1.key }) {
      guard let known = Self.order.first(where: { $0.name == name }) else {
        let near = nearest(to: name, among: Self.order.map { $0.name }) ?? ""
        throw UsageError("there is no distortion \"\(name)\"", remedy: "Did you mean \"\(near)\"?")
      }
      guard (0...1).contains(severity) else {
        throw UsageError("a severity of \(severity) for \(known.name)", remedy: "It is a number from 0 to 1.")
      }
    }
    self.severities = severities
  }

  /// In which they are done: the hand that wrote the digit comes before all damage.
  package static let order: [any Distortion.Type] =
    [Handwriting.self] + DistortionRegistry.builtIn.filter { $0 != Handwriting.self }

  /// Distorted images, and what was done to the first of them.
  ///
  /// - Parameter seed: decides where and how; image number i of the set is distorted as number i.
  package func apply(to set: ImageSet, seed: UInt64) throws -> (images: ImageSet, record: DistortionRecord) {
    var (images, record) = (set, DistortionRecord(index: 0, distortions: []))
    for (number, type) in Self.order.enumerated() {
      guard let severity = severities[type.name], severity > 0 else { continue }
      let step = Recipe.Step(.distortion(type.graded(severity) ?? type.init()))
      let distorter = try Recipe(name: type.name, steps: [step]).compiled(for: set.shape)
      images = distorter.apply(to: images, seed: seed, epoch: number)
      if set.count > 0 { record.distortions += distorter.record(seed: seed, epoch: number, index: 0).distortions }
    }
    return (images, record)
  }
}
