import WireProtocol

/// Why an image was sent where it was, and how long each stage took at the base station.
public struct ImageExplanation: Sendable, Equatable {
  /// One expert as the gate saw it.
  public struct Candidate: Sendable, Equatable {
    /// k, from 0.
    public let expert: Int
    /// `down`, `unknown` (no report had come), `known` or `ideal`.
    public let link: String
    /// The gate's weight; 0 for an expert that was not up.
    public let weight: Float
    /// Instantaneous, in dB, where it was known.
    public let snrDB: Float?
  }

  /// From the request's arrival to the start of its batch.
  public let waiting: Duration
  /// Backbone and gate.
  public let computing: Duration
  /// From there to the image's answer: the radio links, the experts, the combination.
  public let answering: Duration
  /// One an expert of the mixture; empty for an image that never came to the gate.
  public let candidates: [Candidate]

  init(_ wire: Explanation) {
    waiting = .microseconds(Int64(wire.waitingMicroseconds))
    computing = .microseconds(Int64(wire.computingMicroseconds))
    answering = .microseconds(Int64(wire.answeringMicroseconds))
    candidates = wire.candidates.enumerated().map { expert, candidate in
      let link =
        switch candidate.link {
        case .down: "down"
        case .unknown: "unknown"
        case .known: "known"
        case .ideal: "ideal"
        }
      return Candidate(expert: expert, link: link, weight: candidate.weight, snrDB: candidate.snrDB)
    }
  }
}
