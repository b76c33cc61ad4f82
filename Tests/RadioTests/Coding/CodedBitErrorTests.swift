import Foundation
import Radio
import Randomness
import Testing

/// Bit error rates of the convolutional code with BPSK, against published and measured references.
struct CodedBitErrorTests {
  @Test(arguments: [(1.5, 1.49e-2, 750), (2.0, 4.83e-3, 1_900), (2.5, 1.37e-3, 4_800)])
  func `unquantised soft decisions meet the reference at low Eb/N0`(dB: Double, reference: Double, frames: Int) {
    let (rate, events) = simulate(dB, frames: frames, seed: 51) { samples, found in
      let bits = ReferenceViterbi.decode(samples.map { Int(($0 * 1_000).rounded()) }).bits
      for i in found.indices { found[i] = (0..<8).reduce(0) { $0 << 1 | bits[8 * i + $1] } }
    }
    #expect(events >= 1_000)
    #expect(rate.z(from: reference, rounding: halfUnit(of: reference, digits: 3)) < 3.5, "\(rate.mean)")
  }

  @Test func `the fast decoder is within 0.05 dB of the reference at 2.5 dB`() {
    let (rate, _) = simulate(2.5, frames: 20_000, seed: 52, fast(scale: 7, limit: 14))
    // The reference falls by a factor 4.83/1.37 in half a dB.
    let twentiethOfADecibel = pow(4.83 / 1.37, 0.1)
    #expect(rate.mean < 1.37e-3 * twentiethOfADecibel && rate.mean > 1.37e-3 / twentiethOfADecibel, "\(rate.mean)")
    #expect(rate.standardError / rate.mean < 0.02)
  }

  @Test func `at 4 dB soft decisions reach 1.8e-5, just under the union bound`() {
    let (rate, events) = simulate(4, frames: 275_000, seed: 53, fast(scale: 7, limit: 14))
    #expect(events >= 1_000)
    #expect(rate.z(from: 1.8e-5, rounding: 0.05e-5) < 3.5, "\(rate.mean)")
    #expect(rate.mean < 1.1 * Theory.codedBitErrorBound(ebN0: Theory.ratio(decibels: 4)))
  }

  @Test(arguments: [(4.0, 4.7e-3, 1_500), (5.0, 5.5e-4, 11_000), (6.0, 3.8e-5, 120_000)])
  func `hard decisions meet the reference`(dB: Double, reference: Double, frames: Int) {
    let (rate, events) = simulate(dB, frames: frames, seed: 54, fast(scale: 1e30, limit: 1))
    #expect(events >= 1_000)
    #expect(rate.z(from: reference, rounding: halfUnit(of: reference, digits: 2)) < 3.5, "\(rate.mean)")
    #expect(rate.mean < 1.1 * Theory.hardCodedBitErrorBound(ebN0: Theory.ratio(decibels: dB)))
  }

  /// Frames of 1,000 random information bits over BPSK of amplitude 1 and noise of variance N0/2 = 1/(Eb/N0) at rate 1/2.
  ///
  /// Information must be random: ties fall towards 0 and would flatter a frame of zeros.
  private func simulate(
    _ dB: Double, frames: Int, seed: UInt64, _ decode: ([Float], inout [UInt8]) -> Void
  ) -> (rate: Estimate, events: Int) {
    var generator = CounterGenerator(seed: seed, stream: UInt64(dB * 100))
    let sigma = Float(1 / Theory.ratio(decibels: dB).squareRoot())
    let packets = (0..<64).map { _ in generator.bytes(125) }
    let signals = packets.map { bits(encode($0)).dropLast(4).map { $0 == 0 ? 1 : -1 as Float } }
    var found = packets[0]
    var rate = Estimate()
    var events = 0
    for frame in 0..<frames {
      var samples = signals[frame % packets.count]
      samples.withUnsafeMutableBufferPointer { generator.addGaussian(scale: sigma, to: $0) }
      decode(samples, &found)
      let wrong =
        found == packets[frame % packets.count] ? [] : bits(zip(found, packets[frame % packets.count]).map { $0 ^ $1 })
      let places = wrong.indices.filter { wrong[$0] == 1 }
      events += places.isEmpty ? 0 : 1 + zip(places, places.dropFirst()).count { $1 - $0 > 6 }
      rate.add(Double(places.count) / 1_000)
    }
    return (rate, events)
  }

  private func fast(scale: Float, limit: Float) -> ([Float], inout [UInt8]) -> Void {
    { samples, found in
      let soft = samples.map { sample in
        let clamped = max(-limit, min(limit, sample * scale))
        return Int8(truncatingIfNeeded: Int32(clamped + (clamped < 0 ? -0.5 : 0.5)))
      }
      soft.withUnsafeBufferPointer { soft in
        _ = found.withUnsafeMutableBufferPointer { ViterbiDecoder.decode(soft, into: $0) }
      }
    }
  }
}
