import Support

/// A setting out of its range; the recipe that holds it says where it stands.
package struct SettingFault: Error {
  var setting: String
  var expected: String
  var found: String

  package init(_ setting: String, expected: String, found: String) {
    self.setting = setting
    self.expected = expected
    self.found = found
  }

  static func check(_ setting: String, _ value: Double, within range: ClosedRange<Double>) throws(SettingFault) {
    guard range.contains(value) else {
      throw SettingFault(
        setting, expected: "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))",
        found: brief(value))
    }
  }

  static func check(
    _ setting: String, _ value: ClosedRange<Double>, within range: ClosedRange<Double>
  ) throws(SettingFault) {
    try check(setting, value.lowerBound, within: range)
    try check(setting, value.upperBound, within: range)
  }
}

/// A number without needless decimals: "30", "0.25".
func brief(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
  value.description.hasSuffix(".0") ? String(value.description.dropLast(2)) : value.description
}
