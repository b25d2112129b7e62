import Foundation
import NeuralNetworks
import Support

/// By what and on what a report was made.
package struct RunEnvironment: Codable, Equatable, Sendable {
  /// ISO 8601, in UTC.
  package var date: String
  package var tiddu: String
  /// The compiler's, as far as a program can tell.
  package var swift: String
  /// What computing used of the processor: "AVX-512".
  package var instructions: String
  /// The processor's own name; nil where the system does not say it.
  package var processor: String?
  package var cores: Int
  package var system: String

  /// Of this process, now.
  package init() {
    date = Date().formatted(.iso8601)
    tiddu = programVersion
    swift = Self.compiler
    instructions = Network.instructions
    processor = ProcessorName.own
    cores = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
