import Safetensors
import Support
import TestSupport
import Testing

@Suite struct TensorFileTests {
  static let sample = TensorFile(
    metadata: ["epoch": "3", "a \"quoted\"\n/ತಿದ್ದು": "text with \u{1} and 😀"],
    tensors: [
      "dense1/kernel": Tensor(shape: [2, 3], values: [1, -2.5, .infinity, 0x1.65p-140, 0, 3.402_823_5e38]),
      "dense1/bias": Tensor(shape: [3], values: [0.1, 0.2, 0.3]),
      "step": Tensor(shape: [], values: [70]),
      "nothing": Tensor(shape: [4, 0], values: []),
    ])

  @Test func comesBackAsWritten() throws {
    try withTemporaryFolder { folder in
      try Self.sample.write(to: "\(folder)/a.safetensors")
      #expect(try TensorFile.read("\(folder)/a.safetensors") == Self.sample)
      try TensorFile().write(to: "\(folder)/empty.safetensors")
      #expect(try TensorFile.read("\(folder)/empty.safetensors") == TensorFile())
    }
  }

  @Test func sameContentSameBytes() throws {
    try withTemporaryFolder { folder in
      var first = TensorFile()
      var second = TensorFile()
      for index in 0..<50 {
        first.tensors["t\(index)"] = Tensor(shape: [1], values: [Float(index)])
        second.tensors["t\(49 - index)"] = Tensor(shape: [1], values: [Float(49 - index)])
        first.metadata["m\(index)"] = ""
        second.metadata["m\(49 - index)"] = ""
      }
      try first.write(to: "\(folder)/first")
      try second.write(to: "\(folder)/second")
      let bytes = try Folder.read("\(folder)/first")
      #expect(try Folder.read("\(folder)/second") == bytes)
      #expect(bytes[0] % 8 == 0, "the header is padded to 8 bytes")
    }
  }

  /// Also on threads that take denormals for zero, as those that train do.
  @Test func halfFloats() throws {
    Threads.use(1)
    let halves: [UInt16] = [0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xC200, 0x7BFF, 0x7C00, 0xFC00, 0x8000]
    let bytes =
      HostileFileTests.bytes("{\(HostileFileTests.entry("a", "F16", "10", 0, 20))}", data: 0)
      + halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let values = try TensorFile(bytes: bytes, file: "a").tensors["a"]?.values
    #expect(values == [0x1p-24, -0x1p-24, 0x3FFp-24, 0x1p-14, 1, -3, 65504, .infinity, -.infinity, 0])
    #expect(values?.last?.sign == .minus)
  }

  @Test func unreadableAndUnwritable() {
    #expect(throws: SystemError.self) { try TensorFile.read("/nowhere/a.safetensors") }
    #expect(throws: SystemError.self) { try Self.sample.write(to: "/nowhere/a.safetensors") }
  }

  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)) func pythonReadsOurs() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/ours.safetensors"
      try Self.sample.write(to: path)
      let seen = try PythonJudge.run(
        """
        import json, sys
        from safetensors import safe_open
        with safe_open(sys.argv[1], "numpy") as file:
            print(json.dumps(file.metadata(), sort_keys=True))
            for name in sorted(file.keys()):
                tensor = file.get_tensor(name)
                print(name, tensor.dtype, tensor.shape, [float(x).hex() for x in tensor.ravel()])
        """, path)
      #expect(
        seen == #"""
          {"a \"quoted\"\n/\u0ca4\u0cbf\u0ca6\u0ccd\u0ca6\u0cc1": "text with \u0001 and \ud83d\ude00", "epoch": "3"}
          dense1/bias float32 (3,) ['0x1.99999a0000000p-4', '0x1.99999a0000000p-3', '0x1.3333340000000p-2']
          dense1/kernel float32 (2, 3) ['0x1.0000000000000p+0', '-0x1.4000000000000p+1', 'inf', \#
          '0x1.6500000000000p-140', '0x0.0p+0', '0x1.fffffe0000000p+127']
          nothing float32 (4, 0) []
          step float32 () ['0x1.1800000000000p+6']
          """#)
    }
  }

  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)) func weReadPythons() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/theirs.safetensors"
      _ = try PythonJudge.run(
        """
        import sys, numpy
        from safetensors.numpy import save_file
        values = numpy.array([[0, 1, 2], [3, 4, 5]])
        kinds = ["float64", "float32", "float16", "int64", "int32", "uint8"]
        save_file({kind: values.astype(kind) for kind in kinds} | {"half": numpy.float16([0.1, -6e-8, 65504])},
                  sys.argv[1], metadata={"ತಿದ್ದು": "correct\\n"})
        """, path)
      let file = try TensorFile.read(path)
      #expect(file.metadata == ["ತಿದ್ದು": "correct\n"])
      for kind in ["float64", "float32", "float16", "int64", "int32", "uint8"] {
        #expect(file.tensors[kind] == Tensor(shape: [2, 3], values: [0, 1, 2, 3, 4, 5]), "\(kind)")
      }
      #expect(file.tensors["half"]?.values == [0x1.998p-4, -0x1p-24, 65504])
    }
  }
}
