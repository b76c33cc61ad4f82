import MixtureOfExperts

/// A row of the paper's Table II, in per cent.
package struct PublishedFigures: Codable, Hashable, Sendable {
  package struct Gates: Codable, Hashable, Sendable {
    package var naive: Double
    package var channelAware: Double
  }

  /// Ideal links, after stage 1.
  package var base: Double
  package var analog: Gates
  /// One transmission.
  package var digital: Gates

  /// What the paper gives for one gate with one expert an image; nil where it gives nothing.
  func accuracy(_ gate: EvaluatedGate, over link: StudyLink) -> Double? {
    let gates: Gates? =
      switch link {
      case .analog: analog
      case .digitalOnce: digital
      default: nil
      }
    return switch gate {
    case .channelAware: gates?.channelAware
    case .policy(.naive): gates?.naive
    case .policy(.base) where link == .ideal: base
    default: nil
    }
  }

  func firstViolation(under name: String) -> String? {
    [
      ("base", base), ("analog.naive", analog.naive), ("analog.channelAware", analog.channelAware),
      ("digital.naive", digital.naive), ("digital.channelAware", digital.channelAware),
    ].lazy.compactMap { violation("\(name).\($0.0)", $0.1, 0...100) }.first
  }
}
