import Distortions
import Foundation
import ImageSets
import Interchange
import NeuralNetworks
import Restoration
import Safetensors
import Search
import Support

/// What reads files from strangers, one by one: given bytes it may throw one of the errors that users see, and nothing else.
package let targets: [String: @Sendable ([UInt8]) throws -> Void] = [
  "idx": { try readImages($0, "images.idx") },
  "idx-gz": { try readImages($0, "images.idx.gz") },
  "csv": { try readImages($0, "a.csv") },
  "npy": { try readImages($0, "a.npy") },
  "npz": { try readImages($0, "a.npz") },
  "cifar": { try readImages($0, "data_batch_1.bin") },
  "zip": { try readImages($0, "a.zip") },
  "image": { bytes in
    // Writing back takes what was kept beside the pixels: profile, resolution, depth.
    let stored = try ImageFile.read(bytes, named: "image")
    for format in ImageFileFormat.allCases where stored.images.count == 1 { _ = try? stored.encoded(as: format) }
  },
  "safetensors": { bytes in try withFile(bytes, "a.safetensors") { _ = try TensorFile.read($0) } },
  "model": { bytes in
    try withFile(bytes, "a.safetensors") { path in
      let model = try Model.open(path)
      _ = try? Restorer(model)
    }
  },
  "pytorch": { bytes in
    try withFile(bytes, "a.safetensors") { _ = try PyTorchWeights.read($0, into: [smallPlan]) }
  },
  // The header alone is mutated: its length before it, and numbers behind it, are put there.
  "model-header": { bytes in
    try withFile(container(of: bytes, numbersOf.model), "a.safetensors") { path in
      let model = try Model.open(path)
      _ = try? Restorer(model)
    }
  },
  "pytorch-header": { bytes in
    try withFile(container(of: bytes, numbersOf.stateDict), "a.safetensors") {
      _ = try PyTorchWeights.read($0, into: [smallPlan])
    }
  },
  "run": { bytes in
    let run = RunFolder("\(folder)/run")
    try Folder.create(run.path)
    try put(Array(YAMLText.of(runPlan).utf8), run.config)
    try put(container(of: bytes, numbersOf.state), run.optimizer)
    _ = try Trainer(resuming: run, training: TrainingImages(fewImages))
  },
  "keras": { bytes in try withFile(bytes, "a.weights.h5") { _ = try KerasWeights.read($0, into: smallPlan) } },
  "keras-zip": { bytes in try withFile(bytes, "a.keras") { _ = try KerasWeights.read($0, into: smallPlan) } },
  "names": { bytes in try withFile(bytes, "names.yaml") { _ = try ModuleNames(contentsOf: $0) } },
  "recipe": { bytes in
    let recipe = try Recipe(yaml: String(decoding: bytes, as: UTF8.self))
    let again = try Recipe(yaml: recipe.yaml())
    precondition(again == recipe, "a recipe is what its own YAML says")
    _ = try recipe.distort(fewImages)
  },
  "space": { bytes in _ = try SearchSpace(yaml: String(decoding: bytes, as: UTF8.self)) },
  "network": { bytes in
    try withFile(bytes, "net.yaml") { path in
      _ = try Architecture(contentsOf: path, for: fewImages.shape).outputShape()
    }
  },
  "study": { bytes in try withFile(bytes, "a.sqlite") { _ = try Study.open($0).csv(epochs: true) } },
  "plan": { bytes in
    try withFile(bytes, "config.yaml") { _ in _ = try RunFolder(folder).plan() }
  },
]

/// Whether it is one of the errors that users see.
package func isReported(_ error: any Error) -> Bool {
  error is DataError || error is UsageError || error is SystemError || error is ResourceError
}

private func readImages(_ bytes: [UInt8], _ name: String) throws {
  try withFile(bytes, name) { path in
    let contents = try Contents.read(path, options: ReadOptions(largestSize: 1 << 24))
    guard case .images(let stored) = contents else { return }
    precondition(stored.images.count > 0 && stored.images.pixels.count % stored.images.shape.size == 0)
  }
}

/// A safetensors file with this header, and the numbers of another.
private func container(of header: [UInt8], _ numbers: [UInt8]) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + numbers
}

/// Two of 8×7 pixels.
let fewImages = ImageSet(
  shape: .init(height: 8, width: 7, channels: 1), pixels: (0..<112).map { UInt8($0 * 2) }, labels: [0, 1], name: "few",
  source: "few")

/// A network as small as it can be and still has what others have.
let smallPlan = TrainingPlan(
  architecture: Architecture(
    name: "few", input: [8, 7, 1],
    layers: [
      Flatten(), Dense(units: 3, activation: .relu), Dense(units: 56, activation: .sigmoid), Reshape([8, 7, 1]),
    ]),
  loss: .binaryCrossEntropy, recipe: .reportMultiple, threads: 1)

/// What stands behind the headers of the seeds.
private let numbersOf: (model: [UInt8], stateDict: [UInt8], state: [UInt8]) = {
  do { return try (numbers(of: weights()), numbers(of: stateDict()), numbers(of: state())) } catch {
    fatalError("\(error)")
  }
}()

/// As a run of these images writes it down.
let runPlan: TrainingPlan = {
  var plan = smallPlan
  (plan.epochs, plan.data) = (2, DataRecord(TrainingImages(fewImages)))
  return plan
}()

/// In memory, as a disk would be what is measured.
let folder: String = {
  let folder = "/dev/shm/tiddu-fuzzing-\(ProcessInfo.processInfo.processIdentifier)"
  do { try Folder.create(folder) } catch { fatalError("\(error)") }
  atexit { try? FileManager.default.removeItem(atPath: Fuzzing.folder) }
  return folder
}()

private func put(_ bytes: [UInt8], _ path: String) throws {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(file >= 0, "\(path) cannot be written")
  defer { close(file) }
  precondition(bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count)
}

private func withFile(_ bytes: [UInt8], _ name: String, _ body: (String) throws -> Void) throws {
  try put(bytes, "\(folder)/\(name)")
  try body("\(folder)/\(name)")
}
