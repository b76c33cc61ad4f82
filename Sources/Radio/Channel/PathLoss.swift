/// An SNR law that follows from where the device is: log-distance path loss and correlated shadowing.
///
/// SNR = P - N - L0 - 10 n log10(d/d0) + X in dB, before fading. X is N(0, s²) dB with autocorrelation
/// s² e^{-|Δ|/d_cor} over distance (Gudmundson, Electronics Letters 27(23), 1991). The base station stands in the centre.
public struct PathLoss: Sendable, Hashable, Codable {
  /// Transmit power P in dBm, antenna gains included.
  public var transmitPowerDBm: Double
  /// Noise power N in dBm, in the signal's bandwidth.
  public var noisePowerDBm: Double
  /// Loss L0 in dB at the reference distance.
  public var referenceLossDB: Double
  /// d0 in metres; nearer devices lose as much as one there.
  public var referenceDistance: Double
  /// n.
  public var exponent: Double
  /// Height of the base station's antenna over the device's (or the reverse), in metres.
  public var height: Double
  /// Standard deviation s of X in dB; 0 for none.
  public var shadowingStdDB: Double
  /// d_cor in metres.
  public var shadowingDistance: Double
  /// Where the device is, and how it moves.
  public var mobility: Mobility

  public init(
    transmitPowerDBm: Double = 20, noisePowerDBm: Double = -100, referenceLossDB: Double = 40,
    referenceDistance: Double = 1, exponent: Double = 3, height: Double = 0, shadowingStdDB: Double = 0,
    shadowingDistance: Double = 20, mobility: Mobility = .fixed(distance: 50)
  ) {
    self.transmitPowerDBm = transmitPowerDBm
    self.noisePowerDBm = noisePowerDBm
    self.referenceLossDB = referenceLossDB
    self.referenceDistance = referenceDistance
    self.exponent = exponent
    self.height = height
    self.shadowingStdDB = shadowingStdDB
    self.shadowingDistance = shadowingDistance
    self.mobility = mobility
  }
}

/// How a device moves in a square around the base station. Anchored anew every ``anchorInterval`` blocks, where it
/// jumps: so any block is reached in bounded work.
public enum Mobility: Sendable, Hashable, Codable {
  /// Stands at a distance in metres, in a random direction.
  case fixed(distance: Double)
  /// Drives straight on at a constant speed in a random direction from a random place, reflected at the walls.
  case straight(area: Double, speed: Double)
  /// Gauss-Markov: v' = a v + (1 - a) v_mean + s sqrt(1 - a²) N per axis, a = e^{-T/memory} for blocks of T seconds;
  /// v_mean has the given speed and a random direction; reflected at the walls. Source: Liang and Haas, IEEE/ACM Trans.
  /// Networking 11(5), 2003.
  case gaussMarkov(area: Double, speed: Double, speedStd: Double, memory: Double)
  /// Random waypoint: straight to a random place at a speed uniform in a range, then a pause (Johnson and Maltz, 1996).
  case randomWaypoint(area: Double, speeds: ClosedRange<Double>, pause: Double)

  /// Blocks from one anchor to the next.
  public static let anchorInterval: UInt64 = 1_024
}
