package import Datasets
import Dispatch
import Foundation
package import MixtureOfExperts
import Radio

/// The outcomes of a whole image set, and how long each took.
package struct Evaluation: Sendable {
  package let settings: EvaluationSettings
  package let expertCount: Int
  package let outcomes: [EvaluationOutcome]
  /// Computing one image from pixels to class, microseconds, on one core.
  package let latencies: [Double]
  package let seconds: Double

  /// - Parameters:
  ///   - progress: told how many images are done, from time to time.
  ///   - isInterrupted: asked from time to time; if so, the evaluation holds the images done so far.
  package init(
    _ model: MixtureModel, _ settings: EvaluationSettings, images: ImageSet, progress: (Int) -> Void = { _ in },
    isInterrupted: () -> Bool = { false }
  ) throws {
    let evaluator = try Evaluator(model, settings)
    try evaluator.check(images)
    self.settings = settings
    expertCount = model.description.expertCount
    let start = DispatchTime.now().uptimeNanoseconds
    var done: [(outcome: EvaluationOutcome, microseconds: Double)] = []
    for chunk in shards(of: images.count, size: 500) where !isInterrupted() {
      let pieces = shards(of: chunk.count, size: 50)
      done += parallelMap(pieces.count) { piece in
        pieces[piece].map { offset in
          let before = DispatchTime.now().uptimeNanoseconds
          let outcome = evaluator.outcome(of: images, at: chunk.lowerBound + offset)
          return (outcome, Double(DispatchTime.now().uptimeNanoseconds - before) / 1e3)
        }
      }.joined()
      progress(done.count)
    }
    seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    outcomes = done.map(\.outcome)
    latencies = done.map(\.microseconds)
  }

  package var correct: Int { outcomes.count(where: \.isCorrect) }
  package var accuracy: Double { outcomes.isEmpty ? 0 : Double(correct) / Double(outcomes.count) }

  /// For every expert how many images it was asked for.
  package var selected: [Int] {
    outcomes.reduce(into: [Int](repeating: 0, count: expertCount)) { counts, outcome in
      for k in outcome.experts { counts[k] += 1 }
    }
  }

  package func writePredictions(to path: String) throws(TrainingError) {
    let text = outcomes.map { $0.line + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: (error as NSError).localizedDescription)
    }
  }

  package var report: EvaluationReport { EvaluationReport(self) }
}

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

  private enum CodingKeys: String, CodingKey {
    case images, correct, accuracy, errors, gate, link, experts
    case topK = "top_k"
    case latency = "latency_us"
    case imagesPerSecond = "images_per_second"
  }

  init(_ evaluation: Evaluation) {
    images = evaluation.outcomes.count
    correct = evaluation.correct
    accuracy = evaluation.accuracy
    errors = 0
    gate = evaluation.settings.policy.rawValue
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
  }

  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
