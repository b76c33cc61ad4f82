import MixtureOfExperts
import Radio
import Randomness

/// Bit and packet error rates: of 16-QAM, of the convolutional code, of the whole digital chain.
struct ErrorRatePlans {
  private let configuration: LinkConfiguration
  private let latentCount: Int
  private let packetCount: Int

  init(_ configuration: LinkConfiguration, latentCount: Int, packetCount: Int) {
    self.configuration = configuration
    self.latentCount = latentCount
    self.packetCount = packetCount
  }

  /// The Gaussian channel, and the scenario's fading where there is some.
  private var fadings: [Fading] { configuration.fading == .none ? [.none] : [.none, configuration.fading] }

  private func link(_ fading: Fading, meanDB: Double) throws -> SimulatedLink {
    var alone = configuration.fadingAlone(meanDB: meanDB)
    alone.fading = fading
    return try SimulatedLink(configuration: alone, id: LinkID(baseStation: 0, process: 0))
  }

  /// Randomness of this file's simulations: by figure, point and packet.
  private func key(_ figure: UInt64, _ x: Double) -> StreamKey {
    StreamKey(seed: configuration.seed, 0x7374_7564_79, figure, x.bitPattern)  // "study"
  }

  // MARK: 16-QAM

  /// Packets of 256 bits with one h each, hard decisions, against the closed form.
  var uncoded: LinkStudyPlan.Figure {
    let curves = fadings.map { fading in
      LinkStudyPlan.Curve(
        name: fading.title,
        xs: Array(fading == .none ? stride(from: 0, through: 18, by: 1) : stride(from: 0, through: 40, by: 2)),
        closedForm: { x, _ in Theory.qam16BitErrorRate(meanEsN0: Theory.ratio(decibels: x), fading: fading) },
        measure: { xs, pointIsDone in
          try xs.map { x in
            defer { pointIsDone() }
            let link = try self.link(fading, meanDB: x)
            let key = self.key(1, x)
            return tally(packetCount) { packet, tally in
              var generator = CounterGenerator(key.appending(UInt64(packet)))
              let state = link.state(ofBlock: UInt64(packet))
              tally.add(Self.uncodedErrorRate(sigma: state.sigma / state.h, using: &generator))
            }.measured
          }
        })
    }
    return LinkStudyPlan.Figure(
      name: "uncoded", title: "16-QAM without coding", xLabel: "mean Es/N0 (dB)", yLabel: "bit error rate",
      curves: curves)
  }

  private static func uncodedErrorRate(sigma: Float, using generator: inout CounterGenerator) -> Double {
    let code = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { levels in
      let sent = UnsafeMutableBufferPointer(rebasing: levels[..<128])
      let received = UnsafeMutableBufferPointer(rebasing: levels[128...])
      code.withUnsafeBytes { QAM16.modulate($0, into: sent) }
      _ = received.update(fromContentsOf: sent)
      generator.addGaussian(scale: QAM16.noiseSigma(relative: sigma), to: received)
      return withUnsafeTemporaryAllocation(of: Int8.self, capacity: 256) { soft in
        Double(
          QAM16.demodulate(
            UnsafeBufferPointer(received), sent: UnsafeBufferPointer(sent), decisions: .hard, into: soft)) / 256
      }
    }
  }

  // MARK: The convolutional code

  /// Frames of 1,000 bits over BPSK and the Gaussian channel, against the union bound.
  var coded: LinkStudyPlan.Figure {
    let bounds: [(Decisions, [Double], (Double) -> Double)] = [
      (.soft, Array(stride(from: 0, through: 4, by: 0.5)), Theory.codedBitErrorBound),
      (.hard, Array(stride(from: 1, through: 6.5, by: 0.5)), Theory.hardCodedBitErrorBound),
    ]
    let curves = bounds.map { decisions, xs, bound in
      LinkStudyPlan.Curve(
        name: "\(decisions.name) decisions", xs: xs, isBounded: true,
        closedForm: { x, _ in
          let bound = bound(Theory.ratio(decibels: x))
          return bound < 0.1 ? bound : nil
        },
        measure: { xs, pointIsDone in
          xs.map { x in
            defer { pointIsDone() }
            let key = self.key(decisions == .soft ? 2 : 3, x)
            let sigma = Float(1 / Theory.ratio(decibels: x).squareRoot())
            return tally(packetCount) { packet, tally in
              var generator = CounterGenerator(key.appending(UInt64(packet)))
              tally.add(Self.codedErrorRate(sigma: sigma, decisions, using: &generator))
            }.measured
          }
        })
    }
    return LinkStudyPlan.Figure(
      name: "coded", title: "K = 7 code with BPSK; lines: union bounds", xLabel: "Eb/N0 (dB)",
      yLabel: "bit error rate", curves: curves)
  }

  /// - Parameter sigma: of the noise on symbols ±1.
  private static func codedErrorRate(
    sigma: Float, _ decisions: Decisions, using generator: inout CounterGenerator
  ) -> Double {
    let bytes = 125
    let information = (0..<bytes).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    var code = [UInt8](repeating: 0, count: ConvolutionalCode.codedByteCount(informationBytes: bytes))
    information.withUnsafeBytes { bytes in code.withUnsafeMutableBytes { ConvolutionalCode.encode(bytes, into: $0) } }
    let count = ConvolutionalCode.codedBitCount(informationBits: 8 * bytes)
    var samples = (0..<count).map { code[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 0 ? 1 : -1 as Float }
    samples.withUnsafeMutableBufferPointer { generator.addGaussian(scale: sigma, to: $0) }
    // Half the full scale at the noiseless level: finer or coarser steps lose more.
    let limit = Float(ViterbiDecoder.softLimit)
    let soft = samples.map { sample in
      decisions == .hard ? (sample < 0 ? -1 : 1) : Int8(max(-limit, min(limit, sample * limit / 2)).rounded())
    }
    var found = information
    soft.withUnsafeBufferPointer { soft in
      _ = found.withUnsafeMutableBufferPointer { ViterbiDecoder.decode(soft, into: $0) }
    }
    return zip(information, found).reduce(0) { $0 + Double(($1.0 ^ $1.1).nonzeroBitCount) } / Double(8 * bytes)
  }

  // MARK: The whole chain

  /// Packets of N_F Gaussian latents through the chain, one h each.
  ///
  /// Over fading, the closed form is the mean of the Gaussian channel's measured curve over the law of |h|².
  func packets() throws -> LinkStudyPlan.Figure {
    let codec = LatentCodec(table: .uniform, latentMean: [Float](repeating: 0, count: latentCount))
    let coded = try codedLatents(codec)
    func curve(_ fading: Fading, _ decisions: Decisions, _ xs: [Double]) -> LinkStudyPlan.Curve {
      LinkStudyPlan.Curve(
        name: "\(fading.title), \(decisions.name)", xs: xs,
        closedForm: { x, earlier in
          guard fading != .none, let gaussian = earlier.first else { return nil }
          return Self.average(gaussian, over: fading, meanDB: x)
        },
        measure: { xs, pointIsDone in
          try xs.map { x in
            defer { pointIsDone() }
            let link = try self.link(fading, meanDB: x)
            return tally(packetCount) { packet, tally in
              let isDelivered = Self.isDelivered(
                coded[packet % coded.count], link, codec, decisions, block: UInt64(packet))
              tally.add(isDelivered ? 0 : 1)
            }.measured
          }
        })
    }
    let narrow = Array(stride(from: 4, through: 14, by: 0.5))
    var curves = [curve(.none, .soft, narrow), curve(.none, .hard, narrow)]
    if configuration.fading != .none {
      curves.append(curve(configuration.fading, .soft, Array(stride(from: 0, through: 40, by: 2))))
    }
    return LinkStudyPlan.Figure(
      name: "packets", title: "Digital chain, \(latentCount) latents, \(8 * coded[0].informationByteCount) bits",
      xLabel: "mean Es/N0 (dB)", yLabel: "packet error rate", curves: curves)
  }

  /// Under the scenario's whole law: the share of packets that the best-reported of some links does not deliver.
  func delivery() throws -> LinkStudyPlan.Figure {
    let codec = LatentCodec(table: .uniform, latentMean: [Float](repeating: 0, count: latentCount))
    let coded = try codedLatents(codec)
    _ = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 0))
    let curve = LinkStudyPlan.Curve(
      name: "best of so many by report",
      xs: [1, 2, 4, 8],
      measure: { xs, pointIsDone in
        xs.map { count in
          defer { pointIsDone() }
          return tally(packetCount) { draw, tally in
            // Every draw has links of its own, at a time of its own: nothing that a link keeps ties draws together.
            let block = UInt64(draw) * 1_031
            let links = (0..<UInt32(count)).compactMap { process in
              try? SimulatedLink(
                configuration: configuration, id: LinkID(baseStation: UInt32(draw), process: process))
            }
            let best = links.map { (link: $0, report: $0.reportedSNRDB(ofBlock: block)) }.max { $0.report < $1.report }
            guard let best else { return }
            let isDelivered = Self.isDelivered(coded[draw % coded.count], best.link, codec, .soft, block: block)
            tally.add(isDelivered ? 0 : 1)
          }.measured
        }
      })
    return LinkStudyPlan.Figure(
      name: "delivery", title: "Packets lost under the scenario's law", xLabel: "links to choose from",
      yLabel: "share lost", curves: [curve])
  }

  private func codedLatents(_ codec: LatentCodec) throws -> [CodedLatent] {
    var generator = CounterGenerator(key(4, 0))
    return try (0..<32).map { _ in
      let latents = (0..<latentCount).map { _ in Float(generator.gaussianPair().0) }
      return try latents.withUnsafeBufferPointer { try codec.encode($0) }
    }
  }

  private static func isDelivered(
    _ packet: CodedLatent, _ link: SimulatedLink, _ codec: LatentCodec, _ decisions: Decisions, block: UInt64
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: codec.latentCount) { latents in
      latents.initialize(repeating: 0)
      return link.carry(packet, into: latents, codec: codec, decisions: decisions, block: block, tag: block, attempt: 0)
        .outcome == .delivered
    }
  }

  /// The mean of a curve over x (dB) when x is `meanDB` + 10 log10 |h|²: 1 left of the curve, 0 right of it, straight lines between its
  /// points, in steps of 0.05 dB.
  private static func average(_ curve: LinkStudy.Curve, over fading: Fading, meanDB: Double) -> Double? {
    guard let first = curve.points.first, let last = curve.points.last else { return nil }
    func below(_ x: Double) -> Double { Theory.powerDistribution(fading, below: Theory.ratio(decibels: x - meanDB)) }
    var sum = below(first.x)
    for (left, right) in zip(curve.points, curve.points.dropFirst()) {
      let steps = 10
      let width = (right.x - left.x) / Double(steps)
      for i in 0..<steps {
        let middle = (Double(i) + 0.5) / Double(steps)
        let rate = left.measured.mean + middle * (right.measured.mean - left.measured.mean)
        let x = left.x + Double(i) * width
        sum += rate * (below(x + width) - below(x))
      }
    }
    return last.measured.mean < 0.01 ? sum : nil
  }
}
