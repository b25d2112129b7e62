extension String {
  /// What a file says, fit for one line of an error: at most 40 characters, none that would steer a terminal.
  init(excerptOf bytes: some Sequence<UInt8>) {
    let shown = bytes.prefix(40).map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
    self = String(decoding: shown, as: UTF8.self)
  }
}
