/// Why an image was sent where it was, and how long each stage took.
package struct Explanation: Equatable, Sendable {
  /// What the base station knew of an expert's link when it chose.
  package enum LinkKnowledge: UInt8, Sendable, CaseIterable {
    /// The expert was not up.
    case down = 0
    /// No report had come.
    case unknown = 1
    /// Its SNR.
    case known = 2
    /// The link does not distort.
    case ideal = 3
  }

  /// One expert as the gate saw it.
  package struct Candidate: Equatable, Sendable {
    package var link: LinkKnowledge
    /// g, the gate's weight; 0 for an expert that was not up.
    package var weight: Float
    /// Where it is known.
    package var snrDB: Float?

    package init(link: LinkKnowledge, weight: Float, snrDB: Float?) {
      self.link = link
      self.weight = weight
      self.snrDB = snrDB
    }
  }

  /// From the request's arrival to the start of its batch, in backbone and gate, and from there to the image's answer.
  package var waitingMicroseconds: UInt32
  package var computingMicroseconds: UInt32
  package var answeringMicroseconds: UInt32
  /// `[K]`; empty for an image that never came to the gate.
  package var candidates: [Candidate]

  package init(
    waitingMicroseconds: UInt32, computingMicroseconds: UInt32, answeringMicroseconds: UInt32, candidates: [Candidate]
  ) {
    self.waitingMicroseconds = waitingMicroseconds
    self.computingMicroseconds = computingMicroseconds
    self.answeringMicroseconds = answeringMicroseconds
    self.candidates = candidates
  }
}

// Fields:
//      | candidates u8 | waiting µs u32 | computing µs u32 | answering µs u32 | candidates... |
// Candidate:
//      | link u8 | weight f32 | snr f32 |
extension Explanation {
  private static let candidateBytes = 9

  func write(to sink: inout some FieldSink) {
    sink.count(candidates.count, as: UInt8.self, of: "explanation: candidates")
    sink.integer(waitingMicroseconds)
    sink.integer(computingMicroseconds)
    sink.integer(answeringMicroseconds)
    for candidate in candidates {
      sink.integer(candidate.link.rawValue)
      sink.float(candidate.weight)
      sink.snr(candidate.snrDB)
    }
  }

  init(reading reader: inout FieldReader) throws(WireError) {
    let count = try reader.count("explanation's candidates", as: UInt8.self, in: 0...255)
    waitingMicroseconds = try reader.integer("explanation's waiting")
    computingMicroseconds = try reader.integer("explanation's computing")
    answeringMicroseconds = try reader.integer("explanation's answering")
    try reader.require(count, elementsOf: Self.candidateBytes, "explanation's candidates")
    candidates = []
    candidates.reserveCapacity(count)
    for _ in 0..<count {
      candidates.append(
        Candidate(
          link: try reader.enumeration("candidate's link"), weight: try reader.float("candidate's weight"),
          snrDB: try reader.snr("candidate's snr")))
    }
  }
}
