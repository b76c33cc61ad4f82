/// What messages took of a link, added up: how often they were sent, their bits before and after each step, their time on air.
public struct LinkUse: Sendable, Hashable {
  /// Latents sent, each time that they were.
  public var transmissions = 0
  /// Codewords whose check failed.
  public var decodeFailures = 0
  /// Bits of the quantised vectors, 8 N_F each; 0 unless the link is digital, as the other bits.
  public var valueBits = 0
  /// Bits of the codewords: source-coded values, range, check, padding.
  public var informationBits = 0
  /// Bits after convolutional coding, tails included.
  public var codedBits = 0
  /// Complex symbols on air.
  public var symbols = 0
  /// Code bits that a hard demodulator got wrong.
  public var channelBitErrors = 0
  /// Codeword bits that were wrong after decoding.
  public var informationBitErrors = 0
  /// Time on air, in seconds.
  public var airtime = 0.0

  public init() {}

  public static func += (total: inout LinkUse, more: LinkUse) {
    total.transmissions += more.transmissions
    total.decodeFailures += more.decodeFailures
    total.valueBits += more.valueBits
    total.informationBits += more.informationBits
    total.codedBits += more.codedBits
    total.symbols += more.symbols
    total.channelBitErrors += more.channelBitErrors
    total.informationBitErrors += more.informationBitErrors
    total.airtime += more.airtime
  }

  /// The use of one image, on average over `images`.
  public func mean(over images: Int) -> Mean { Mean(self, images: images) }

  /// Averages, under the names that programs print them by.
  public struct Mean: Sendable, Hashable, Codable {
    public var transmissions: Double
    public var decodeFailures: Double
    public var valueBits: Double
    public var informationBits: Double
    public var codedBits: Double
    public var symbols: Double
    public var bitErrors: Double
    public var informationBitErrors: Double
    /// In microseconds.
    public var airtime: Double

    private enum CodingKeys: String, CodingKey {
      case transmissions
      case decodeFailures = "decode_failures"
      case valueBits = "value_bits"
      case informationBits = "information_bits"
      case codedBits = "coded_bits"
      case symbols
      case bitErrors = "bit_errors"
      case informationBitErrors = "information_bit_errors"
      case airtime = "airtime_us"
    }

    init(_ use: LinkUse, images: Int) {
      let count = Double(max(images, 1))
      transmissions = Double(use.transmissions) / count
      decodeFailures = Double(use.decodeFailures) / count
      valueBits = Double(use.valueBits) / count
      informationBits = Double(use.informationBits) / count
      codedBits = Double(use.codedBits) / count
      symbols = Double(use.symbols) / count
      bitErrors = Double(use.channelBitErrors) / count
      informationBitErrors = Double(use.informationBitErrors) / count
      airtime = 1e6 * use.airtime / count
    }
  }
}

extension Carried {
  /// One transmission, of symbols only.
  public var use: LinkUse {
    var use = LinkUse()
    use.transmissions = 1
    use.symbols = symbols
    use.airtime = airtime
    return use
  }
}

extension DigitalReception {
  /// One transmission, with every step's bits.
  public var use: LinkUse {
    var use = LinkUse()
    use.transmissions = 1
    use.decodeFailures = outcome == .delivered ? 0 : 1
    use.valueBits = valueBits
    use.informationBits = informationBits
    use.codedBits = codedBits
    use.symbols = symbols
    use.channelBitErrors = channelBitErrors
    use.informationBitErrors = informationBitErrors
    use.airtime = airtime
    return use
  }
}
