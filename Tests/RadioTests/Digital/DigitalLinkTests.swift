import Radio
import Randomness
import Testing

struct DigitalLinkTests {
  let id = LinkID(baseStation: 1, process: 2)

  @Test func `over a good link the quantised latents arrive and every step is counted`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 120))
    var generator = CounterGenerator(seed: 91)
    let z = generator.gaussians(120)
    let (range, values) = try quantise(z)
    let packet = try codec.encode(z)
    let (reception, latents) = try carry(packet, codec, snrDB: 40)
    #expect(latents == reconstruct(values, range))
    #expect(reception.outcome == .delivered && reception.valueBits == 960)
    #expect(reception.informationBits == 8 * packet.informationByteCount)
    #expect(reception.codedBits == 2 * reception.informationBits + 12 && reception.symbols == reception.codedBits / 4)
    #expect(reception.channelBitErrors == 0 && reception.informationBitErrors == 0)
    #expect(reception.airtime == Double(reception.symbols) / 1e6)
  }

  @Test func `the code corrects what a hard demodulator gets wrong`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 120))
    let packet = try codec.encode((0..<120).map { Float($0 % 7) })
    let (reception, latents) = try carry(packet, codec, snrDB: 11)
    #expect(reception.channelBitErrors > 20 && reception.informationBitErrors == 0)
    #expect(reception.outcome == .delivered)
    #expect(try carry(packet, codec, snrDB: 40).latents == latents)
  }

  @Test func `a link that fails gives nothing, the mean or whatever came`() throws {
    let mean = (0..<120).map { Float($0) }
    let codec = LatentCodec(table: try skewedTable(), latentMean: mean)
    var generator = CounterGenerator(seed: 92)
    let packet = try codec.encode(generator.gaussians(120))
    let lost = try carry(packet, codec, snrDB: -10, policy: .redispatch)
    #expect(lost.reception.outcome == .lost && lost.latents.allSatisfy { $0 == -99 })
    #expect(lost.reception.informationBitErrors > 100)
    let erased = try carry(packet, codec, snrDB: -10, policy: .erasure)
    #expect(erased.reception.outcome == .erased && erased.latents == mean)
    let damaged = try carry(packet, codec, snrDB: -10, policy: .raw)
    #expect(damaged.reception.outcome == .damaged)
    #expect(
      zip(damaged.latents, mean).allSatisfy { latent, mean in
        latent == mean || (packet.range.minimum...packet.range.maximum).contains(latent)
      })
    #expect(Set([lost, erased, damaged].map(\.reception.channelBitErrors)).count == 1)
  }

  @Test func `a reception replays, and tag and attempt change its noise only`() throws {
    let codec = LatentCodec(table: .uniform, latentMean: [Float](repeating: 0, count: 50))
    let packet = try codec.encode((0..<50).map { Float($0) })
    let base = try carry(packet, codec, snrDB: 5, policy: .raw)
    let again = try carry(packet, codec, snrDB: 5, policy: .raw)
    #expect(again.reception == base.reception && again.latents == base.latents)
    for other in [
      try carry(packet, codec, snrDB: 5, policy: .raw, tag: 1),
      try carry(packet, codec, snrDB: 5, policy: .raw, attempt: 1),
    ] {
      #expect(other.reception.state == base.reception.state && other.latents != base.latents)
    }
    let link = try SimulatedLink(configuration: LinkConfiguration(seed: 4), id: id)
    var latents = [Float](repeating: 0, count: 50)
    let state = latents.withUnsafeMutableBufferPointer {
      link.carry(packet, into: $0, codec: codec, block: 77, tag: 0, attempt: 0).state
    }
    #expect(state == link.state(ofBlock: 77))
  }

  @Test(arguments: [
    (125, Decisions.soft, 7.0, 0.5), (125, .soft, 8.75, 0.01), (500, .soft, 7.6, 0.5), (500, .soft, 9.3, 0.01),
    (125, .hard, 9.95, 0.5), (125, .hard, 12.1, 0.01),
  ])
  func `packet error rates cross 50 % and 1 % where the reference says, within 0.1 dB`(
    bytes: Int, decisions: Decisions, dB: Double, rate: Double
  ) throws {
    // Values of eight bits each fill the codeword to the number of information bytes that is asked for.
    let codec = LatentCodec(table: .uniform, latentMean: [Float](repeating: 0, count: bytes - 13))
    var generator = CounterGenerator(seed: 93)
    let packets = try (0..<32).map { _ in try codec.encode(generator.gaussians(bytes - 13)) }
    #expect(packets[0].informationByteCount == bytes)
    let trials = rate == 0.5 ? 5_000 : 110_000 / (bytes / 125)
    for (offset, side) in [(-0.1, 1.0), (0.1, -1)] {
      let configuration = LinkConfiguration(snrMeanDB: dB + offset, snrStdDB: 0, fading: .none, seed: 5)
      let link = try SimulatedLink(configuration: configuration, id: id)
      var latents = [Float](repeating: 0, count: bytes - 13)
      var failures = 0
      latents.withUnsafeMutableBufferPointer { latents in
        for trial in 0..<trials {
          let reception = link.carry(
            packets[trial % 32], into: latents, codec: codec, decisions: decisions, block: 0, tag: UInt64(trial),
            attempt: 0)
          failures += reception.outcome == .lost ? 1 : 0
        }
      }
      let error = (rate * (1 - rate) / Double(trials)).squareRoot()
      #expect(
        (Double(failures) / Double(trials) - rate) * side > -3.5 * error, "\(offset) dB: \(failures) of \(trials)")
    }
  }

  @Test func `no wrong latent passes for a good one in a million packets`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 16))
    var generator = CounterGenerator(seed: 94)
    let packets = try (0..<64).map { _ in try codec.encode(generator.gaussians(16)) }
    let links = try stride(from: -2.0, through: 10, by: 1).map { dB in
      try SimulatedLink(
        configuration: LinkConfiguration(snrMeanDB: dB, snrStdDB: 0, fading: .none, seed: 6), id: id)
    }
    let expected = packets.map { codec.decode(information(of: $0)) }
    var wrong = 0
    var lost = 0
    var latents = [Float](repeating: 0, count: 16)
    for trial in 0..<1_000_000 {
      let reception = latents.withUnsafeMutableBufferPointer {
        links[trial % links.count].carry(
          packets[trial % 64], into: $0, codec: codec, block: 0, tag: UInt64(trial), attempt: 0)
      }
      switch reception.outcome {
      case .delivered where latents != expected[trial % 64] || reception.informationBitErrors > 0: wrong += 1
      case .lost: lost += 1
      default: break
      }
    }
    #expect(wrong == 0)
    #expect(lost > 300_000 && lost < 700_000)
  }

  /// LeNet-5's size: 120 latents at about five bits.
  @Test(arguments: [
    (30.0, 50.0, [(1, 0.658), (4, 0.986), (8, 0.9998)]), (10, 5, [(8, 0.998)]), (5, 5, [(8, 0.922)]),
  ])
  func `the best of several links decodes as often as the reference says`(
    meanDB: Double, stdDB: Double, references: [(links: Int, probability: Double)]
  ) throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 120))
    var generator = CounterGenerator(seed: 95)
    let packet = try codec.encode(generator.gaussians(120))
    let links = try (0..<8 as Range<UInt32>).map {
      try SimulatedLink(
        configuration: LinkConfiguration(snrMeanDB: meanDB, snrStdDB: stdDB, seed: 7),
        id: LinkID(baseStation: 0, process: $0))
    }
    var delivered = [Estimate](repeating: Estimate(), count: references.count)
    var latents = [Float](repeating: 0, count: 120)
    latents.withUnsafeMutableBufferPointer { latents in
      for block in 0..<30_000 as Range<UInt64> {
        let snrs = links.map { $0.state(ofBlock: block).snrDB }
        for (i, reference) in references.enumerated() {
          let best = (0..<reference.links).max { snrs[$0] < snrs[$1] } ?? 0
          let reception = links[best].carry(packet, into: latents, codec: codec, block: block, tag: block, attempt: 0)
          delivered[i].add(reception.outcome == .delivered ? 1 : 0)
        }
      }
    }
    for (estimate, reference) in zip(delivered, references) {
      let rounding = reference.probability > 0.999 ? 0.5e-4 : 0.5e-3
      #expect(
        estimate.z(from: reference.probability, rounding: rounding) < 3.5, "\(reference.links): \(estimate.mean)")
    }
  }

  private func carry(
    _ packet: CodedLatent, _ codec: LatentCodec, snrDB: Double, policy: DecodeFailurePolicy = .redispatch,
    tag: UInt64 = 0, attempt: UInt32 = 0
  ) throws -> (reception: DigitalReception, latents: [Float]) {
    let configuration = LinkConfiguration(snrMeanDB: snrDB, snrStdDB: 0, fading: .none, seed: 3)
    let link = try SimulatedLink(configuration: configuration, id: id)
    var latents = [Float](repeating: -99, count: codec.latentCount)
    let reception = latents.withUnsafeMutableBufferPointer {
      link.carry(packet, into: $0, codec: codec, onFailure: policy, block: 0, tag: tag, attempt: attempt)
    }
    return (reception, latents)
  }
}
