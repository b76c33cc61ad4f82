/// What an expert's answer was computed from.
public enum Delivery: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// The latents that the link delivered: over a digital link the quantised ones, their check held.
  case intact = 0
  /// The training mean: the codeword was lost (policy `erasure`, or the last transmission of `redispatch`).
  case erased = 1
  /// Whatever came of a codeword whose check failed (policy `raw`).
  case damaged = 2

  public var name: String {
    switch self {
    case .intact: "intact"
    case .erased: "erased"
    case .damaged: "damaged"
    }
  }
}

extension Delivery: NamedCase {}

extension DigitalReception {
  /// What the expert has; nil where it has nothing (policy `redispatch`).
  public var delivery: Delivery? {
    switch outcome {
    case .delivered: .intact
    case .lost: nil
    case .erased: .erased
    case .damaged: .damaged
    }
  }
}
