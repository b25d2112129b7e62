import Foundation
import HTTPTypes
import Support
import Synchronization

/// What is counted while the service runs, told in Prometheus' text format (version 0.0.4).
final class Metrics: Sendable {
  /// What requests are told apart by: the route as it was declared, never as it was asked for, of which there are as many as
  /// clients like.
  struct Answered: Hashable {
    var route: String
    var method: HTTPRequest.Method
    var status: Int
  }

  private struct Series {
    var requests: [Answered: Int] = [:]
    var seconds: [String: Histogram] = [:]
    var batches: [[String]: Histogram] = [:]
    var inFlight = 0
  }

  private let series = Mutex(Series())
  private let started = Date().timeIntervalSince1970

  private static let latencies: [Double] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
  private static let sizes: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

  func begin() { series.withLock { $0.inFlight += 1 } }

  func end(_ answered: Answered, seconds: Double) {
    series.withLock { series in
      series.inFlight -= 1
      series.requests[answered, default: 0] += 1
      series.seconds[answered.route, default: Histogram(Self.latencies)].record(seconds)
    }
  }

  func record(batch images: Int, of work: Order.Work) {
    series.withLock { $0.batches[[work.task, work.model], default: Histogram(Self.sizes)].record(Double(images)) }
  }

  /// - Parameter waiting: how many requests wait in each line.
  func text(waiting: (orders: Int, pages: Int)) -> String {
    let series = series.withLock { $0 }
    var page = ExpositionText()
    let requests = Dictionary(
      series.requests.map { ([$0.key.route, Self.name(of: $0.key.method), "\($0.key.status)"], $0.value) },
      uniquingKeysWith: +)
    page.add(
      "tiddu_requests_total", "counter", "Requests that were answered.", requests, ["route", "method", "status"])
    page.add(
      "tiddu_request_seconds", "Seconds from a request's head to its answer.",
      Dictionary(uniqueKeysWithValues: series.seconds.map { ([$0.key], $0.value) }), ["route"])
    page.add("tiddu_requests_in_flight", "gauge", "Requests that are being answered.", [[]: series.inFlight], [])
    page.add("tiddu_batch_images", "Images that went through a network together.", series.batches, ["task", "model"])
    page.add(
      "tiddu_images_total", "counter", "Images that went through a network.",
      series.batches.mapValues { Int($0.sum) }, ["task", "model"])
    page.add(
      "tiddu_queue_requests", "gauge", "Requests that wait for their turn.",
      [["batches"]: waiting.orders, ["pages"]: waiting.pages], ["line"])
    page.add(
      "process_resident_memory_bytes", "gauge", "Memory that the process holds.", [[]: ProcessUse.residentBytes], [])
    page.add("process_open_fds", "gauge", "Files and connections that are open.", [[]: ProcessUse.openFiles], [])
    page.add("process_cpu_seconds_total", "counter", "Seconds of processor time.", [[]: ProcessUse.cpuSeconds], [])
    page.add("process_start_time_seconds", "gauge", "When the process started.", [[]: started], [])
    return page.text
  }
}

extension Metrics {
  /// Clients may call methods what they like.
  private static func name(of method: HTTPRequest.Method) -> String {
    let known: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .patch, .options, .trace]
    return known.contains(method) ? method.rawValue : "other"
  }
}

/// How many values were at most as large as each bound.
package struct Histogram {
  package let bounds: [Double]
  /// One more than bounds: the last counts what is larger.
  package private(set) var counts: [Int]
  package private(set) var sum = 0.0

  package init(_ bounds: [Double]) { (self.bounds, counts) = (bounds, Array(repeating: 0, count: bounds.count + 1)) }

  package mutating func record(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}

/// Prometheus' text format.
private struct ExpositionText {
  private(set) var text = ""

  mutating func add(
    _ name: String, _ type: String, _ help: String, _ values: [[String]: some CustomStringConvertible],
    _ labels: [String]
  ) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for (key, value) in values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      text += "\(name)\(Self.labels(zip(labels, key))) \(value)\n"
    }
  }

  mutating func add(_ name: String, _ help: String, _ values: [[String]: Histogram], _ labels: [String]) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
    for (key, histogram) in values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let labelled = Array(zip(labels, key))
      var count = 0
      for (bound, own) in zip(histogram.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
        count += own
        text += "\(name)_bucket\(Self.labels(labelled + [("le", bound)])) \(count)\n"
      }
      text += "\(name)_sum\(Self.labels(labelled)) \(histogram.sum)\n\(name)_count\(Self.labels(labelled)) \(count)\n"
    }
  }

  private static func labels(_ pairs: some Sequence<(String, String)>) -> String {
    let all = pairs.map { "\($0)=\"\($1)\"" }
    return all.isEmpty ? "" : "{\(all.joined(separator: ","))}"
  }
}

/// What this process takes of the machine.
enum ProcessUse {
  static var residentBytes: Int {
    guard let bytes = try? Folder.read("/proc/self/statm") else { return 0 }
    let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  static var openFiles: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }

  static var cpuSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
