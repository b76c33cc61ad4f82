/// Which signal-to-noise ratio a law of SNR speaks of.
public enum SNRReference: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// Of the link before fading: the instantaneous SNR is the law's times |h|².
  case preFading = 0
  /// Of the faded link: the instantaneous SNR is the law's.
  case postFading = 1

  public var name: String {
    switch self {
    case .preFading: "pre-fading"
    case .postFading: "post-fading"
    }
  }
}

extension SNRReference: NamedCase {}
