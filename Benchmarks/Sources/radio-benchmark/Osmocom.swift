import Foundation
import Radio

/// libosmocore's decoder of the same code, where the library is installed: loaded at run time, for it is under the GPL and
/// no part of the product.
struct Osmocom {
  /// `struct osmo_conv_code` of osmocom/core/conv.h.
  private struct Code {
    var outputsPerBit: Int32 = 2
    var constraintLength: Int32 = 7
    var informationBits: Int32
    /// CONV_TERM_FLUSH.
    var termination: Int32 = 0
    var nextOutput: UnsafePointer<UInt8>
    var nextState: UnsafePointer<UInt8>
    var terminationOutput: UnsafePointer<UInt8>?
    var terminationState: UnsafePointer<UInt8>?
    var puncture: UnsafePointer<Int32>?
  }

  private typealias Decode =
    @convention(c) (UnsafeRawPointer, UnsafePointer<Int8>, UnsafeMutablePointer<UInt8>) -> Int32

  private let decode: Decode

  init?() {
    let names = ["libosmocore.so", "libosmocore.so.19", "libosmocore.so.20", "libosmocore.so.21"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first,
      let symbol = dlsym(library, "osmo_conv_decode")
    else { return nil }
    decode = unsafeBitCast(symbol, to: Decode.self)
  }

  /// Decodes a frame; its soft decisions have our sign and scale, positive for 0.
  /// - Parameter bits: receives one byte for each information bit.
  func callAsFunction(_ soft: [Int8], into bits: inout [UInt8]) {
    Self.nextOutput.withUnsafeBufferPointer { nextOutput in
      Self.nextState.withUnsafeBufferPointer { nextState in
        guard let output = nextOutput.baseAddress, let state = nextState.baseAddress else { return }
        var code = Code(informationBits: Int32(bits.count), nextOutput: output, nextState: state)
        _ = decode(&code, soft, &bits)
      }
    }
  }

  /// [state][bit]; a state is the last six bits, the newest lowest.
  private static let nextOutput: [UInt8] = (0..<128).map { (register: Int) -> UInt8 in
    let first = (register & 0b110_1101).nonzeroBitCount % 2
    let second = (register & 0b100_1111).nonzeroBitCount % 2
    return UInt8(2 * first + second)
  }
  private static let nextState: [UInt8] = (0..<128).map { UInt8($0 & 63) }
}

/// How two decoders' answers to the same soft decisions compare.
struct Agreement {
  private(set) var identical = 0
  /// Other bits at the same path cost: a tie, broken in another way.
  private(set) var tied = 0
  private(set) var ourCostIsLower = 0
  private(set) var ourCostIsHigher = 0

  mutating func add(_ soft: [Int8], ours: [UInt8], theirs: [UInt8]) {
    let difference = Self.cost(of: ours, soft) - Self.cost(of: theirs, soft)
    if ours == theirs {
      identical += 1
    } else if difference == 0 {
      tied += 1
    } else if difference < 0 {
      ourCostIsLower += 1
    } else {
      ourCostIsHigher += 1
    }
  }

  /// The sum of |soft decision| over the code bits in which it contradicts the path of these information bytes.
  private static func cost(of information: [UInt8], _ soft: [Int8]) -> Int {
    var code = [UInt8](repeating: 0, count: ConvolutionalCode.codedByteCount(informationBytes: information.count))
    information.withUnsafeBytes { bytes in code.withUnsafeMutableBytes { ConvolutionalCode.encode(bytes, into: $0) } }
    return soft.indices.reduce(0) { sum, i in
      let bit = code[i / 8] >> UInt8(7 - i % 8) & 1
      return sum + max(0, bit == 0 ? -Int(soft[i]) : Int(soft[i]))
    }
  }
}

/// Bytes of bits, the first bit highest.
func packed(_ bits: [UInt8]) -> [UInt8] {
  stride(from: 0, to: bits.count, by: 8).map { start in bits[start..<start + 8].reduce(0) { $0 << 1 | $1 } }
}
