internal import Randomness

/// One base station's radio link to one expert, simulated.
///
/// A value without state: what a block is like and what noise a message meets are pure functions of the configuration,
/// the link and the keys given, so that any process can replay any part of a run bit for bit and in any order. Fading and
/// SNR are keyed by (seed, link, block), noise by (seed, link, tag, attempt).
public struct SimulatedLink: Sendable {
  public let configuration: LinkConfiguration
  public let id: LinkID
  private let blocks: StreamKey
  private let noise: StreamKey

  /// Throws when a field of the configuration is out of range.
  public init(configuration: LinkConfiguration, id: LinkID) throws(LinkConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    self.id = id
    let link = StreamKey(seed: configuration.seed, UInt64(id.baseStation), UInt64(id.process))
    blocks = link.appending(Domain.block.rawValue)
    noise = link.appending(Domain.noise.rawValue)
  }

  /// Streams of one link that must not share numbers.
  private enum Domain: UInt64 {
    case block = 1
    case noise = 2
  }

  /// The link's state during a block.
  public func state(ofBlock block: UInt64) -> BlockState {
    var generator = CounterGenerator(blocks.appending(block))
    let lawDB = configuration.snrMeanDB + configuration.snrStdDB * generator.gaussianPair().0
    let gain = configuration.fading.powerGain(using: &generator)
    let snrDB =
      switch configuration.snrReference {
      case .preFading: lawDB + Elementary.decibels(gain)
      case .postFading: lawDB
      }
    let sigma = (gain * Elementary.ratio(decibels: -snrDB)).squareRoot()
    return BlockState(h: Float(gain.squareRoot()), sigma: Float(sigma), snrDB: Float(snrDB))
  }

  /// What the expert feeds back about a block: its instantaneous SNR in dB, as the base station comes to know it.
  ///
  /// Exact unless the configuration impairs channel knowledge. Gates see this one; the air acts by `state(ofBlock:)`.
  public func reportedSNRDB(ofBlock block: UInt64) -> Float {
    state(ofBlock: block).snrDB
  }

  /// Carries a latent vector over the air in place: `z` in, z~ out, any length (an odd one is padded to whole symbols).
  ///
  /// Analog (eqs. 5-6): y = h p z + n, z~ = y/(p h) = z + n/(p h). h is complex and two latents make a symbol, but n is
  /// circular, so n/h is n/|h| in law and each latent meets N(0, sigma~²) independently.
  /// - Parameters:
  ///   - p: the model's power scaling, 1/rms of its latents.
  ///   - kind: `.ideal` or `.analog`; digital links carry coded latents, not floats.
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
