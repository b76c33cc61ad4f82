package import Radio

/// A law that the links follow: N(meanDB, stdDB²) dB, before Rayleigh fading or after it, or a scenario, changed by keys of its own.
package struct Law: Codable, Hashable, Sendable {
  /// For people; absent: told from what follows.
  package var title: String?
  package var meanDB: Double?
  package var stdDB: Double?
  /// Of what the normal law speaks; absent: before fading.
  package var reference: Reference?
  /// A scenario's name; absent: `paper`.
  package var scenario: String?
  /// Values that replace the scenario's, by key.
  package var settings: [String: String]?

  package enum Reference: String, Word {
    case preFading = "pre-fading"
    case postFading = "post-fading"
  }

  package init(
    title: String? = nil, meanDB: Double? = nil, stdDB: Double? = nil, reference: Reference? = nil,
    scenario: String? = nil, settings: [String: String]? = nil
  ) {
    self.title = title
    self.meanDB = meanDB
    self.stdDB = stdDB
    self.reference = reference
    self.scenario = scenario
    self.settings = settings
  }

  /// `N(30, 50²) dB before fading`
  package var name: String {
    if let title { return title }
    func number(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e9 ? "\(Int(x))" : "\(x)" }
    let normal = meanDB.flatMap { mean in stdDB.map { "N(\(number(mean)), \(number($0))²) dB" } }
    let place = (reference ?? (normal == nil ? nil : .preFading)).map {
      $0 == .postFading ? "after fading" : "before fading"
    }
    let snr = [normal ?? (place == nil ? nil : "SNR"), place].compactMap(\.self).joined(separator: " ")
    let changes = (settings ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ([scenario, snr.isEmpty ? nil : snr].compactMap(\.self) + changes).joined(separator: ", ")
  }

  /// The links of one channel seed.
  package func configuration(seed: UInt64) -> LinkConfiguration {
    do {
      return try links(seed: seed)
    } catch {
      preconditionFailure("a law is checked before it is used: \(error)")
    }
  }

  private func links(seed: UInt64) throws -> LinkConfiguration {
    var values = settings ?? [:]
    if let meanDB, let stdDB {
      values["snr-law"] = "normal"
      values["snr-mean-db"] = "\(meanDB)"
      values["snr-std-db"] = "\(stdDB)"
    }
    if let reference { values["snr-reference"] = reference.rawValue }
    let scenario = try Scenario(
      self.scenario ?? "paper", overriding: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    ) { path in
      throw TrainingError.file(path: path, reason: "expected one of \(Scenario.names.joined(separator: ", "))")
    }
    var configuration = scenario.configuration
    configuration.seed = seed
    return configuration
  }

  func firstViolation(under name: String) -> String? {
    if (meanDB == nil) != (stdDB == nil) { return "\(name): expected both of meanDB and stdDB, received one" }
    if meanDB == nil, scenario == nil, settings == nil {
      return "\(name): expected meanDB and stdDB, scenario or settings, received none"
    }
    if let wrong = violation("\(name).meanDB", meanDB ?? 0, -200...200)
      ?? violation("\(name).stdDB", stdDB ?? 0, 0...100)
    {
      return wrong
    }
    do {
      _ = try links(seed: 0)
      return nil
    } catch {
      return "\(name): \(error)"
    }
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
