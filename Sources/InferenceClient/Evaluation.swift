package import Datasets
package import Radio
import Synchronization

/// Sends every image of a labelled set and counts what comes back. Image i travels in block i, so that the same seed and
/// base station id give the same answers, whatever the concurrency.
package struct Evaluation: Sendable {
  /// What became of one image.
  package struct Prediction: Sendable {
    package let index: Int
    package let label: Int
    /// The answer; an error counts as wrong.
    package let outcome: Result<Classification, InferenceError>

    package var isCorrect: Bool {
      if case .success(let classification) = outcome { classification.classIndex == label } else { false }
    }
  }

  package struct Report: Sendable {
    /// In the order of the images.
    package var predictions: [Prediction]
    package var latencies: LatencyHistogram
    package var retries: Int
    package var elapsed: Duration

    package var correct: Int { predictions.count(where: \.isCorrect) }
    package var errors: Int {
      predictions.count { if case .failure = $0.outcome { true } else { false } }
    }
    package var accuracy: Double { predictions.isEmpty ? 0 : Double(correct) / Double(predictions.count) }
    /// Images whose every expert has answered from the latent as its link delivered it.
    package var delivered: Int { classifications.count(where: \.isDelivered) }
    /// What all images took of the links.
    package var use: LinkUse { classifications.reduce(into: LinkUse()) { $0 += $1.use } }
    package var classifications: [Classification] { predictions.compactMap { try? $0.outcome.get() } }
    package var imagesPerSecond: Double {
      elapsed > .zero ? Double(predictions.count) / elapsed.inSeconds : 0
    }
  }

  package let client: InferenceClient
  package let concurrency: Int

  package init(client: InferenceClient, concurrency: Int) {
    self.client = client
    self.concurrency = concurrency
  }

  /// - Parameter onProgress: told the number of images answered so far, after each.
  package func run(
    over images: ImageSet, onProgress: @escaping @Sendable (_ answered: Int) -> Void = { _ in }
  ) async throws(InferenceError) -> Report {
    let model = client.model
    guard images.shape == model.shape else {
      throw .badRequest("\(images.name) has images of \(images.shape), the model takes \(model.shape)")
    }
    let cursor = Atomic(0)
    let start = ContinuousClock.now
    let collected = Mutex(
      Report(predictions: [], latencies: LatencyHistogram(), retries: 0, elapsed: .zero))
    let loop = ClosedLoop(client: client, concurrency: concurrency)
    await loop.run {
      let index = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < images.count else { return nil }
      return (index, InferenceRequest(pixels: Array(images[index]), firstBlock: UInt64(index)))
    } onAnswer: { (index: Int, result) in
      let answered = collected.withLock { report in
        report.add(index: index, label: images.labels[index], result)
        return report.predictions.count
      }
      onProgress(answered)
    }
    var report = collected.withLock { $0 }
    report.elapsed = ContinuousClock.now - start
    report.predictions.sort { $0.index < $1.index }
    return report
  }
}

extension Evaluation.Report {
  fileprivate mutating func add(index: Int, label: Int, _ result: Result<InferenceAnswer, InferenceError>) {
    let outcome = result.flatMap { $0.outcomes.first ?? .failure(.badRequest("an answer without an outcome")) }
    if case .success(let answer) = result {
      latencies.record(answer.latency)
      retries += answer.retries
    }
    predictions.append(Evaluation.Prediction(index: index, label: label, outcome: outcome))
  }
}
