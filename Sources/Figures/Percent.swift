import Support

/// A share of 1 in percent, with one decimal: "97.9 %". What is nearly none or nearly all is not called so, and what is
/// not a number (a share of nothing) is a dash.
func percent(_ share: Double) -> String {
  guard share.isFinite else { return "–" }
  switch fixed(share * 100, 1) {
  case "0.0" where share > 0: return "< 0.1 %"
  case "100.0" where share < 1: return "> 99.9 %"
  case let text: return "\(text) %"
  }
}
