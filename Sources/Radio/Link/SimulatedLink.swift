internal import Randomness

/// One base station's radio link to one expert, simulated.
///
///     let link = try SimulatedLink(
///       configuration: LinkConfiguration(snrMeanDB: 10, snrStdDB: 5), id: LinkID(baseStation: 0, process: 3))
///     print(link.state(ofBlock: 0).snrDB, link.reportedSNRDB(ofBlock: 0))
///     var z = [Float](repeating: 1, count: 120)
///     _ = z.withUnsafeMutableBufferPointer {
///       link.carry($0, powerScaling: 1, kind: .analog, block: 0, tag: 0, attempt: 0)
///     }
///
/// A value without state: what a block is like and what noise a message meets are pure functions of the configuration,
/// the link and the keys given, so that any process can replay any part of a run bit for bit and in any order. Fading and
/// SNR are keyed by (seed, link, block), noise by (seed, link, tag, attempt).
public struct SimulatedLink: Sendable {
  /// What the states depend on besides the identity.
  public let configuration: LinkConfiguration
  /// Whose link it is.
  public let id: LinkID
  private let large: LargeScale
  private let small: CorrelatedFading?
  private let stream: StreamKey
  private let blocks: StreamKey
  private let noise: StreamKey

  /// Throws when a field of the configuration is out of range.
  public init(configuration: LinkConfiguration, id: LinkID) throws(LinkConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    self.id = id
    stream = StreamKey(seed: configuration.seed, UInt64(id.baseStation), UInt64(id.process))
    blocks = stream.appending(Domain.block.rawValue)
    noise = stream.appending(Domain.noise.rawValue)
    large = LargeScale(
      stream.appending(Domain.place.rawValue), law: configuration.snr, process: id.process,
      blockDuration: configuration.blockDuration)
    small = CorrelatedFading(stream.appending(Domain.fading.rawValue), configuration)
  }

  /// Streams of one link that must not share numbers.
  private enum Domain: UInt64 {
    case block = 1
    case noise = 2
    case place = 3
    case fading = 4
    case interference = 5
    case feedback = 6
  }

  /// The link's state during a block.
  public func state(ofBlock block: UInt64) -> BlockState {
    let drawn = draw(block)
    let gain = drawn.fade.gain
    let sigma = (gain * Elementary.ratio(decibels: -drawn.snrDB)).squareRoot()
    return BlockState(h: Float(gain.squareRoot()), sigma: Float(sigma), snrDB: Float(drawn.snrDB))
  }

  /// What the expert feeds back about a block: its instantaneous SNR in dB, as the base station comes to know it.
  ///
  /// Exact unless the configuration impairs feedback. Gates see this one; the air acts by `state(ofBlock:)`.
  public func reportedSNRDB(ofBlock block: UInt64) -> Float {
    let feedback = configuration.feedback
    guard feedback != .perfect else { return state(ofBlock: block).snrDB }
    var generator = CounterGenerator(stream.appending(Domain.feedback.rawValue).appending(block))
    let error = feedback.errorStdDB * generator.gaussianPair().0
    let snrDB: Double
    switch feedback.ageing {
    case .none:
      snrDB = draw(block).snrDB
    case .blocks(let delay):
      snrDB = draw(block - min(block, delay)).snrDB
    case .correlation(let rho):
      let drawn = draw(block)
      let gain = configuration.fading.outdatedGain(drawn.fade, correlation: rho, using: &generator)
      snrDB = drawn.snrDB + Elementary.decibels(gain) - Elementary.decibels(drawn.fade.gain)
    case .seconds(let age):
      let drawn = draw(block)
      let gain = correlatedFade(block, age: age)?.gain ?? drawn.fade.gain
      snrDB = drawn.snrDB + Elementary.decibels(gain) - Elementary.decibels(drawn.fade.gain)
    }
    return feedback.quantised(Float(snrDB + error))
  }

  /// Where the device is during a block, in metres from the base station; nil unless the SNR follows path loss.
  public func place(ofBlock block: UInt64) -> SIMD2<Double>? { large.place(ofBlock: block) }

  /// h at a time of `periods` Doppler periods 1/f_d, real and imaginary part; nil unless fading follows time.
  package func coefficient(at periods: Double) -> SIMD2<Double>? { small?.coefficient(at: periods) }

  /// h so many seconds before a block's beginning; nil unless fading follows time.
  private func correlatedFade(_ block: UInt64, age: Double = 0) -> Fade? {
    guard let small, let doppler = configuration.doppler else { return nil }
    // Bounded, so that the phase keeps its precision: fading repeats after 2^40 blocks.
    let time = Double(block % (1 << 40)) * configuration.blockDuration
    return small.fade(at: doppler.frequency * (time - age))
  }

  /// h and the instantaneous SNR (or SINR) in dB.
  private func draw(_ block: UInt64) -> (fade: Fade, snrDB: Double) {
    var generator = CounterGenerator(blocks.appending(block))
    let lawDB = large.snrDB(ofBlock: block, using: &generator)
    let fade = correlatedFade(block) ?? configuration.fading.fade(using: &generator)
    var snrDB =
      switch configuration.snrReference {
      case .preFading: lawDB + Elementary.decibels(fade.gain)
      case .postFading: lawDB
      }
    if let interference = configuration.interference {
      let power = interference.power(ofBlock: block, stream.appending(Domain.interference.rawValue))
      snrDB -= Elementary.decibels(1 + power)
    }
    return (fade, snrDB)
  }

  /// Carries a latent vector over the air in place: `z` in, z~ out, any length (an odd one is padded to whole symbols).
  ///
  /// Analog (eqs. 5-6): y = h p z + n, z~ = y/(p h) = z + n/(p h). h is complex and two latents make a symbol, but n is
  /// circular, so n/h is n/|h| in law and each latent meets N(0, sigma~²) independently.
  /// - Parameters:
  ///   - p: the model's power scaling, 1/rms of its latents.
  ///   - kind: `.ideal` or `.analog`; a digital link carries a ``CodedLatent``.
  public func carry(
    _ z: UnsafeMutableBufferPointer<Float>, powerScaling p: Float, kind: LinkKind, block: UInt64, tag: UInt64,
    attempt: UInt32
  ) -> Carried {
    precondition(kind != .digital, "a digital link carries coded latents, not floats")
    let state = state(ofBlock: block)
    if kind == .analog {
      precondition(p > 0 && p < .infinity, "power scaling \(p) is not positive")
      var generator = noiseGenerator(tag: tag, attempt: attempt)
      generator.addGaussian(scale: state.distortionSigma(powerScaling: p), to: z)
    }
    let symbols = kind == .ideal ? 0 : (z.count + 1) / 2
    return Carried(state: state, symbols: symbols, airtime: configuration.airtime(symbols: symbols))
  }

  /// The noise that a message meets.
  func noiseGenerator(tag: UInt64, attempt: UInt32) -> CounterGenerator {
    CounterGenerator(noise.appending(tag).appending(UInt64(attempt)))
  }
}

/// What happened to a message on the air.
public struct Carried: Hashable, Sendable {
  /// The block's state.
  public let state: BlockState
  /// Complex symbols sent.
  public let symbols: Int
  /// Time on air, in seconds.
  public let airtime: Double
}
