/// A text as one field of a CSV line: in quotation marks where it has a comma, a quotation mark or a new line in it (RFC
/// 4180).
package func csvCell(_ text: String) -> String {
  let text = text.legible
  return text.contains { ",\"\n\r\r\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
}
