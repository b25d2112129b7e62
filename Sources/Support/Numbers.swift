#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A number with that many digits behind the point, the same in every locale: "0.1180".
package func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
  let scale = pow(10, Double(digits))
  guard abs(value) * scale < 1e15 else { return "\(value)" }
  let scaled = Int64((abs(value) * scale).rounded())
  var text = "\(scaled)"
  if digits > 0 {
    text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
  }
  return value < 0 && scaled != 0 ? "-" + text : text
}

/// What so many elements of `size` bytes take together; nil where that is no `Int`.
package func byteCount(of shape: [Int], elementSize size: Int) -> Int? {
  var count = size
  for extent in shape {
    let (product, overflows) = count.multipliedReportingOverflow(by: extent)
    if overflows { return nil }
    count = product
  }
  return count
}

/// 10000 as "10,000".
package func grouped(_ count: Int) -> String {
  let digits = String(count)
  return digits.enumerated().reduce("") { text, digit in
    text + (digit.offset > 0 && (digits.count - digit.offset) % 3 == 0 ? "," : "") + String(digit.element)
  }
}

/// A text with Kannada digits for European ones: ೪೫ for 45.
package func inKannadaDigits(_ text: String) -> String {
  let digits = text.unicodeScalars.map { digit in
    (0x30...0x39).contains(digit.value) ? UnicodeScalar(digit.value - 0x30 + 0x0CE6) ?? digit : digit
  }
  return String(String.UnicodeScalarView(digits))
}

/// "೪೫ 45"; what has no digits stays as it is.
package func inBothDigits(_ text: String) -> String {
  let kannada = inKannadaDigits(text)
  return kannada == text ? text : "\(kannada) \(text)"
}
