import Foundation
import Support

/// One run as TensorBoard shows it: curves, pictures and the settings that it was trained by.
///
/// Source: TensorFlow's core/framework/summary.proto, and TensorBoard's plugins/hparams/plugin_data.proto and api.proto.
package final class TensorBoardLog {
  private let file: EventFile

  /// A setting of a run.
  package enum Setting: Sendable, Equatable {
    case number(Double)
    case text(String)
    case truth(Bool)
  }

  /// Begins a file of events in the folder, beside those that are there.
  ///
  /// - Throws: `SystemError`.
  package init(in folder: String) throws { file = try EventFile(in: folder) }

  /// Points of curves, such as "loss/train".
  package func write(_ scalars: [(tag: String, value: Double)], step: Int) throws {
    try file.append(step: step) { event in
      event.message(5) { summary in
        for (tag, value) in scalars {
          summary.message(1) {
            $0.text(1, tag)
            $0.float(2, Float(value))
          }
        }
      }
    }
  }

  /// A picture, as the bytes of a PNG file of that size.
  package func write(png: [UInt8], width: Int, height: Int, tag: String, step: Int) throws {
    try file.append(step: step) { event in
      event.message(5) { summary in
        summary.message(1) { value in
          value.text(1, tag)
          value.message(4) {
            $0.integer(1, height)
            $0.integer(2, width)
            $0.integer(3, 3)
            $0.data(4, png)
          }
        }
      }
    }
  }

  // MARK: - Settings

  /// What the run is trained by, and which curves it is to be judged by; written once, at the beginning.
  package func begin(_ settings: [(name: String, value: Setting)], metrics: [String]) throws {
    try writeSettings("experiment") { data in
      data.message(2) { experiment in
        experiment.double(3, Date().timeIntervalSince1970)
        for (name, value) in settings {
          experiment.message(4) {
            $0.text(1, name)
            $0.integer(4, value.type)
          }
        }
        for tag in metrics { experiment.message(5) { metric in metric.message(1) { $0.text(2, tag) } } }
      }
    }
    try writeSettings("session_start_info") { data in
      data.message(3) { session in
        for (name, value) in settings {
          session.message(1) { entry in
            entry.text(1, name)
            entry.message(2) { value.write(to: &$0) }
          }
        }
        session.double(5, Date().timeIntervalSince1970)
      }
    }
  }

  /// - Parameter isWell: whether the run came to its end.
  package func end(isWell: Bool) throws {
    try writeSettings("session_end_info") { data in
      data.message(4) {
        $0.integer(1, isWell ? 1 : 2)
        $0.double(2, Date().timeIntervalSince1970)
      }
    }
  }

  /// TensorBoard finds them as metadata of a value that is nothing itself.
  private func writeSettings(_ name: String, _ content: (inout ProtobufMessage) -> Void) throws {
    try file.append { event in
      event.message(5) { summary in
        summary.message(1) { value in
          value.text(1, "_hparams_/\(name)")
          value.message(8) { tensor in
            tensor.integer(1, 1)
            tensor.message(2) { shape in shape.message(2) { $0.integer(1, 1) } }
            tensor.float(5, 0)
          }
          value.message(9) { metadata in
            metadata.message(1) { plugin in
              plugin.text(1, "hparams")
              plugin.message(2) { content(&$0) }
            }
            metadata.integer(4, 2)
          }
        }
      }
    }
  }
}

extension TensorBoardLog.Setting {
  /// As the settings' DataType numbers them.
  fileprivate var type: Int {
    switch self {
    case .text: 1
    case .truth: 2
    case .number: 3
    }
  }

  /// As google.protobuf.Value.
  fileprivate func write(to message: inout ProtobufMessage) {
    switch self {
    case .number(let number): message.double(2, number)
    case .text(let text): message.text(3, text)
    case .truth(let truth): message.integer(4, truth ? 1 : 0)
    }
  }
}
