import Foundation
import Layers
import PyTorchRecords
import Tensors
import Testing

struct SafetensorsTests {
  static let values: [Float] = [0, -0.0, 1, -2.5, 65504, 6e-8, 0.1, 3.14159, .infinity, -.infinity]

  @Test func `a file of the Python package is read with all its element types`() throws {
    let file = try Safetensors.read(Recorded.path("python.safetensors"))
    #expect(file.metadata == ["made by": "the Python package", "ä\n\"": "✓"])
    #expect(Set(file.tensors.map(\.name)) == ["single", "half", "brain", "scalar", "empty", "nested.0.weight"])
    #expect(file["single"] == Formula.numbers(1, [2, 3], 1))
    #expect(file["nested.0.weight"] == Formula.numbers(2, [1, 2, 3], 1))
    #expect(file["scalar"]?.shape == [] && file["scalar"]?.scalars == [7])
    #expect(file["empty"]?.shape == [0, 4])
    let half = try #require(file["half"]).scalars
    #expect(half == [0, -0.0, 1, -2.5, 65504, 5.9604645e-08, 0.099975586, 3.140625, .infinity, -.infinity])
    #expect(half[1].sign == .minus)
    let brain = try #require(file["brain"]).scalars
    #expect(brain == Self.values.map { $0.rounded(toBits: 16) })
  }

  /// `record.py` reads these two with the Python package. MOE_RECORD=1 writes them anew.
  @Test(arguments: [("swift.safetensors", Safetensors.ElementType.float32), ("swift-bf16.safetensors", .bfloat16)])
  func `what is written is, byte for byte, what the Python package was seen to read`(
    _ name: String, _ type: Safetensors.ElementType
  ) throws {
    let file = Safetensors(
      [
        ("single", Formula.numbers(1, [2, 3], 1)), ("empty", Tensor(zeros: [0, 4])),
        ("scalar \"ä\"", Tensor([7], shape: [])),
      ], metadata: ["made by": "Swift", "line\n": "✓"])
    if ProcessInfo.processInfo.environment["MOE_RECORD"] != nil { try file.write(to: Recorded.path(name), as: type) }
    let recorded = try Data(contentsOf: URL(fileURLWithPath: Recorded.path(name)))
    #expect(Data(file.encoded(as: type)) == recorded)
  }

  @Test func `writing and reading give back every bit`() throws {
    let special = Self.values + [Float.leastNonzeroMagnitude, .greatestFiniteMagnitude, -1e-30]
    let file = Safetensors([("b", Tensor(special, shape: [13])), ("a", Formula.numbers(1, [5, 1, 2], 4))])
    let folder = try TemporaryFolder()
    try file.write(to: folder.path("x.safetensors"))
    let back = try Safetensors.read(folder.path("x.safetensors"))
    #expect(back.tensors.map(\.name) == ["b", "a"])
    #expect(back["b"]?.scalars.map(\.bitPattern) == special.map(\.bitPattern))
    #expect(back["a"] == file["a"])
    #expect(back.metadata.isEmpty)
  }

  @Test func `bfloat16 rounds to the nearest, ties to even, and keeps what is no number`() throws {
    let floats: [Float] = [1, 1.00390625, 1.01171875, Float(1.00390625).nextUp, -1.01171875, .nan, .infinity, 3.4e38]
    let bytes = Safetensors([("x", Tensor(floats, shape: [8]))]).encoded(as: .bfloat16)
    let back = try #require(try decode(bytes)["x"]).scalars
    #expect(Array(back[..<5]) == [1, 1, 1.015625, 1.0078125, -1.015625])
    #expect(back[5].isNaN && back[6] == .infinity && back[7] == .infinity)
  }

  @Test func `a failed write leaves the old file and nothing else`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.safetensors")
    try Safetensors([("a", Tensor(zeros: [2]))]).write(to: path)
    try Safetensors([("a", Tensor(zeros: [3]))]).write(to: path)
    #expect(try Safetensors.read(path)["a"]?.shape == [3])
    #expect(try folder.contents == ["x.safetensors"])
    let error = #expect(throws: SafetensorsError.self) {
      try Safetensors([("a", Tensor(zeros: [2]))]).write(to: folder.path("absent/x.safetensors"))
    }
    #expect("\(try #require(error))".contains("absent/x.safetensors: No such file or directory"))
    try FileManager.default.createDirectory(atPath: folder.path("folder"), withIntermediateDirectories: false)
    #expect(throws: SafetensorsError.self) { try Safetensors([]).write(to: folder.path("folder")) }
    #expect(try folder.contents == ["folder", "x.safetensors"])
  }

  @Test func `a file that cannot be read says which and why`() throws {
    let folder = try TemporaryFolder()
    let absent = #expect(throws: SafetensorsError.self) { try Safetensors.read(folder.path("absent")) }
    #expect("\(try #require(absent))" == "cannot read \(folder.path("absent")): No such file or directory")
    let directory = #expect(throws: SafetensorsError.self) { try Safetensors.read(folder.path("")) }
    #expect("\(try #require(directory))".contains("not a regular file"))
  }

  @Test func `tensors that are passed over may be of any type`() throws {
    let header =
      #"{"bn.num_batches_tracked":\#(Self.entry("[]", "[0,8]", "I64")),"bn.weight":\#(Self.entry("[1]", "[8,12]"))}"#
    let test = Malformed("", header: header, data: 12, "")
    let file = try test.bytes.withUnsafeBytes { bytes in
      try Safetensors(decoding: bytes, ignoring: { $0.hasSuffix("num_batches_tracked") })
    }
    #expect(file.tensors.map(\.name) == ["bn.weight"])
    #expect(file["bn.weight"]?.scalars == [0])
  }

  struct Malformed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let message: String

    init(_ description: String, header: String, length: UInt64? = nil, data: Int = 0, _ message: String) {
      testDescription = description
      bytes =
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) } + Array(header.utf8)
        + [UInt8](repeating: 0, count: data)
      self.message = message
    }

    init(_ description: String, bytes: [UInt8], _ message: String) {
      (testDescription, self.bytes, self.message) = (description, bytes, message)
    }
  }

  private static func entry(_ shape: String, _ offsets: String, _ type: String = "F32") -> String {
    "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  static let malformed = [
    Malformed("nothing", bytes: [], "expected 8 bytes, received 0"),
    Malformed("half a length", bytes: [1, 2, 3], "expected 8 bytes, received 3"),
    Malformed("a header that is cut off", header: "{\"a\"", length: 100, "expected 108 bytes, received 12"),
    Malformed("an absurd length", header: "{}", length: .max, "received one of 18446744073709551615"),
    Malformed("a length just beyond Int", header: "{}", length: 1 << 63, "received one of 9223372036854775808"),
    Malformed("no JSON", header: "hello world", "no JSON object"),
    Malformed("an empty header", header: "", "no JSON object"),
    Malformed("an array", header: "[1]", "no JSON object"),
    Malformed("invalid UTF-8", bytes: [2, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFE], "no JSON object"),
    Malformed("deep nesting", header: String(repeating: "[", count: 100_000), "no JSON object"),
    Malformed("a tensor without type", header: #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, data: 4, "dtype"),
    Malformed("a tensor that is a number", header: #"{"a":7}"#, "a"),
    Malformed("metadata that is no text", header: #"{"__metadata__":{"a":7}}"#, "__metadata__"),
    Malformed("a foreign type", header: #"{"a":\#(entry("[1]", "[0,8]", "I64"))}"#, data: 8, "received I64"),
    Malformed("a negative extent", header: #"{"a":\#(entry("[-1]", "[0,4]"))}"#, data: 4, "impossible shape"),
    Malformed("a fractional extent", header: #"{"a":\#(entry("[1.5]", "[0,4]"))}"#, data: 4, "no JSON object"),
    Malformed(
      "extents whose product overflows", header: #"{"a":\#(entry("[4294967296,4294967296,4]", "[0,4]"))}"#, data: 4,
      "impossible shape"),
    Malformed(
      "extents whose product wraps to what is there",
      header: #"{"a":\#(entry("[4611686018427387905]", "[0,4]"))}"#, data: 4, "impossible shape"),
    Malformed(
      "a huge tensor in a small file", header: #"{"a":\#(entry("[1000000000]", "[0,4000000000]"))}"#, data: 4,
      "expected 4000000"),
    Malformed("a shape that does not fit the offsets", header: #"{"a":\#(entry("[2]", "[0,4]"))}"#, data: 4, "4 bytes"),
    Malformed("one offset", header: #"{"a":\#(entry("[1]", "[0]"))}"#, data: 4, "data_offsets [0]"),
    Malformed("offsets backwards", header: #"{"a":\#(entry("[1]", "[4,0]"))}"#, data: 4, "data_offsets [4, 0]"),
    Malformed("a negative offset", header: #"{"a":\#(entry("[1]", "[-4,0]"))}"#, data: 4, "data_offsets [-4, 0]"),
    Malformed(
      "overlapping tensors", header: #"{"a":\#(entry("[2]", "[0,8]")),"b":\#(entry("[2]", "[4,12]"))}"#, data: 12,
      "tensor b: data_offsets [4, 12], expected to start at 8"),
    Malformed(
      "a hole", header: #"{"a":\#(entry("[1]", "[0,4]")),"b":\#(entry("[1]", "[8,12]"))}"#, data: 12,
      "tensor b: data_offsets [8, 12], expected to start at 4"),
    Malformed(
      "one name twice", header: #"{"a":\#(entry("[1]", "[0,4]")),"a":\#(entry("[1]", "[4,8]"))}"#, data: 8, "a"),
    Malformed("data that no tensor has", header: "{}", data: 3, "cover 0 bytes of data, the file has 3"),
    Malformed("data that is cut off", header: #"{"a":\#(entry("[2]", "[0,8]"))}"#, data: 7, "received"),
  ]

  @Test(arguments: malformed) func `malformed files are refused with the reason`(_ test: Malformed) throws {
    let error = #expect(throws: SafetensorsError.self) { try decode(test.bytes) }
    let message = "\(try #require(error))"
    #expect(message.contains(test.message), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test func `no cut and no changed byte crashes the reader`() throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: Recorded.path("python.safetensors"))))
    for end in whole.indices {
      #expect(throws: SafetensorsError.self) { try decode(Array(whole[..<end])) }
    }
    var numbers = Numbers()
    for _ in 0..<2000 {
      var changed = whole
      changed[Int.random(in: changed.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      _ = try? decode(changed)
    }
  }

  private func decode(_ bytes: [UInt8]) throws -> Safetensors {
    try bytes.withUnsafeBytes { try Safetensors(decoding: $0) }
  }
}

extension Float {
  /// To nearest, ties to even.
  fileprivate func rounded(toBits bits: UInt32) -> Float {
    let odd = (bitPattern >> bits) & 1
    return Float(bitPattern: ((bitPattern + (1 << (bits - 1)) - 1 + odd) >> bits) << bits)
  }
}

/// A folder of its own for one test, gone afterwards.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("layers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { name.isEmpty ? url.path : url.appendingPathComponent(name).path }

  var contents: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }

  deinit { try? FileManager.default.removeItem(at: url) }
}
