import Foundation
import Tensors

extension Safetensors {
  /// Headers beyond this are refused before they are parsed; 16 MB name over 100,000 tensors.
  private static let headerCapacity: UInt64 = 16 << 20

  /// - Parameter isIgnored: tells by their names the tensors to pass over, whatever their type.
  package static func read(
    _ path: String, ignoring isIgnored: (String) -> Bool = { _ in false }
  ) throws(SafetensorsError) -> Safetensors {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
    return try bytes.withUnsafeBytes { bytes in
      Result { () throws(SafetensorsError) in try Safetensors(decoding: bytes, ignoring: isIgnored) }
    }.get()
  }

  /// Decodes the bytes of a file; F16 and BF16 become float32. Memory grows with the bytes that are there, not with what
  /// the header claims.
  package init(
    decoding bytes: UnsafeRawBufferPointer, ignoring isIgnored: (String) -> Bool = { _ in false }
  ) throws(SafetensorsError) {
    let lengthBytes = MemoryLayout<UInt64>.size
    guard bytes.count >= lengthBytes else { throw .truncated(expected: lengthBytes, received: bytes.count) }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.headerCapacity else {
      throw .malformed(reason: "expected a header of at most \(Self.headerCapacity) bytes, received one of \(length)")
    }
    guard length <= UInt64(bytes.count - lengthBytes) else {
      throw .truncated(expected: lengthBytes + Int(length), received: bytes.count)
    }
    let data = UnsafeRawBufferPointer(rebasing: bytes[(lengthBytes + Int(length))...])
    let header = try Header(decoding: bytes[lengthBytes..<lengthBytes + Int(length)])
    metadata = header.metadata
    tensors = []
    var end = 0
    for (name, entry) in header.entries.sorted(by: Self.isBefore) {
      let range = try entry.range(name, following: end)
      guard range.upperBound <= data.count else {
        throw .truncated(
          expected: (bytes.count - data.count).saturatingAdd(range.upperBound), received: bytes.count)
      }
      end = range.upperBound
      if isIgnored(name) { continue }
      let type = try entry.elementType(name)
      tensors.append((name, type.tensor(UnsafeRawBufferPointer(rebasing: data[range]), shape: entry.shape)))
    }
    guard end == data.count else {
      throw .malformed(reason: "the tensors cover \(end) bytes of data, the file has \(data.count)")
    }
  }

  /// By place in the data, and by name where empty tensors share one.
  private static func isBefore(_ a: (key: String, value: Entry), _ b: (key: String, value: Entry)) -> Bool {
    let (x, y) = (a.value.data_offsets, b.value.data_offsets)
    return x == y ? a.key < b.key : x.lexicographicallyPrecedes(y)
  }

  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == Safetensors.metadataKey {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    init(decoding bytes: Slice<UnsafeRawBufferPointer>) throws(SafetensorsError) {
      do {
        self = try JSONDecoder().decode(Header.self, from: Data(bytes))
      } catch {
        throw .malformed(reason: "the header is no JSON object of tensors: \(Self.reason(error))")
      }
    }

    private static func reason(_ error: any Error) -> String {
      switch error as? DecodingError {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
      case nil: "\(error)"
      @unknown default: "\(error)"
      }
    }
  }

  private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]

    /// Its place in the data, which follows that of the tensor before.
    func range(_ name: String, following end: Int) throws(SafetensorsError) -> Range<Int> {
      guard data_offsets.count == 2, data_offsets[0] == end, data_offsets[1] >= end else {
        throw .malformed(reason: "tensor \(name): data_offsets \(data_offsets), expected to start at \(end)")
      }
      return end..<data_offsets[1]
    }

    /// Its element type, if we read that and the shape fills the place.
    func elementType(_ name: String) throws(SafetensorsError) -> ElementType {
      guard let type = ElementType(rawValue: dtype) else { throw .unsupportedType(tensor: name, type: dtype) }
      var size = type.byteCount
      for dimension in shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else { throw .malformed(reason: "tensor \(name): impossible shape \(shape)") }
        size = product
      }
      let place = data_offsets[1] - data_offsets[0]
      guard place == size else {
        throw .malformed(reason: "tensor \(name): \(place) bytes for shape \(shape) of \(dtype), which needs \(size)")
      }
      return type
    }
  }
}

extension Safetensors.ElementType {
  /// Little-endian elements as float32.
  fileprivate func tensor(_ bytes: UnsafeRawBufferPointer, shape: [Int]) -> Tensor {
    Tensor(shape) { floats in
      switch self {
      case .float32:
        for i in floats.indices {
          floats[i] = Float(
            bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* i, as: UInt32.self)))
        }
      case .float16:
        for i in floats.indices { floats[i] = Float(halfBits: Self.bits(bytes, at: i)) }
      case .bfloat16:
        for i in floats.indices { floats[i] = Float(bitPattern: UInt32(Self.bits(bytes, at: i)) << 16) }
      }
    }
  }

  private static func bits(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self))
  }
}

extension Int {
  fileprivate func saturatingAdd(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

extension Float {
  /// IEEE 754 binary16, exactly. (Not by Swift's Float16, which some processors' toolchains lack.)
  fileprivate init(halfBits bits: UInt16) {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: self = sign * Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1)
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    default: self = sign * Float(bitPattern: UInt32(exponent + 112) << 23 | fraction << 13)
    }
  }
}
