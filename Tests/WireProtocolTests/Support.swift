import Digests
import WireProtocol

/// SplitMix64 (Steele, Lea, Flood 2014): short, and the same on every machine.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The bytes of a listing: hexadecimal digits up to a bar, then words for people.
func bytes(ofListing listing: String) -> [UInt8] {
  listing.split(separator: "\n").flatMap { line in
    line.prefix { $0 != "|" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
  }
}

extension FrameBuffer {
  var bytes: [UInt8] { withBytes { Array($0) } }
}

/// All frames of a stream, given at once.
func frames(_ bytes: [UInt8], limits: FrameLimits = .standard) throws(WireError) -> [FrameBuffer] {
  var decoder = FrameDecoder(limits: limits)
  return try decoder.frames(in: bytes)
}

extension FrameDecoder {
  /// The frames that these bytes complete.
  mutating func frames(in bytes: some Collection<UInt8>) throws(WireError) -> [FrameBuffer] {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    var input = UnsafeRawBufferPointer(copy)
    var result: [FrameBuffer] = []
    while let frame = try next(from: &input) { result.append(frame) }
    return result
  }
}

/// The same bytes with the CRC that they should have.
func resealed(_ bytes: [UInt8]) -> [UInt8] {
  guard bytes.count >= 32 else { return bytes }
  var crc = CRC32C()
  bytes.withUnsafeBytes {
    crc.update(UnsafeRawBufferPointer(rebasing: $0[..<28]))
    crc.update(UnsafeRawBufferPointer(rebasing: $0[32...]))
  }
  var result = bytes
  for index in 0..<4 { result[28 + index] = UInt8(truncatingIfNeeded: crc.value >> (8 * index)) }
  return result
}

/// The digest whose bytes are those from `first` on.
func digestOfBytes(from first: UInt8) -> SHA256Digest {
  withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 1) { bytes in
    for index in bytes.indices { bytes[index] = first &+ UInt8(index) }
    return bytes.baseAddress.map { SHA256Digest(loading: $0) } ?? SHA256Digest.of([])
  }
}

let digest = digestOfBytes(from: 0)
let secondDigest = digestOfBytes(from: 32)
