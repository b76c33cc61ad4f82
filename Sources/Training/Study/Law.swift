package import Radio

/// A law of the links' SNR: N(meanDB, stdDB²) dB, before Rayleigh fading or after it.
package struct Law: Codable, Hashable, Sendable {
  package var meanDB: Double
  package var stdDB: Double
  /// Of what the law speaks; absent: before fading.
  package var reference: Reference?

  package enum Reference: String, Word {
    case preFading = "pre-fading"
    case postFading = "post-fading"
  }

  package init(meanDB: Double, stdDB: Double, reference: Reference? = nil) {
    self.meanDB = meanDB
    self.stdDB = stdDB
    self.reference = reference
  }

  /// `N(30, 50²) dB before fading`
  package var name: String {
    func number(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e9 ? "\(Int(x))" : "\(x)" }
    let place = reference == .postFading ? "after" : "before"
    return "N(\(number(meanDB)), \(number(stdDB))²) dB \(place) fading"
  }

  package func configuration(seed: UInt64) -> LinkConfiguration {
    LinkConfiguration(
      snrMeanDB: meanDB, snrStdDB: stdDB, snrReference: reference == .postFading ? .postFading : .preFading, seed: seed)
  }

  func firstViolation(under name: String) -> String? {
    violation("\(name).meanDB", meanDB, -200...200) ?? violation("\(name).stdDB", stdDB, 0...100)
  }
}

/// How latents travel in a study, and what follows when they are lost: `analog`, `digital-raw`, `digital-erasure`,
/// `digital-redispatch`, `ideal`.
package struct StudyLink: Word {
  package let kind: LinkKind
  /// Of digital links.
  package let onDecodeFailure: DecodeFailurePolicy?

  package static let ideal = StudyLink(kind: .ideal, onDecodeFailure: nil)
  package static let analog = StudyLink(kind: .analog, onDecodeFailure: nil)
  package static func digital(_ policy: DecodeFailurePolicy) -> StudyLink {
    StudyLink(kind: .digital, onDecodeFailure: policy)
  }
  /// One transmission, and the expert works on what came, as in the paper.
  package static let digitalOnce = digital(.raw)

  package static let allCases = [ideal, analog] + DecodeFailurePolicy.allCases.map(digital)

  private init(kind: LinkKind, onDecodeFailure: DecodeFailurePolicy?) {
    self.kind = kind
    self.onDecodeFailure = onDecodeFailure
  }

  package init?(rawValue: String) {
    guard let match = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = match
  }

  package var rawValue: String { onDecodeFailure.map { "digital-\($0.name)" } ?? kind.name }

  /// For people.
  package var title: String {
    switch (kind, onDecodeFailure) {
    case (.digital, .raw): "digital, one transmission"
    case (.digital, .erasure): "digital, lost latents replaced by the training mean"
    case (.digital, _): "digital, lost latents re-dispatched"
    case (let kind, _): kind.name
    }
  }
}
