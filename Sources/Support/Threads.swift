import CKernels

#if canImport(Glibc)
  import Glibc
#endif

/// Threads that loops are divided among: the calling one and workers of its own. Where other programs use the cores fewer
/// of them work; what they compute is the same.
public enum Threads {
  /// The number of threads that the calling thread's work is divided among: unless told otherwise as many as there are
  /// cores that the process may use. Within a divided loop it is 1.
  package static var count: Int { Int(kernels_threads()) }

  /// Within a divided loop: which of the threads this is, from 0 on.
  package static var number: Int { Int(kernels_thread_number()) }

  /// How many of them work now.
  package static var active: Int { Int(kernels_active_threads()) }

  /// Sets `count` for the calling thread.
  package static func use(_ count: Int) {
    precondition(count >= 1, "at least one thread is wanted")
    _ = kernels_use_threads(Int32(clamping: count))
  }

  /// As `use`, for a number that the system may refuse.
  ///
  /// - Throws: `SystemError` where so many threads do not start.
  public static func start(_ count: Int) throws {
    let code = kernels_use_threads(Int32(clamping: count))
    guard code == 0 else {
      throw SystemError(
        operation: "start", path: "\(count) threads", reason: String(cString: strerror(code)),
        remedy: "Use --threads 1, or raise the limits on memory and processes (ulimit -v, ulimit -u).")
    }
  }

  /// Calls `body` with ranges that together cover 0 ..< count, at most one a thread; returns when all are done.
  ///
  /// A loop with less than `2 × grain` turns runs on the calling thread alone.
  package static func forEachRange(
    of count: Int, grain: Int = 1, threads: Int? = nil, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    let parts = max(1, min(threads ?? Self.count, count / max(1, grain)))
    guard parts > 1 else { return body(0..<count) }
    withoutActuallyEscaping(body) { body in
      var work = Work(count: count, body: body)
      withUnsafeMutablePointer(to: &work) { work in
        kernels_parallel(Int32(clamping: parts), UnsafeMutableRawPointer(work)) { part, parts, pointer in
          let work = pointer!.assumingMemoryBound(to: Work.self)
          work.pointee.run(part: Int(part), of: Int(parts))
        }
      }
    }
  }

  /// Calls `body` once for each part; whoever is free takes the next ones. The first error that came is thrown when all
  /// are done.
  package static func forEachPart(of parts: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let errors = UnsafeMutableBufferPointer<(any Error)?>.allocate(capacity: parts)
    errors.initialize(repeating: nil)
    defer {
      errors.deinitialize()
      errors.deallocate()
    }
    withoutActuallyEscaping(body) { body in
      var work = Parts(errors: errors, body: body)
      withUnsafeMutablePointer(to: &work) { work in
        kernels_parallel(Int32(clamping: parts), UnsafeMutableRawPointer(work)) { part, _, pointer in
          let work = pointer!.assumingMemoryBound(to: Parts.self)
          work.pointee.run(Int(part))
        }
      }
    }
    if let error = errors.lazy.compactMap({ $0 }).first { throw error }
  }

  private struct Parts {
    var errors: UnsafeMutableBufferPointer<(any Error)?>
    var body: @Sendable (Int) throws -> Void

    func run(_ part: Int) {
      do { try body(part) } catch { errors[part] = error }
    }
  }

  private struct Work {
    var count: Int
    var body: @Sendable (Range<Int>) -> Void

    func run(part: Int, of parts: Int) {
      let range = count * part / parts..<count * (part + 1) / parts
      if !range.isEmpty { body(range) }
    }
  }
}
