import Synchronization

/// A kernel in the order in which a convolution reads it, scaled by the normalization behind it where that is folded in. All programs
/// that only apply a network share it, whatever their number of images: there are several for each thread.
final class PackedKernel: Sendable {
  nonisolated(unsafe) let values: FloatBuffer
  /// Of the weights that it was made of.
  private let revision = Mutex<Int?>(nil)

  init(count: Int) throws { values = try FloatBuffer(count: count) }

  /// Makes it anew where the weights have changed; whoever comes meanwhile waits until it is there.
  func update(to new: Int, _ pack: () -> Void) {
    revision.withLock { revision in
      guard revision != new else { return }
      pack()
      revision = new
    }
  }

  /// What makes one kernel's orders differ.
  struct Key: Hashable {
    /// Of the kernel, in the arena.
    var place: Int
    var isWinograd: Bool
    var isMirrored: Bool
    var isScaled: Bool
  }
}
