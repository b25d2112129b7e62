import CKernels
import Support

/// An image's own noise: normal deviates that are a function of (seed, epoch, index) alone, the same on every CPU.
///
/// They come from the Philox stream of purpose `.noise`, which nothing else draws from, so that they don't depend on
/// what was drawn before. Box and Muller's transform makes 4 deviates of a block of 4 words. Within a chunk of 64,
/// deviate 16 · j + b is the j-th of block b.
package struct NoiseStream: Sendable {
  private var stream: kernels_stream

  package init(seed: UInt64, epoch: Int, index: Int) {
    let start = Philox(seed: seed, epoch: epoch, index: index, purpose: .noise)
    stream = kernels_stream(
      key: (start.key.x, start.key.y),
      counter: (start.counter.x, start.counter.y, start.counter.z, start.counter.w))
  }

  /// Adds `sigma` times the next `count` deviates; clamps to 0…255 and rounds. Starts with a new chunk.
  package mutating func addNormals(sigma: Float, to pixels: UnsafeMutablePointer<UInt8>, count: Int) {
    kernels_add_normals(pixels, count, sigma, &stream)
    skip(chunks: (count + 63) / 64)
  }

  /// The next 64 · `chunks` deviates.
  package mutating func normals(chunks: Int) -> [Float] {
    defer { skip(chunks: chunks) }
    return [Float](unsafeUninitializedCapacity: 64 * chunks) { buffer, count in
      if chunks > 0 { kernels_random_normals(buffer.baseAddress!, chunks, &stream) }
      count = 64 * chunks
    }
  }

  /// Puts the next 64 · `chunks` deviates into `normals`.
  mutating func fillNormals(_ normals: UnsafeMutablePointer<Float>, chunks: Int) {
    kernels_random_normals(normals, chunks, &stream)
    skip(chunks: chunks)
  }

  /// Puts 64 · `chunks` random words into `words`, which are those that as many deviates would be made of.
  mutating func fillWords(_ words: UnsafeMutablePointer<UInt32>, chunks: Int) {
    kernels_random_words(words, chunks, &stream)
    skip(chunks: chunks)
  }

  private mutating func skip(chunks: Int) {
    stream.counter.0 &+= UInt32(truncatingIfNeeded: 16 * chunks)
  }
}
