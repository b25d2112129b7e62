import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Support

/// The HTTP service: a page to try correctors on, and what programs call.
package struct Server: Sendable {
  package struct Settings: Sendable {
    package var host = "127.0.0.1"
    /// 0: any that is free.
    package var port = 8080
    /// That correct and read; each has networks of its own.
    package var threads = Threads.count
    package var limits = Limits()
    /// Without it nobody is let in.
    package var token: String?
    /// Files in PEM, the certificate with its chain.
    package var certificate: String?
    package var key: String?

    package init() {}
  }

  let settings: Settings
  let engine: Engine
  let metrics = Metrics()
  let bodies: BodyBudget
  private let logger: Logger

  package init(_ models: ServedModels, settings: Settings, logger: Logger) {
    (self.settings, self.logger) = (settings, logger)
    bodies = BodyBudget(most: settings.limits.heldBytes)
    engine = Engine(models, limits: settings.limits, metrics: metrics, threads: settings.threads)
  }

  /// Answers requests until the process is told to stop (SIGTERM, SIGINT), and then those that have come.
  ///
  /// - Parameter started: called with the address once there is one.
  /// - Throws: `UsageError` for a certificate or a key that is none, `SystemError` where the address cannot be had.
  package func run(_ started: @escaping @Sendable (String) -> Void) async throws {
    let scheme = settings.certificate == nil ? "http" : "https"
    let host = settings.host
    let application = try Application(
      router: router(), server: builder(),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), backlog: 1024,
        availableConnectionsDelegate: .maximum(settings.limits.connections, logger: logger)),
      onServerRunning: { channel in
        let shown = host.contains(":") ? "[\(host)]" : host
        started("\(scheme)://\(shown):\(channel.localAddress?.port ?? 0)/")
      }, logger: logger)
    defer { engine.stop() }
    do { try await application.runService() } catch let error as IOError {
      throw cannotListen(String(cString: strerror(error.errnoCode)))
    } catch is SocketAddressError.UnknownHost {
      throw cannotListen("there is no such host")
    }
  }

  private func cannotListen(_ reason: String) -> SystemError {
    SystemError(
      operation: "listen on", path: "\(settings.host), port \(settings.port)", reason: reason,
      remedy: "Choose another --port or --host.")
  }

  private func builder() throws -> HTTPServerBuilder {
    let times = ConnectionGuard.Times(body: .seconds(Int64(settings.limits.seconds)))
    var http = HTTP1Channel.Configuration(additionalChannelHandlers: [ConnectionGuard(times)])
    http.httpDecoder = .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
    let configured = http
    guard let certificate = settings.certificate, let key = settings.key else {
      return HTTPServerBuilder { OnEventLoop(base: HTTP1Channel(responder: $0, configuration: configured)) }
    }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
      let key = try NIOSSLPrivateKey(file: key, format: .pem)
      let configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(key))
      _ = try NIOSSLContext(configuration: configuration)
      return HTTPServerBuilder {
        OnEventLoop(
          base: try TLSChannel(HTTP1Channel(responder: $0, configuration: configured), tlsConfiguration: configuration))
      }
    } catch is NIOSSLError {
      throw UsageError(
        "\(certificate) and \(settings.key ?? "") are no certificate and its key",
        remedy: "Give a certificate chain and a private key, each as PEM.")
    }
  }
}
