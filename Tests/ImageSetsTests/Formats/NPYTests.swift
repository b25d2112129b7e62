import ImageSets
import Support
import TestSupport
import Testing

@Suite struct NPYTests {
  /// A file as numpy writes it, with any header.
  private static func file(
    _ type: String, _ shape: String, _ numbers: [UInt8], fortran: String = "False", version: UInt8 = 1
  ) -> [UInt8] {
    let header = "{'descr': \(type), 'fortran_order': \(fortran), 'shape': \(shape), }\n"
    let length = UInt8(header.utf8.count)
    let size: [UInt8] = version == 1 ? [length, 0] : [length, 0, 0, 0]
    return [0x93] + "NUMPY".utf8 + [version, 0] + size + header.utf8 + numbers
  }

  private static func floats(_ values: Float...) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  private func read(_ bytes: [UInt8], options: ReadOptions = .init()) throws -> Contents {
    try withTemporaryFolder { folder in
      try put(bytes, "\(folder)/a.npy")
      return try Contents.read("\(folder)/a.npy", options: options)
    }
  }

  private func set(_ bytes: [UInt8], shape: ImageSet.Shape? = nil) throws -> ImageSet {
    guard case .images(let set) = try read(bytes, options: ReadOptions(shape: shape)) else {
      throw UsageError("labels", remedy: "")
    }
    return set.images
  }

  private func shape(_ height: Int, _ width: Int, _ channels: Int = 1) -> ImageSet.Shape {
    ImageSet.Shape(height: height, width: width, channels: channels)
  }

  @Test func shapes() throws {
    func shapeRead(_ sizes: String, count: Int, as shape: ImageSet.Shape? = nil) throws -> ImageSet.Shape {
      try set(Self.file("'|u1'", sizes, [UInt8](repeating: 1, count: count)), shape: shape).shape
    }
    #expect(try shapeRead("(2, 3, 5)", count: 30) == shape(3, 5))
    #expect(try shapeRead("(2, 3, 5, 1)", count: 30) == shape(3, 5))
    #expect(try shapeRead("(2, 3, 5, 3)", count: 90) == shape(3, 5, 3))
    #expect(try shapeRead("(3, 5)", count: 15) == shape(3, 5))
    #expect(try shapeRead("(2, 9)", count: 18) == shape(3, 3))
    #expect(try shapeRead("(9, 9)", count: 81) == shape(9, 9))
    #expect(try shapeRead("(9, 9)", count: 81, as: shape(3, 3)) == shape(3, 3))
    #expect(try shapeRead("(2, 9)", count: 18, as: shape(2, 9)) == shape(2, 9))
    #expect(try shapeRead("(2, 6)", count: 12, as: shape(2, 3)) == shape(2, 3))
    #expect(try shapeRead("(2, 12)", count: 24, as: shape(2, 2, 3)) == shape(2, 2, 3))
    #expect(try shapeRead("(4, 5, 3)", count: 60) == shape(4, 5, 3))
    #expect(try shapeRead("(4, 5, 3)", count: 60, as: shape(5, 3)) == shape(5, 3))
    #expect(try shapeRead("(28, 28, 1)", count: 784) == shape(28, 28))
    #expect(try shapeRead("(9, 28, 28)", count: 9 * 784) == shape(28, 28))
    #expect(try shapeRead("(784, 784)", count: 784 * 784) == shape(28, 28))
    #expect(try shapeRead("(784, 784)", count: 784 * 784, as: shape(784, 784)) == shape(784, 784))
    #expect(try shapeRead("(100, 784)", count: 78_400) == shape(28, 28))
    #expect(try shapeRead("(28, 28)", count: 784) == shape(28, 28))
    #expect(try shapeRead("(6, 9, 1)", count: 54, as: shape(3, 3)) == shape(3, 3))
    #expect(try shapeRead("(4, 5, 3)", count: 60, as: shape(4, 5, 3)) == shape(4, 5, 3))
    #expect(throws: DataError.self) { try shapeRead("(2, 3, 5)", count: 30, as: shape(5, 3)) }
    #expect(throws: DataError.self) { try shapeRead("(2, 4, 5, 2)", count: 80) }
    #expect(throws: DataError.self) { try shapeRead("(1, 2, 3, 5, 3)", count: 90) }
    #expect(try shapeRead("(2, 3, 5, 4)", count: 120) == shape(5, 4, 3))
    #expect(try shapeRead("(2, 1, 5, 4)", count: 40) == shape(5, 4))
    #expect(try shapeRead("(2, 3, 5, 1)", count: 30) == shape(3, 5))
    #expect(try shapeRead("(2, 3, 5, 1)", count: 30, as: shape(5, 1, 3)) == shape(5, 1, 3))
    #expect(try shapeRead("(3, 4, 5)", count: 60, as: shape(4, 5, 3)) == shape(4, 5, 3))
  }

  @Test func scales() throws {
    let unit = Self.file("'<f4'", "(1, 2, 2)", Self.floats(0, 0.5, 1, 0.1))
    #expect(try set(unit).pixels == [0, 128, 255, 26])
    let bytes = Self.file("'<f4'", "(1, 2, 2)", Self.floats(0, 0.4, 255, 254.5))
    #expect(try set(bytes).pixels == [0, 0, 255, 255])
    let whole = Self.file("'|u1'", "(1, 2, 2)", [0, 1, 1, 0])
    #expect(try set(whole).pixels == [0, 1, 1, 0])
  }

  @Test func spellingsOfHeaders() throws {
    for version: UInt8 in 1...3 {
      let file = Self.file("\"|u1\"", "(1L,2 , 2)", [1, 2, 3, 4], version: version)
      #expect(try set(file).pixels == [1, 2, 3, 4])
    }
  }

  static let bad: [(bytes: [UInt8], parts: [String])] = [
    (file("'|O'", "(2, 2, 2)", [1]), ["the header's descr", "found |O", "Python objects"]),
    (file("'<c8'", "(1, 2, 2)", [1]), ["the header's descr", "found <c8"]),
    (file("'<U3'", "(1, 2, 2)", [1]), ["the header's descr", "found <U3"]),
    (file("'<f1'", "(1, 1, 1)", [1, 2]), ["the header's descr", "found <f1"]),
    (file("'<i4'", "(1, 1, 1)", [1, 2, 3, 4]), ["element [0, 0, 0]", "from 0 to 255", "found 67305985"]),
    (file("'|i1'", "(1, 1, 2)", [1, 255]), ["element [0, 0, 1]", "found -1"]),
    (file("[('a', '<f4')]", "(2,)", [1]), ["a plain type"]),
    (file("'|u1'", "(1, 2, -2)", [1]), ["a dictionary with descr"]),
    (file("'|u1'", "(99999999999999999999, 2)", [1]), ["a dictionary with descr"]),
    (file("'<f8'", "(4294967296, 4294967296, 1)", [1]), ["the header's shape", "4294967296 × 4294967296"]),
    (file("'|u1'", "(1, 0, 3)", []), ["the header's shape", "1 × 0 × 3"]),
    (file("'|u1'", "(1, 2, 3)", [1, 2]), ["byte ", "6 bytes of numbers", "the end after 2"]),
    (file("'|u1'", "(1, 1, 1)", [1, 2]), ["more bytes"]),
    (file("'<f4'", "(2,)", floats(1, 2)), ["the header's shape", "found (2)"]),
    (file("'<f4'", "()", floats(1)), ["the header's shape", "found ()"]),
    (file("'<f4'", "(1, 2, 2)", floats(0, 0, .nan, 0)), ["element [0, 1, 0]", "found nan"]),
    (file("'<f4'", "(1, 2, 2)", floats(0, -.infinity, 0, 0)), ["element [0, 0, 1]", "found -inf"]),
    (file("'<f4'", "(2, 1, 2)", floats(0, 0, 0, 256)), ["element [1, 0, 1]", "found 256.0"]),
    (file("'<f4'", "(2, 1, 2)", floats(0, -0.5, 0, 1), fortran: "True"), ["element [1, 0, 0]", "found -0.5"]),
    (file("'<f4'", "(1, 1, 2)", floats(1.5, 0)), ["found 1.5 as the largest"]),
    (file("'|i1'", "(3,)", [1, 255, 2]), ["element [1]", "found -1"]),
    (file("'<u8'", "(1,)", [UInt8](repeating: 255, count: 8)), ["element [0]", "a larger one"]),
    (Array(file("'|u1'", "(1, 1, 1)", [1]).prefix(20)), ["byte 10", "a header of 63 bytes"]),
    ([0x93] + "NUMPY".utf8 + [9, 0, 1, 0, 0x20], ["a version from 1 to 3"]),
    ([0x93] + "NUMPY".utf8 + [2, 0, 0, 0, 0, 0xFF], ["a header of at most"]),
    ([0x93] + "NUMPY".utf8, ["the file's end after 6 bytes"]),
  ]

  @Test(arguments: bad.indices)
  func badFiles(index: Int) throws {
    let (bytes, parts) = Self.bad[index]
    try withTemporaryFolder { folder in
      try put(bytes, "\(folder)/bad.npy")
      let error = dataError { _ = try Contents.read("\(folder)/bad.npy") }
      for part in parts {
        #expect(error?.description.contains(part) == true, "\(part): \(error?.description ?? "")")
      }
    }
  }

  @Test(.enabled(if: Python.hasNumpy))
  func numpyReadsWhatIsWritten() throws {
    try withTemporaryFolder { folder in
      for channels in [1, 3] {
        let set = TinyImages.ramp(count: 4, height: 3, width: 5, channels: channels)
        try set.write(to: "\(folder)/images.npy")
        try set.write(to: "\(folder)/a.npz")
        let script = """
          import sys, numpy
          x, y = numpy.load(sys.argv[1] + '/images.npy'), numpy.load(sys.argv[1] + '/labels.npy')
          z = numpy.load(sys.argv[1] + '/a.npz')
          assert x.dtype == numpy.uint8 and y.dtype == numpy.int64
          assert (z['images'] == x).all() and (z['labels'] == y).all() and sorted(z) == ['images', 'labels']
          i = numpy.arange(x.size)
          assert (x.ravel() == (i * 37 + i // 7) % 256).all()
          assert y.tolist() == [0, 1, 2, 3]
          print(x.shape)
          """
        #expect(try Python.run(script, folder) == (channels == 1 ? "(4, 3, 5)\n" : "(4, 3, 5, 3)\n"))
      }
    }
  }

  /// Every type, byte order, axis order, version and scale that images and labels may come in, made by numpy.
  @Test(.enabled(if: Python.hasNumpy))
  func whatNumpyWritesIsRead() throws {
    let script = """
      import sys, numpy
      def save(name, array, version=None):
          with open(f'{sys.argv[1]}/{name}.npy', 'wb') as file:
              numpy.lib.format.write_array(file, array, version)
      for shape in [(4, 3, 5), (4, 3, 5, 1), (4, 3, 5, 3)]:
          i = numpy.arange(numpy.prod(shape)).reshape(shape)
          bytes = ((i * 37 + i // 7) % 256).astype('u1')
          for type in ['|u1', '<f2', '>f2', '<f4', '>f4', '<f8', '>f8', '<u2', '>u2', '<i4', '>i8', '<u8']:
              for scale in ['1', '255'] if 'f' in type else ['255']:
                  array = (bytes / 255 if scale == '1' else bytes).astype(type)
                  for order in 'CF':
                      for version in [(1, 0), (2, 0), (3, 0)]:
                          name = f'x{len(shape)}{shape[-1]}-{type[1:]}-{type[0] == ">"}-{scale}-{order}-{version[0]}'
                          save(name, numpy.array(array, order=order), version)
                      if len(shape) == 4:
                          first = numpy.array(array.transpose(0, 3, 1, 2), order=order)
                          save(f'x4{shape[-1]}-first-{type[1:]}-{type[0] == ">"}-{scale}-{order}', first)
      for type in ['|u1', '|i1'] + [order + kind + size for order in '<>' for kind in 'iu' for size in '248']:
          save(f'y1-{type[1:]}-{type[0] == ">"}', numpy.array([3, 0, 127, 9]).astype(type))
          save(f'y2-{type[1:]}-{type[0] == ">"}', numpy.array([[3], [0], [127], [9]]).astype(type))
      """
    try withTemporaryFolder { folder in
      try Python.run(script, folder)
      let names = try Folder.names(in: folder)
      #expect(names.count == (3 * 3 + 2) * (6 + 6 * 2) * 2 + 2 * 14)
      for name in names {
        switch try Contents.read("\(folder)/\(name)") {
        case .labels(let labels): #expect(labels.values == [3, 0, 127, 9], "\(name)")
        case .images(let set):
          let expected = TinyImages.ramp(count: 4, height: 3, width: 5, channels: name.hasPrefix("x43") ? 3 : 1)
          #expect(set.images.shape == expected.shape, "\(name)")
          #expect(set.images.pixels == expected.pixels, "\(name)")
        }
      }
    }
  }
}
