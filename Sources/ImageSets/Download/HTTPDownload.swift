import CCurl
import Support

/// One GET of one file by libcurl, over http or https only, appended to a part file.
final class HTTPDownload {
  enum Failure: Error {
    /// The server has no ranges, or its file is not longer than the part: only a whole download can help.
    case cannotResume
  }

  /// More than this is no data set file; the largest published one has 7 MB.
  static let sizeLimit = 256 << 20

  private let address: String
  private let part: PartFile
  private let progress: (_ received: Int, _ total: Int?) -> Void
  private let handle: UnsafeMutableRawPointer
  /// The part's size once the server has sent all, if it said how much that is.
  private var total: Int?
  /// What went wrong while writing, behind libcurl's back.
  private var writeError: (any Error)?

  private static let isReady = tiddu_curl_start() != 0

  /// - Parameter patience: seconds to wait for a connection, or while less than 100 bytes a second come.
  init(
    address: String, part: PartFile, patience: Int, progress: @escaping (_ received: Int, _ total: Int?) -> Void
  ) throws {
    guard Self.isReady, let handle = tiddu_curl_make() else {
      throw SystemError(
        operation: "fetch", path: address, reason: "libcurl does not start", remedy: "Check the installed libcurl.")
    }
    self.address = address
    self.part = part
    self.progress = progress
    self.handle = handle
    curl_set_text(handle, CURLOPT_URL, address)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    curl_set_text(handle, CURLOPT_USERAGENT, "tiddu")
    curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    curl_set_long(handle, CURLOPT_MAXREDIRS, 5)
    curl_set_long(handle, CURLOPT_FAILONERROR, 1)
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, patience)
    curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 100)
    curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, patience)
  }

  deinit { tiddu_curl_end(handle) }

  /// Fetches what the part lacks; a part without bytes gets the whole file.
  func run() throws {
    let start = part.size
    curl_set_size(handle, CURLOPT_RESUME_FROM_LARGE, curl_off_t(start))
    curl_set_receiver(
      handle,
      { bytes, size, count, context in
        let download = Unmanaged<HTTPDownload>.fromOpaque(context!).takeUnretainedValue()
        return download.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }, Unmanaged.passUnretained(self).toOpaque())
    let code = tiddu_curl_perform(handle)
    if let writeError { throw writeError }
    guard code == CURLE_OK else {
      if start > 0, code == CURLE_RANGE_ERROR || status == 416 { throw Failure.cannotResume }
      throw error(for: code)
    }
  }

  private var status: Int {
    var status = 0
    curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  /// Called by libcurl; anything but the number of bytes makes it stop.
  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    do {
      if total == nil { total = announcedTotal() }
      guard max(total ?? 0, part.size + bytes.count) <= Self.sizeLimit else {
        throw DataError(
          file: address, expected: "at most \(Self.sizeLimit) bytes", found: "more",
          remedy: "This is not the published file: check the address given with --mirror.")
      }
      try part.append(bytes)
      progress(part.size, total)
      return bytes.count
    } catch {
      writeError = error
      return 0
    }
  }

  private func announcedTotal() -> Int? {
    var rest: curl_off_t = -1
    curl_get_size(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &rest)
    guard rest >= 0 else { return nil }
    let (total, overflow) = part.size.addingReportingOverflow(Int(rest))
    return overflow ? .max : total
  }

  private func error(for code: CURLcode) -> SystemError {
    let (reason, remedy) =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
        (String(cString: tiddu_curl_reason(code)), "Check the network, or name another address with --mirror.")
      case CURLE_HTTP_RETURNED_ERROR where status >= 500:
        ("the server answered \(status)", "Try again later, or name another address with --mirror.")
      case CURLE_HTTP_RETURNED_ERROR:
        ("the server answered \(status)", "Check the address, or name another one with --mirror.")
      case CURLE_OPERATION_TIMEDOUT:
        ("the server is silent", "\(kept) come; run the same command again to go on.")
      case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2_STREAM:
        ("the connection broke", "\(kept) come; run the same command again to go on.")
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
        (String(cString: tiddu_curl_reason(code)), "Check the clock and the system's certificates (ca-certificates).")
      default:
        (String(cString: tiddu_curl_reason(code)), "Check the address and the network.")
      }
    return SystemError(operation: "fetch", path: address, reason: reason, remedy: remedy)
  }

  private var kept: String { part.size == 1 ? "1 byte has" : "\(part.size) bytes have" }
}
