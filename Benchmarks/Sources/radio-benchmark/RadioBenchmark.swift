import Foundation
import Radio

/// Times the digital link's steps on one core, or with `--packets FILE` writes soft inputs and decoded bits for
/// `scripts/check-viterbi.py`.
@main
enum RadioBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "--packets", arguments.count == 2, let path = arguments.last {
      try writePackets(to: path)
    } else if arguments.isEmpty {
      try report()
    } else {
      print("usage: radio-benchmark [--packets FILE]")
    }
  }

  private static func report() throws {
    print("one core; best and median of \(rounds) rounds")
    try decoding()
    try chain()
    try noise()
    try states()
  }

  /// Soft Viterbi on frames of 500 information bytes at 8 dB: near the packet error threshold, so paths compete.
  private static func decoding() throws {
    let frames = try (0..<16).map { try Frame(bytes: 500, tag: $0) }
    var found = [UInt8](repeating: 0, count: 500)
    let time = Timing(of: frames.count) {
      for frame in frames {
        frame.soft.withUnsafeBufferPointer { soft in
          _ = found.withUnsafeMutableBufferPointer { ViterbiDecoder.decode(soft, into: $0) }
        }
      }
    }
    print("soft Viterbi, K = 7, 4000 bits:    \(time.rate(4_000e-6)) Mb/s of information (target 180)")
    try besideOsmocom(frames)
    let reference = Timing(of: 1) { _ = ReferenceViterbi.decode(frames[0].soft.map(Int.init)) }
    print("  the plain reference:             \(reference.rate(4_000e-6)) Mb/s")
  }

  /// libosmocore on the same frames, and whether both decoders agree on noisier ones.
  private static func besideOsmocom(_ frames: [Frame]) throws {
    guard let osmocom = Osmocom() else {
      print("  libosmocore:                     not installed (Debian package libosmocore19)")
      return
    }
    var bits = [UInt8](repeating: 0, count: 4_000)
    let time = Timing(of: frames.count) {
      for frame in frames { osmocom(frame.soft, into: &bits) }
    }
    print("  libosmocore, the same frames:    \(time.rate(4_000e-6)) Mb/s")
    var agreement = Agreement()
    bits = [UInt8](repeating: 0, count: 192)
    for tag in 0..<10_000 as Range<UInt64> {
      let frame = try Frame(bytes: 24, tag: 1_000 + tag, snrDB: Double(tag % 10))
      var ours = [UInt8](repeating: 0, count: 24)
      frame.soft.withUnsafeBufferPointer { soft in
        _ = ours.withUnsafeMutableBufferPointer { ViterbiDecoder.decode(soft, into: $0) }
      }
      osmocom(frame.soft, into: &bits)
      agreement.add(frame.soft, ours: ours, theirs: packed(bits))
    }
    print(
      "    10,000 frames at 0 to 9 dB: identical \(agreement.identical), ties broken otherwise \(agreement.tied), "
        + "our path better \(agreement.ourCostIsLower), worse \(agreement.ourCostIsHigher)")
  }

  /// 512 latents from floats to floats: quantise, code, modulate, noise, demodulate, decode, reconstruct.
  private static func chain() throws {
    let latents = gaussianVector(512, tag: 1)
    let codec = LatentCodec(table: .uniform, latentMean: [Float](repeating: 0, count: 512))
    let link = try link(snrDB: 12)
    let packet = try latents.withUnsafeBufferPointer { try codec.encode($0) }
    var output = latents
    let encode = Timing(of: 10) {
      for _ in 0..<10 { latents.withUnsafeBufferPointer { _ = try? codec.encode($0) } }
    }
    let carry = Timing(of: 10) {
      for tag in 0..<10 as Range<UInt64> {
        output.withUnsafeMutableBufferPointer {
          _ = link.carry(packet, into: $0, codec: codec, block: tag, tag: tag, attempt: 0)
        }
      }
    }
    print("512 latents, \(packet.codedBitCount) code bits, encode:  \(encode.microseconds) us")
    print("  air, decode, reconstruct:        \(carry.microseconds) us (target of both together 60)")
  }

  private static func noise() throws {
    let link = try link(snrDB: 12)
    var vector = [Float](repeating: 0, count: 65_536)
    let time = Timing(of: vector.count) {
      vector.withUnsafeMutableBufferPointer {
        _ = link.carry($0, powerScaling: 1, kind: .analog, block: 0, tag: 0, attempt: 0)
      }
    }
    print("analog link, Gaussian samples:     \(time.nanoseconds) ns each (target 3)")
  }

  private static func states() throws {
    for name in Scenario.names {
      let scenario = try Scenario(name) { _ in "" }
      let link = try SimulatedLink(configuration: scenario.configuration, id: LinkID(baseStation: 0, process: 0))
      let time = Timing(of: 100) {
        for block in 0..<100 as Range<UInt64> { _ = link.state(ofBlock: block &* 7_919) }
      }
      print("a block's state, \(name):  \(time.microseconds) us")
    }
  }

  /// One frame a line: soft decisions separated by spaces, a tab, decoded bits in hexadecimal.
  private static func writePackets(to path: String) throws {
    guard let file = fopen(path, "w") else {
      print("cannot write \(path)")
      return
    }
    defer { fclose(file) }
    for tag in 0..<200 as Range<UInt64> {
      let frame = try Frame(bytes: 24, tag: tag, snrDB: 2 + Double(tag % 8))
      var found = [UInt8](repeating: 0, count: 24)
      frame.soft.withUnsafeBufferPointer { soft in
        _ = found.withUnsafeMutableBufferPointer { ViterbiDecoder.decode(soft, into: $0) }
      }
      let digits = found.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      fputs(frame.soft.map { "\($0)" }.joined(separator: " ") + "\t" + digits + "\n", file)
    }
  }
}

/// Random information bytes as a decoder sees them after 16-QAM over a noisy link.
struct Frame {
  let soft: [Int8]

  init(bytes: Int, tag: UInt64, snrDB: Double = 8) throws {
    let noise = gaussianVector(bytes * 8 + ConvolutionalCode.tailBits, tag: 2 * tag)
    let information = gaussianVector(bytes, tag: 2 * tag + 1).map { UInt8(truncatingIfNeeded: $0.bitPattern >> 3) }
    var code = [UInt8](repeating: 0, count: ConvolutionalCode.codedByteCount(informationBytes: bytes))
    var sent = noise
    information.withUnsafeBytes { bytes in code.withUnsafeMutableBytes { ConvolutionalCode.encode(bytes, into: $0) } }
    code.withUnsafeBytes { code in sent.withUnsafeMutableBufferPointer { QAM16.modulate(code, into: $0) } }
    let sigma = QAM16.noiseSigma(relative: Float(1 / Theory.ratio(decibels: snrDB).squareRoot()))
    let received = zip(sent, noise).map { $0 + sigma * $1 }
    soft = [Int8](unsafeUninitializedCapacity: 2 * sent.count) { soft, count in
      received.withUnsafeBufferPointer { received in
        sent.withUnsafeBufferPointer { sent in
          _ = QAM16.demodulate(
            received, sent: sent, decisions: .soft,
            into: UnsafeMutableBufferPointer(rebasing: soft[..<(2 * sent.count)]))
        }
      }
      count = 2 * sent.count
    }
  }
}

/// Unit noise: what an analog link of 0 dB adds to zeros.
func gaussianVector(_ count: Int, tag: UInt64) -> [Float] {
  var vector = [Float](repeating: 0, count: count)
  guard let link = try? link(snrDB: 0) else { preconditionFailure("a fixed SNR of 0 dB is valid") }
  vector.withUnsafeMutableBufferPointer {
    _ = link.carry($0, powerScaling: 1, kind: .analog, block: 0, tag: tag, attempt: 0)
  }
  return vector
}

func link(snrDB: Double) throws -> SimulatedLink {
  try SimulatedLink(
    configuration: LinkConfiguration(snrMeanDB: snrDB, snrStdDB: 0, fading: .none),
    id: LinkID(baseStation: 0, process: 0))
}
