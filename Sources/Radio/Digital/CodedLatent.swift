/// A latent vector as code bits: what the base station sends to an expert that receives digitally.
///
/// Bytes, in this order, numbers little-endian:
///
///     offset  size  field
///      0       4    z_min, float32   ] side information that only the policy `raw` reads: it takes range, count and
///      4       4    z_max, float32   ] coding as known without error (they are in the codeword too, protected)
///      8       2    number of latents N_F, uint16
///     10       1    coding of the values: 0 Huffman, 1 raw
///     11       1    0
///     12    2n + 2  16 n + 12 code bits of n information bytes, the most significant bit of each byte first; then 0000
///
/// The information bytes (the codeword, see ``LatentCodec``) are encoded by ``ConvolutionalCode`` and modulated four code
/// bits to a symbol: 4 n + 3 symbols of ``QAM16``.
public struct CodedLatent: Sendable, Hashable {
  public static let headerLength = 12
  /// The most latents that a vector may have.
  public static let maximumLatentCount = Int(UInt16.max)

  /// The layout above.
  public let bytes: [UInt8]

  /// How the 8-bit values stand in the codeword.
  public enum Coding: UInt8, Sendable, Hashable, CaseIterable {
    case huffman = 0
    /// Eight bits a value: the escape where Huffman's would take more.
    case raw = 1
  }

  /// Takes bytes that came from elsewhere.
  /// - Parameter latentCount: how many latents the receiver's model has; no other number is accepted, so that the length is
  ///   bounded by ``maximumLength(latentCount:)`` before anything is computed.
  public init(bytes: [UInt8], latentCount: Int) throws(CodedLatentError) {
    self.bytes = bytes
    let longest = Self.maximumLength(latentCount: latentCount)
    guard (Self.minimumLength(latentCount: latentCount)...longest).contains(bytes.count), bytes.count % 2 == 0 else {
      throw CodedLatentError(
        field: "length", expected: "an even number from \(Self.minimumLength(latentCount: latentCount)) to \(longest)",
        received: "\(bytes.count)")
    }
    guard self.latentCount == latentCount else {
      throw CodedLatentError(field: "latents", expected: "\(latentCount)", received: "\(self.latentCount)")
    }
    guard Coding(rawValue: bytes[10]) != nil else {
      throw CodedLatentError(field: "coding", expected: "0 or 1", received: "\(bytes[10])")
    }
    guard bytes[11] == 0, bytes[bytes.count - 1] & 15 == 0 else {
      throw CodedLatentError(
        field: "padding", expected: "0", received: "\(bytes[11]) and \(bytes[bytes.count - 1] & 15)")
    }
    guard range.minimum <= range.maximum, (range.maximum - range.minimum).isFinite else {
      throw CodedLatentError(
        field: "range", expected: "two ordered finite numbers", received: "\(range.minimum) to \(range.maximum)")
    }
  }

  init(trusted bytes: [UInt8]) { self.bytes = bytes }

  public var range: LatentRange {
    LatentRange(minimum: Float(bitPattern: word(at: 0)), maximum: Float(bitPattern: word(at: 4)))
  }

  public var latentCount: Int { Int(bytes[8]) | Int(bytes[9]) << 8 }

  public var coding: Coding { bytes[10] == 0 ? .huffman : .raw }

  /// n, the length of the codeword before convolutional coding.
  public var informationByteCount: Int { (bytes.count - Self.headerLength - 2) / 2 }

  /// Bits that go on air.
  public var codedBitCount: Int { ConvolutionalCode.codedBitCount(informationBits: 8 * informationByteCount) }

  /// 16-QAM symbols that go on air.
  public var symbolCount: Int { codedBitCount / 4 }

  /// The shortest and the longest coded vector of `latentCount` latents: one bit and eight bits a value.
  public static func minimumLength(latentCount: Int) -> Int {
    headerLength + ConvolutionalCode.codedByteCount(informationBytes: LatentCodec.overhead + (latentCount + 7) / 8)
  }

  public static func maximumLength(latentCount: Int) -> Int {
    headerLength + ConvolutionalCode.codedByteCount(informationBytes: LatentCodec.overhead + latentCount)
  }

  private func word(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }
}

/// Bytes that are no coded latent of the expected model.
public struct CodedLatentError: Error, Hashable, CustomStringConvertible {
  public let field: String
  public let expected: String
  public let received: String

  public var description: String { "coded latent, \(field): expected \(expected), received \(received)" }
}
