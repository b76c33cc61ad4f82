import Radio
import Randomness
import Testing

struct QAM16Tests {
  @Test func `two code bits choose a level, Gray labelled, of mean energy 5`() {
    #expect(modulate([0b0001_1011], levels: 4) == [1, 3, -1, -3])
    #expect(modulate([0b0001_1011, 0xFF], levels: 6) == [1, 3, -1, -3, -3, -3])
    let all = modulate(Array(0...255), levels: 1024)
    #expect(all.reduce(0) { $0 + $1 * $1 } == 5 * 1024)
  }

  @Test func `hard decisions undo modulation`() {
    let code = (0...255).map { UInt8($0) }
    let levels = modulate(code, levels: 1024)
    for decisions in Decisions.allCases {
      let (soft, errors) = demodulate(levels, sent: levels, decisions)
      #expect(errors == 0)
      #expect(soft.map { $0 > 0 ? 0 : 1 } == bits(code))
    }
    #expect(demodulate(levels, sent: levels, .hard).soft.allSatisfy { abs($0) == 1 })
  }

  @Test func `soft decisions are max-log likelihood ratios, rounded and clamped`() {
    let levels: [(value: Float, sign: Int, magnitude: Int)] = [(1, 0, 0), (3, 0, 1), (-1, 1, 0), (-3, 1, 1)]
    let received = (-600...600).map { Float($0) / 100 }
    let (soft, _) = demodulate(received, sent: received, .soft)
    for (i, u) in received.enumerated() {
      func nearest(_ keep: ((value: Float, sign: Int, magnitude: Int)) -> Bool) -> Float {
        levels.filter(keep).map { ($0.value - u) * ($0.value - u) }.min() ?? .infinity
      }
      let sign = (nearest { $0.sign == 1 } - nearest { $0.sign == 0 }) / 4
      let magnitude = (nearest { $0.magnitude == 1 } - nearest { $0.magnitude == 0 }) / 4
      for (exact, found) in [(sign, soft[2 * i]), (magnitude, soft[2 * i + 1])] {
        #expect(abs(max(-14, min(14, exact * 5)) - Float(found)) < 0.501, "at \(u)")
      }
    }
  }

  @Test func `absurd levels stay within limits`() {
    let received: [Float] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e30, -1e-30, 0]
    for decisions in Decisions.allCases {
      #expect(demodulate(received, sent: received, decisions).soft.allSatisfy { abs($0) <= 14 })
    }
  }

  @Test func `the bit error rate is that of theory`() {
    // Es/N0 in dB on the Gaussian channel, mean of Es/N0 over Rayleigh fading; radio.md's four digits.
    for (dB, reference) in [(8.0, 9.817e-2), (10, 5.899e-2), (12, 2.813e-2), (14, 9.376e-3), (16, 1.791e-3)] {
      #expect(
        abs(Theory.qam16BitErrorRate(esN0: Theory.ratio(decibels: dB)) - reference) < halfUnit(of: reference, digits: 4)
      )
      var generator = CounterGenerator(seed: 41, stream: UInt64(dB))
      let estimate = bitErrorRate(sigma: 1 / Float(Theory.ratio(decibels: dB)).squareRoot(), using: &generator)
      #expect(estimate.standardError / estimate.mean < 0.01)
      #expect(estimate.z(from: reference, rounding: halfUnit(of: reference, digits: 4)) < 3.5, "\(dB) dB")
    }
  }

  @Test(arguments: [(10.0, 0.1202), (15, 5.163e-2), (20, 1.858e-2), (30, 1.975e-3)])
  func `over a Rayleigh link the bit error rate is that of theory`(dB: Double, reference: Double) throws {
    let rounding = halfUnit(of: reference, digits: 4)
    #expect(abs(Theory.qam16RayleighBitErrorRate(meanEsN0: Theory.ratio(decibels: dB)) - reference) <= rounding)
    let link = try SimulatedLink(
      configuration: LinkConfiguration(snrMeanDB: dB, snrStdDB: 0, seed: 42), id: LinkID(baseStation: 0, process: 0))
    var generator = CounterGenerator(seed: 43, stream: UInt64(dB))
    let sent = modulate([UInt8](repeating: 0b0001_1011, count: 8), levels: 32)  // every level equally often
    var estimate = Estimate()
    var events = 0  // an event: a block with errors
    for block in 0..<250_000 as Range<UInt64> {
      let state = link.state(ofBlock: block)
      var received = sent
      received.withUnsafeMutableBufferPointer {
        generator.addGaussian(scale: QAM16.noiseSigma(relative: state.sigma / state.h), to: $0)
      }
      let errors = demodulate(received, sent: sent, .hard).errors
      estimate.add(Double(errors) / 64)
      events += errors > 0 ? 1 : 0
    }
    #expect(events >= 1_000)
    #expect(estimate.z(from: reference, rounding: rounding) < 3.5, "\(estimate.mean)")
  }

  private func bitErrorRate(sigma: Float, using generator: inout CounterGenerator) -> Estimate {
    var estimate = Estimate()
    for _ in 0..<150 {
      let sent = modulate(generator.bytes(4_000), levels: 16_000)
      var received = sent
      received.withUnsafeMutableBufferPointer {
        generator.addGaussian(scale: QAM16.noiseSigma(relative: sigma), to: $0)
      }
      estimate.add(Double(demodulate(received, sent: sent, .hard).errors) / 32_000)
    }
    return estimate
  }
}

func modulate(_ code: [UInt8], levels: Int) -> [Float] {
  var output = [Float](repeating: 0, count: levels)
  code.withUnsafeBytes { code in output.withUnsafeMutableBufferPointer { QAM16.modulate(code, into: $0) } }
  return output
}

func demodulate(_ received: [Float], sent: [Float], _ decisions: Decisions) -> (soft: [Int8], errors: Int) {
  var soft = [Int8](repeating: 0, count: 2 * received.count)
  let errors = received.withUnsafeBufferPointer { received in
    sent.withUnsafeBufferPointer { sent in
      soft.withUnsafeMutableBufferPointer { QAM16.demodulate(received, sent: sent, decisions: decisions, into: $0) }
    }
  }
  return (soft, errors)
}
