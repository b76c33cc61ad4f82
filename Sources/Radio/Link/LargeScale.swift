internal import Randomness

/// A link's SNR before fading, block by block.
struct LargeScale: Sendable {
  private let law: SNRLaw
  private let process: UInt32
  private let trajectory: Trajectory?
  private let shadow: ShadowField?

  init(_ stream: StreamKey, law: SNRLaw, process: UInt32, blockDuration: Double) {
    self.law = law
    self.process = process
    guard case .pathLoss(let pathLoss) = law else {
      (trajectory, shadow) = (nil, nil)
      return
    }
    trajectory = Trajectory(stream.appending(0), mobility: pathLoss.mobility, blockDuration: blockDuration)
    shadow =
      pathLoss.shadowingStdDB > 0 ? ShadowField(stream.appending(1), distance: pathLoss.shadowingDistance) : nil
  }

  /// Where the device is during a block, in metres from the base station; nil where the law knows no place.
  func place(ofBlock block: UInt64) -> SIMD2<Double>? { trajectory?.place(ofBlock: block) }

  func snrDB(ofBlock block: UInt64, using generator: inout CounterGenerator) -> Double {
    switch law {
    case .normal(let meanDB, let stdDB):
      return meanDB + stdDB * generator.gaussianPair().0
    case .trace(let trace):
      return Double(trace.snrDB(ofBlock: block, process: process))
    case .pathLoss(let pathLoss):
      let place = place(ofBlock: block) ?? .zero
      let distance = ((place * place).sum() + pathLoss.height * pathLoss.height).squareRoot()
      let relative = max(1, distance / pathLoss.referenceDistance)
      let lossDB = pathLoss.referenceLossDB + pathLoss.exponent * Elementary.decibels(relative)
      let shadowDB = shadow.map { pathLoss.shadowingStdDB * $0.value(at: place) } ?? 0
      return pathLoss.transmitPowerDBm - pathLoss.noisePowerDBm - lossDB + shadowDB
    }
  }
}

extension CorrelatedFading {
  /// Fading that follows time, where the configuration asks for it.
  init?(_ stream: StreamKey, _ configuration: LinkConfiguration) {
    guard configuration.doppler != nil else { return nil }
    switch configuration.fading {
    case .rayleigh: self.init(stream, kFactor: 0)
    case .rician(let kFactor): self.init(stream, kFactor: kFactor)
    case .none, .nakagami: return nil
    }
  }
}
