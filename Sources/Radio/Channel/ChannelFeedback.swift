internal import Randomness

/// What is lost on the way of a channel report: the base station's knowledge of the link's state.
public struct ChannelFeedback: Sendable, Hashable, Codable {
  /// Standard deviation of the reported SNR's error, in dB.
  public var errorStdDB: Double
  /// How old what it tells is.
  public var ageing: Ageing
  /// The report's size: 2^bits levels, evenly over ``quantisedRange``; nil for an exact number.
  public var bits: Int?

  /// How old a report's content is.
  public enum Ageing: Sendable, Hashable, Codable {
    case none
    /// It describes the block so many blocks ago (block 0 in the beginning).
    case blocks(UInt64)
    /// It describes fading that has decorrelated by rho since, with the same law: where it is Rayleigh,
    /// h' = rho h + sqrt(1 - rho²) w with w ~ CN(0, 1). Of Rician fading the direct path stays and the scattered part
    /// decorrelates; Nakagami fading follows its bivariate law, whose powers correlate by rho²; without fading the report
    /// is true.
    case correlation(Double)
    /// It describes fading so many seconds ago; fading must follow time. The SNR before fading is the block's own.
    case seconds(Double)

    /// What a delay does to Rayleigh fading with a Doppler shift: a correlation of J0(2 pi f_d tau).
    ///
    /// J0(x) = 1/pi times the integral of cos(x sin t) over half a turn; for this periodic function equal steps converge
    /// faster than any power, as soon as there are more of them than x.
    public static func after(seconds: Double, _ doppler: Doppler) -> Ageing {
      let periods = doppler.frequency * seconds
      // J0 of more than 10,000 turns is below 0.004: taken as 0. Of negative ones: a wrong speed or carrier.
      guard (0..<1e4).contains(periods) else { return .correlation(0) }
      let steps = 32 + Int(8 * periods)
      let sum = (0..<steps).reduce(0.0) { sum, i in
        sum + Elementary.cosSin(turns: periods * Elementary.cosSin(turns: Double(i) / Double(2 * steps)).sine).cosine
      }
      return .correlation(sum / Double(steps))
    }
  }

  /// The SNR in dB that a quantised report can tell: that which gates look at.
  public static let quantisedRange: ClosedRange<Float> = -20...30

  public init(errorStdDB: Double = 0, ageing: Ageing = .none, bits: Int? = nil) {
    self.errorStdDB = errorStdDB
    self.ageing = ageing
    self.bits = bits
  }

  /// A perfect report.
  public static let perfect = ChannelFeedback()

  /// The middle of the quantisation step that `snrDB` falls into.
  func quantised(_ snrDB: Float) -> Float {
    guard let bits else { return snrDB }
    let levels = Float(1 << bits)
    let range = Self.quantisedRange
    let width = (range.upperBound - range.lowerBound) / levels
    let index = max(0, min(levels - 1, ((snrDB - range.lowerBound) / width).rounded(.down)))
    return range.lowerBound + (index + 0.5) * width
  }
}
