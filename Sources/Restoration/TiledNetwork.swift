import ImageSets
import NeuralNetworks
import Support

/// A fully convolutional network applied to images of any size: whole where its activations take little memory,
/// otherwise tile by tile. Each tile is computed with so much of its surroundings that its pixels are what they are in
/// the whole image, but for rounding.
package final class TiledNetwork {
  private let checkpoint: Checkpoint
  private let field: ReceptiveField
  /// Values of all layers for one pixel.
  private let valuesPerPixel: Double
  private var network: Network?
  /// Floats that the activations of a tile may take: 128 MiB.
  package var mostValues = Double(1 << 25)

  /// Nil for a network that is not fully convolutional, or does not answer with images.
  package init?(_ checkpoint: Checkpoint) throws {
    let architecture = checkpoint.architecture
    guard checkpoint.plan.task == .restoration, let field = architecture.receptiveField,
      architecture.smallestInput(height: 1, width: 1) != nil
    else { return nil }
    (self.checkpoint, self.field) = (checkpoint, field)
    valuesPerPixel = try Double(architecture.activations()) / Double(architecture.input[0] * architecture.input[1])
  }

  /// Restored images, one behind the other. (N, H, W, C)
  package func outputs(of set: ImageSet) throws -> [Float] { try values(of: set) { $0 } }

  /// The same as bytes, without ever holding them as floats.
  func bytes(of set: ImageSet) throws -> [UInt8] { try values(of: set, PixelScaling.byte) }

  private func values<Value>(of set: ImageSet, _ convert: (Float) -> Value) throws -> [Value] {
    let tiles = tiles(of: set.shape)
    return try [Value](unsafeUninitializedCapacity: set.count * set.shape.size) { result, count in
      for image in 0..<set.count {
        for tile in tiles {
          let program = try network(for: tile.extents).program(batch: 1, mode: .inference)
          fill(program.input, with: tile, of: set, image: image)
          try program.forward()
          tile.copy(program.output, into: result, image: image, convert)
        }
      }
      count = set.count * set.shape.size
    }
  }

  /// A rectangle of an image with its surroundings.
  package struct Tile {
    /// What is kept of it.
    package var rows: Range<Int>
    package var columns: Range<Int>
    /// What is computed; may reach beyond the image on the right and at the bottom, where it is 0.
    var top: Int
    var left: Int
    /// (H, W, C)
    var extents: [Int]
    var shape: ImageSet.Shape

    func copy<Value>(
      _ output: UnsafeMutableBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Value>, image: Int,
      _ convert: (Float) -> Value
    ) {
      for row in rows {
        let from = ((row - top) * extents[1] + columns.lowerBound - left) * shape.channels
        let to = image * shape.size + (row * shape.width + columns.lowerBound) * shape.channels
        for place in 0..<columns.count * shape.channels {
          (result.baseAddress! + to + place).initialize(to: convert(output[from + place]))
        }
      }
    }
  }

  /// Tiles that cover an image, row by row, all of the same extents so that one network computes them all.
  package func tiles(of shape: ImageSet.Shape) -> [Tile] {
    let architecture = checkpoint.architecture
    let pixels = mostValues / valuesPerPixel
    let isSmall = Double(shape.height) * Double(shape.width) <= pixels
    let side = max(3 * margin, Int(min(pixels.squareRoot(), 1e6)))
    guard let whole = architecture.smallestInput(height: shape.height, width: shape.width),
      let part = architecture.smallestInput(height: side, width: side)
    else { return [] }
    let extents = isSmall ? whole : [min(part[0], whole[0]), min(part[1], whole[1]), whole[2]]
    let rows = pieces(of: shape.height, padded: whole[0], extent: extents[0])
    let columns = pieces(of: shape.width, padded: whole[1], extent: extents[1])
    return rows.flatMap { row in
      columns.map { column in
        Tile(
          rows: row.kept, columns: column.kept, top: row.start, left: column.start, extents: extents, shape: shape)
      }
    }
  }

  /// What is computed on each side of what is kept, where the image goes on there.
  private var margin: Int { (field.radius + field.stride - 1) / field.stride * field.stride }

  /// A side of `length` pixels, which the network sees as `padded`, cut into pieces of which each computes `extent`: they
  /// begin at multiples of the stride, and the last one ends where the whole does.
  private func pieces(of length: Int, padded: Int, extent: Int) -> [(kept: Range<Int>, start: Int)] {
    guard extent < padded else { return [(0..<length, 0)] }
    var pieces: [(kept: Range<Int>, start: Int)] = []
    var (start, first) = (0, 0)
    while start + extent < padded {
      let end = min((start + extent - margin) / field.stride * field.stride, length)
      pieces.append((first..<end, start))
      (start, first) = (end - margin, end)
    }
    if first < length { pieces.append((first..<length, padded - extent)) }
    return pieces
  }

  /// Compiled for the extents that came last.
  private func network(for extents: [Int]) throws -> Network {
    if let network, network.architecture.input == extents { return network }
    network = nil
    let made = try Network(
      checkpoint.architecture.taking(extents), batchSize: 1, seed: checkpoint.plan.seed,
      convolution: checkpoint.plan.convolution)
    made.parameters.load(checkpoint.weights)
    network = made
    return made
  }

  private func fill(_ input: UnsafeMutableBufferPointer<Float>, with tile: Tile, of set: ImageSet, image: Int) {
    let shape = set.shape
    input.update(repeating: 0)
    let (height, width) = (min(tile.extents[0], shape.height - tile.top), min(tile.extents[1], shape.width - tile.left))
    for row in 0..<height {
      let from = image * shape.size + ((tile.top + row) * shape.width + tile.left) * shape.channels
      let to = row * tile.extents[1] * shape.channels
      set.numbers(
        at: from..<from + width * shape.channels,
        into: UnsafeMutableBufferPointer(rebasing: input[to..<to + width * shape.channels]))
    }
  }
}
