import Foundation
import MixtureOfExperts
package import Radio

/// An evaluation's JSON object on the command line.
package struct EvaluationReport: Codable, Hashable, Sendable {
  package struct Selection: Codable, Hashable, Sendable {
    package var expert: Int
    package var selected: Int
  }

  package struct Latency: Codable, Hashable, Sendable {
    package var p50: Double
    package var p95: Double
    package var p99: Double
    package var max: Double
  }

  package var images: Int
  package var correct: Int
  package var accuracy: Double
  package var errors: Int
  package var gate: String
  package var link: String
  package var topK: Int
  package var experts: [Selection]
  package var latency: Latency
  package var imagesPerSecond: Double
  /// Images whose latents arrived as they were sent, up to quantisation and analog noise.
  package var delivered: Int
  /// Means over the images.
  package var radio: LinkUse.Mean

  private enum CodingKeys: String, CodingKey {
    case images, correct, accuracy, errors, gate, link, experts, delivered
    case topK = "top_k"
    case latency = "latency_us"
    case imagesPerSecond = "images_per_second"
    case radio = "radio_per_image"
  }

  init(_ evaluation: Evaluation) {
    images = evaluation.outcomes.count
    correct = evaluation.correct
    accuracy = evaluation.accuracy
    errors = 0
    gate = evaluation.settings.gate.rawValue
    link = evaluation.settings.link.name
    topK = evaluation.settings.topK
    experts = evaluation.selected.enumerated().map { Selection(expert: $0, selected: $1) }
    let sorted = evaluation.latencies.sorted()
    func quantile(_ share: Double) -> Double {
      guard let last = sorted.last else { return 0 }
      let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
      return (sorted.indices.contains(place) ? sorted[place] : last).rounded()
    }
    latency = Latency(p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1))
    imagesPerSecond = evaluation.seconds > 0 ? (Double(images) / evaluation.seconds).rounded() : 0
    delivered = evaluation.delivered
    radio = evaluation.use.mean(over: images)
  }

  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
