import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Keeps one connection from being held without use, and lets it end in peace.
///
/// A request must arrive within its time, however slowly its bytes come; a connection that says nothing is closed. When the
/// service stops, a connection that waits for its next request may send one more, whose answer says that it is the last.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  struct Times: Sendable {
    /// From the connection's start to its first request's head.
    var head: TimeAmount = .seconds(10)
    /// From a head to the end of its body.
    var body: TimeAmount
    /// From an answer to the next head.
    var idle: TimeAmount = .seconds(60)
    /// For a connection's last request, once the service stops; and for reading a last answer.
    var farewell: TimeAmount = .seconds(1)
  }

  private let times: Times
  /// When patience ends; nil while nothing is waited for. The timer looks again when it rings early: setting one for each request
  /// would cost more than the request's head.
  private var deadline: NIODeadline?
  private var timer: Scheduled<Void>?
  private var rings = NIODeadline.distantFuture
  /// Heads that came and were not answered.
  private var pending = 0
  private var isReceiving = false
  private var isAnswering = false
  private var isStopping = false
  /// Nothing that comes matters any more.
  private var isEnding = false
  private var closesAfterAnswer = false

  init(_ times: Times) { self.times = times }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { wait(times.head, context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    wait(times.head, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      pending += 1
      isReceiving = true
      wait(times.body, context)
      if head.headerFields[.expect]?.lowercased() == "100-continue" {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
    case .end:
      isReceiving = false
      deadline = nil
    case .body: break
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isEnding else {
      promise?.succeed()
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head) where head.status.kind != .informational:
      isAnswering = true
      if isStopping { head.headerFields[.connection] = "close" }
      if head.headerFields[.connection]?.lowercased() == "close" { closesAfterAnswer = true }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end:
      isAnswering = false
      pending -= 1
      context.write(data, promise: promise)
      if closesAfterAnswer {
        end(context)
      } else if pending <= 0, !isReceiving {
        wait(times.idle, context)
      }
    default: context.write(data, promise: promise)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
    isStopping = true
    if pending == 0 { wait(times.farewell, context) }
  }

  // MARK: The end

  private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    let deadline = NIODeadline.now() + time
    self.deadline = deadline
    guard timer == nil || deadline < rings else { return }
    timer?.cancel()
    rings = deadline
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(deadline: deadline) {
      let (own, context) = bound.value
      own.ring(context)
    }
  }

  private func ring(_ context: ChannelHandlerContext) {
    (timer, rings) = (nil, .distantFuture)
    guard let deadline else { return }
    let left = deadline - .now()
    if left > .zero { wait(left, context) } else { expire(context) }
  }

  private func expire(_ context: ChannelHandlerContext) {
    guard !isEnding, isReceiving, !isAnswering else { return context.close(promise: nil) }
    let head = HTTPResponse(
      status: .requestTimeout, headerFields: [.connection: "close", .contentLength: "0", .cacheControl: "no-store"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    end(context)
  }

  /// Says that nothing more will come, and leaves the client a moment to read what came: closing at once, with bytes unread,
  /// would take the answer from it.
  private func end(_ context: ChannelHandlerContext) {
    isEnding = true
    let sent = context.eventLoop.makePromise(of: Void.self)
    wait(times.body, context)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    sent.futureResult.whenComplete { _ in
      let (own, context) = bound.value
      if context.channel.isActive { own.wait(own.times.farewell, context) }
    }
    context.flush()
    context.close(mode: .output, promise: sent)
  }
}
