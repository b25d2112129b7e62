/// What one request, and all of them together, may take.
package struct Limits: Sendable {
  /// Bytes of a request's body.
  package var bodyBytes = 32 << 20
  /// Bytes of all large bodies that are held at one time.
  package var heldBytes = 256 << 20
  /// Pixels of an image, as its file declares them.
  package var pixels = 40_000_000
  /// Pages of one file.
  package var pages = 20
  /// Images of one request.
  package var images = 1024
  /// Seconds for a request to arrive, and again to wait for its turn.
  package var seconds = 30
  /// Requests that wait for a model's turn; the next is told to come again.
  package var queue = 512
  /// The same for photographs and pages, which take longest.
  package var pageQueue = 16
  /// Images that go through a network together.
  package var batch = 64
  /// Milliseconds that a request waits for others to go with it.
  package var batchMilliseconds = 0.0
  /// Connections that are open at one time.
  package var connections = 4096

  package init() {}

  /// Images up to this many pixels are decoded and corrected at once; larger ones wait for the pages' own thread.
  static let quickPixels = 1 << 18
}
