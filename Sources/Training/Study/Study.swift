import MixtureOfExperts
package import Radio

/// A model's figures on some images: its experts on ideal links, and gates over simulated ones with several channel seeds.
package struct Study: Codable, Hashable, Sendable {
  /// One gate over one kind of link under one law.
  package struct Row: Codable, Hashable, Sendable {
    package var law: String
    package var link: StudyLink
    package var gate: EvaluatedGate
    package var topK: Int
    /// Per cent right, over all seeds; 95 % interval over images.
    package var accuracy: Interval
    /// Per cent right of each channel seed.
    package var accuracies: [Double]
    /// Per cent of images whose latents arrived as they were sent, up to quantisation and analog noise.
    package var delivered: Double
    /// Means over images and seeds.
    package var radioPerImage: LinkUse.Mean
  }

  /// By how many percentage points the channel-aware gate is better than something else on the same images and draws.
  package struct Comparison: Codable, Hashable, Sendable {
    package var law: String
    package var link: StudyLink
    package var topK: Int
    /// A gate, `base on ideal links`, or another model's gate.
    package var than: String
    package var difference: Interval
  }

  package var model: String
  package var modelDigest: String
  package var images: Int
  package var channelSeeds: [UInt64]
  package var clean: CleanFigures
  package var rows: [Row] = []
  package var comparisons: [Comparison] = []

  /// What is compared with the channel-aware gate wherever both are measured.
  static let rivals: [EvaluatedGate] = [.policy(.bestSNR), .policy(.naive)]
  package static let baseOnIdealLinks = "base on ideal links"

  package func row(
    _ gate: EvaluatedGate, over link: StudyLink, topK: Int = 1, under law: Law
  ) -> Row? {
    rows.first { $0.gate == gate && $0.link == link && $0.topK == topK && $0.law == law.name }
  }

  package func comparison(
    with rival: String, over link: StudyLink, topK: Int = 1, under law: Law
  ) -> Interval? {
    comparisons.first { $0.than == rival && $0.link == link && $0.topK == topK && $0.law == law.name }?.difference
  }
}
