import Foundation
import ImageSets
import Restoration
import Support

/// Does what requests want on threads of its own, each with its own networks: small images in batches, pages one by one beside
/// them, so that nobody waits for a photograph who sent a digit.
final class Engine: Sendable {
  private typealias Task = @Sendable (Networks) -> Void

  let models: ServedModels
  let metrics: Metrics
  private let limits: Limits
  private let orders: WaitingLine<Order>
  private let tasks: WaitingLine<Task>

  init(_ models: ServedModels, limits: Limits, metrics: Metrics, threads: Int) {
    (self.models, self.limits, self.metrics) = (models, limits, metrics)
    orders = WaitingLine(most: limits.queue)
    tasks = WaitingLine(most: limits.pageQueue)
    for number in 0..<threads { start("tiddu-batch-\(number)") { [self] in workInBatches(number) } }
    start("tiddu-pages") { [self] in workAlone() }
  }

  /// Requests that wait, by the line they wait in.
  var waiting: (orders: Int, pages: Int) { (orders.count, tasks.count) }

  func stop() {
    orders.close()
    tasks.close()
  }

  private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread {
      // Requests are divided among threads, and none of them is divided again.
      Threads.use(1)
      body()
    }
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  // MARK: For requests

  /// Lets images go through a network, with those of other requests.
  ///
  /// - Parameter answer: made of the outcome on the thread that worked.
  /// - Throws: `Fault` where too many wait, and what `images` and `answer` throw.
  func order<Answer: Sendable>(
    _ work: Order.Work, count: Int = 1, images: @autoclosure @escaping @Sendable () throws -> ImageSet,
    answer: @escaping @Sendable (Outcome) throws -> Answer
  ) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      let order = Order(work: work, count: count, images: images) { outcome in
        continuation.resume(with: Result { try answer(outcome.get()) })
      }
      do { try orders.append(order) } catch { continuation.resume(throwing: error) }
    }
  }

  /// Runs what takes long, in its turn.
  ///
  /// - Throws: `Fault` where too many wait, and what `body` throws.
  func alone<Answer: Sendable>(_ body: @escaping @Sendable (Networks) throws -> Answer) async throws -> Answer {
    let (since, seconds) = (ContinuousClock.now, limits.seconds)
    return try await withCheckedThrowingContinuation { continuation in
      let task: Task = { networks in
        guard ContinuousClock.now - since < .seconds(seconds) else {
          return continuation.resume(throwing: Fault.tooLate)
        }
        continuation.resume(with: Result { try body(networks) })
      }
      do { try tasks.append(task) } catch { continuation.resume(throwing: error) }
    }
  }

  // MARK: The threads

  private func workAlone() {
    let networks = Networks(models)
    while let tasks = tasks.take(thread: 0, joining: { _, _ in false }, takes: { _ in .seconds(1) }) {
      for task in tasks { task.element(networks) }
    }
  }

  private func workInBatches(_ number: Int) {
    let networks = Networks(models)
    let (most, patience) = (limits.batch, Duration.milliseconds(limits.batchMilliseconds))
    let latest = Duration.seconds(limits.seconds)
    // What an image takes each model, in seconds; of other things than models there are as many as clients like.
    var costs: [String: Double] = [:]
    func count(_ orders: [Order]) -> Int { orders.reduce(0) { $0 + $1.count } }
    while let taken = orders.take(
      thread: number, patience: patience,
      joining: { taken, order in order.work == taken[0].work && count(taken) + order.count <= most },
      takes: { .seconds(Double(count($0)) * (costs[$0[0].work.model] ?? 1)) })
    {
      for late in taken where late.waited > latest { late.element.finish(.failure(Fault.tooLate)) }
      let orders = taken.filter { $0.waited <= latest }.map(\.element)
      guard let model = orders.first?.work.model else { continue }
      let start = ContinuousClock.now
      run(orders, on: networks)
      let cost = (ContinuousClock.now - start) / .seconds(1) / Double(count(orders))
      costs[model] = 0.8 * (costs[model] ?? cost) + 0.2 * cost
    }
  }

  /// - Precondition: all are of the same work.
  private func run(_ orders: [Order], on networks: Networks) {
    var (ready, sets) = ([Order](), [ImageSet]())
    for order in orders {
      do {
        sets.append(try order.images())
        ready.append(order)
      } catch { order.finish(.failure(error)) }
    }
    guard !ready.isEmpty else { return }
    do {
      let set = sets.count == 1 ? sets[0] : try ImageSet(joining: sets, name: sets[0].name, source: sets[0].source)
      metrics.record(batch: set.count, of: ready[0].work)
      let outcome = try networks.outcome(of: ready[0].work, set)
      var start = 0
      for (order, own) in zip(ready, sets) {
        order.finish(.success(outcome.selecting(start..<start + own.count)))
        start += own.count
      }
    } catch {
      for order in ready { order.finish(.failure(error)) }
    }
  }
}

extension Networks {
  fileprivate func outcome(of work: Order.Work, _ set: ImageSet) throws -> Outcome {
    switch work {
    case .restore(let model, let recipe, let threshold):
      return .restored(
        Restored(try restorer(model, expecting: recipe).restoration(of: set, ifSureBy: threshold)))
    case .classify(let model): return .classified(try classifier(model).classify(set))
    }
  }
}

extension Outcome {
  fileprivate func selecting(_ range: Range<Int>) -> Outcome {
    switch self {
    case .restored(let set): .restored(set.selecting(range))
    case .classified(let all): .classified(Array(all[range]))
    }
  }
}
