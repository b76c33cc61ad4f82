import Foundation
import Tensors

extension Safetensors {
  /// The data starts at a multiple of this many bytes, so that a reader may map the file and use the floats in place.
  private static let alignment = 64

  /// The bytes of the file. `type` is F32 or BF16, rounded to nearest, ties to even.
  package func encoded(as type: ElementType = .float32) -> [UInt8] {
    precondition(type != .float16, "safetensors are written as F32 or BF16")
    var entries: [String] = []
    var end = 0
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.json($0.key)):\(Self.json($0.value))" }
      entries.append("\(Self.json(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    for (name, tensor) in tensors {
      let start = end
      end += tensor.count * type.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(Self.json(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    while (header.count + 8) % Self.alignment != 0 { header.append(UInt8(ascii: " ")) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header)
    for (_, tensor) in tensors {
      tensor.withUnsafeBufferPointer { floats in
        switch type {
        case .bfloat16: bytes.append(littleEndian: floats.map(\.bfloat16Bits.littleEndian))
        case .float32, .float16: bytes.append(littleEndian: floats.map(\.bitPattern.littleEndian))
        }
      }
    }
    return bytes
  }

  /// The smallest type that loses nothing.
  package var losslessType: ElementType {
    let isRounded = tensors.allSatisfy { _, tensor in
      tensor.withUnsafeBufferPointer { $0.allSatisfy { $0.bitPattern & 0xFFFF == 0 } }
    }
    return isRounded ? .bfloat16 : .float32
  }

  /// A string as JSON has it, in quotes.
  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }

  /// Replaces the file at `path` in one step: whoever reads it meanwhile sees the old or the new file, never half of one.
  package func write(to path: String, as type: ElementType = .float32) throws(SafetensorsError) {
    do {
      try WholeFile.replace(path, with: encoded(as: type))
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append<Word: FixedWidthInteger>(littleEndian words: [Word]) {
    words.withUnsafeBytes { append(contentsOf: $0) }
  }
}
