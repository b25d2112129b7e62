import CWebP
import Support

/// WebP through libwebp, lossy or not. Grey images are stored in colours, which are all there is.
enum WebP {
  static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> ImagePage {
    var features = WebPBitstreamFeatures()
    let status = WebPGetFeatures(bytes, bytes.count, &features)
    guard status == VP8_STATUS_OK else { throw damaged(status, file) }
    if features.has_animation != 0 {
      throw DataError(
        file: file, expected: "one image", found: "an animation", remedy: "Save its images one by one, as PNG.")
    }
    let size = ImageSize(height: Int(features.height), width: Int(features.width))
    try size.checkBelievable(file: file)
    let channels = features.has_alpha != 0 ? 4 : 3
    let total = size.height * size.width * channels
    let pixels = try [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      let decode = channels == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto
      guard decode(bytes, bytes.count, buffer.baseAddress, total, Int32(size.width * channels)) != nil else {
        throw damaged(VP8_STATUS_BITSTREAM_ERROR, file)
      }
      count = total
    }
    var raster = Raster(
      size: size, samples: .bytes(pixels), channels: 3, alpha: channels == 4 ? .straight : .none)
    var encoding = ImageEncoding()
    encoding.compression = features.format == 2 ? .lossless : .lossy
    let notes = chunks(of: bytes)
    encoding.profile = notes.profile
    if let exif = try notes.exif.map({ try EXIF($0[...], file: file) }) {
      raster.orientation = exif.orientation
      encoding.resolution = exif.resolution
    }
    return ImagePage(raster, encoding, over: background, file: file)
  }

  private static func damaged(_ status: VP8StatusCode, _ file: String) -> DataError {
    .damaged(
      "WebP", file: file,
      reason: status == VP8_STATUS_NOT_ENOUGH_DATA ? "it is cut short" : "its data are broken or cut short")
  }

  private static func chunks(of bytes: [UInt8]) -> (profile: [UInt8]?, exif: [UInt8]?) {
    bytes.withUnsafeBufferPointer { buffer in
      var data = WebPData(bytes: buffer.baseAddress, size: buffer.count)
      guard let demuxer = webp_demux(&data) else { return (nil, nil) }
      defer { WebPDemuxDelete(demuxer) }
      func chunk(_ name: String) -> [UInt8]? {
        var found = WebPChunkIterator()
        guard WebPDemuxGetChunk(demuxer, name, 1, &found) != 0 else { return nil }
        defer { WebPDemuxReleaseChunkIterator(&found) }
        return Array(UnsafeBufferPointer(start: found.chunk.bytes, count: found.chunk.size))
      }
      return (chunk("ICCP"), chunk("EXIF"))
    }
  }

  /// A lossless file, or for one that was not, one of quality 95.
  static func encode(_ page: ImagePage, file: String) throws -> [UInt8] {
    let (shape, pixels) = (page.image.shape, page.image.convertedToRGB().pixels)
    let (width, height) = (Int32(clamping: shape.width), Int32(clamping: shape.height))
    var made: UnsafeMutablePointer<UInt8>?
    let length =
      page.encoding.compression == .lossy
      ? WebPEncodeRGB(pixels, width, height, width &* 3, 95, &made)
      : WebPEncodeLosslessRGB(pixels, width, height, width &* 3, &made)
    defer { WebPFree(made) }
    guard length > 0, let made else {
      throw UsageError(
        "\(file): no WebP of \(shape.imageSize) pixels", remedy: "Choose a side of at most 16383 or another format.")
    }
    let bytes = Array(UnsafeBufferPointer(start: made, count: length))
    return page.encoding.profile(channels: 3).flatMap { adding($0, to: bytes) } ?? bytes
  }

  private static func adding(_ profile: [UInt8], to bytes: [UInt8]) -> [UInt8]? {
    bytes.withUnsafeBufferPointer { image in
      profile.withUnsafeBufferPointer { profile in
        var data = WebPData(bytes: image.baseAddress, size: image.count)
        guard let mux = webp_mux(&data, 1) else { return nil }
        defer { WebPMuxDelete(mux) }
        var chunk = WebPData(bytes: profile.baseAddress, size: profile.count)
        var result = WebPData()
        defer { WebPDataClear(&result) }
        guard WebPMuxSetChunk(mux, "ICCP", &chunk, 1) == WEBP_MUX_OK, WebPMuxAssemble(mux, &result) == WEBP_MUX_OK
        else { return nil }
        return Array(UnsafeBufferPointer(start: result.bytes, count: result.size))
      }
    }
  }
}
