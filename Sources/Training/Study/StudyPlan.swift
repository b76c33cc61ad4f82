import MixtureOfExperts
import Radio

/// What a study measures of a model.
package struct StudyPlan: Codable, Hashable, Sendable {
  /// Every gate under one law of links, over some kinds of link, with some numbers of experts an image.
  package struct Condition: Codable, Hashable, Sendable {
    package var law: Law
    package var links: [StudyLink]
    package var gates: [EvaluatedGate]
    /// The oracle, which asks everybody anyway, is measured with 1 only.
    package var topK: [Int]

    package init(law: Law, links: [StudyLink], gates: [EvaluatedGate], topK: [Int] = [1]) {
      self.law = law
      self.links = links
      self.gates = gates
      self.topK = topK
    }

    /// What is measured over one kind of link.
    var arms: [(gate: EvaluatedGate, topK: Int)] {
      gates.flatMap { gate in topK.filter { gate != .oracle || $0 == 1 }.map { (gate, $0) } }
    }
  }

  /// Of the channels; each gives all links another life.
  package var channelSeeds: [UInt64]
  package var conditions: [Condition]

  package init(channelSeeds: [UInt64], conditions: [Condition]) {
    self.channelSeeds = channelSeeds
    self.conditions = conditions
  }

  /// Runs of all latents over links.
  package var runCount: Int { channelSeeds.count * conditions.reduce(0) { $0 + $1.links.count } }

  package func firstViolation(under name: String) -> String? {
    func list(_ field: String, _ values: [some Hashable]) -> String? {
      if values.isEmpty { return "\(name).\(field): expected some, received none" }
      return Set(values).count < values.count ? "\(name).\(field): expected each once" : nil
    }
    // Results are found by the law's name.
    let laws = Dictionary(grouping: Set(conditions.map(\.law)), by: \.name)
    if let law = laws.first(where: { $1.count > 1 })?.key {
      return "\(name).conditions: expected laws with names of their own, received two named \(law)"
    }
    return list("channelSeeds", channelSeeds) ?? list("conditions", conditions)
      ?? conditions.enumerated().lazy.compactMap { place, condition in
        let field = "conditions.\(place)"
        return condition.law.firstViolation(under: "\(name).\(field).law") ?? list("\(field).links", condition.links)
          ?? list("\(field).gates", condition.gates) ?? list("\(field).topK", condition.topK)
          ?? condition.topK.lazy.compactMap { violation("\(name).\(field).topK", $0, 1...ExpertSet.capacity) }.first
      }.first
  }
}
