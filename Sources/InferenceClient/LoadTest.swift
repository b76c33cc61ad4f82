import Synchronization

/// Measures a base station under closed-loop load: so many callers, each sending its next request when the last is
/// answered, for so long.
package struct LoadTest: Sendable {
  package struct Report: Sendable {
    package var requests = 0
    package var images = 0
    /// Images without a class.
    package var errors = 0
    package var retries = 0
    package var latencies = LatencyHistogram()
    package var elapsed: Duration = .zero
    package var firstError: InferenceError?

    package var imagesPerSecond: Double { elapsed > .zero ? Double(images - errors) / elapsed.inSeconds : 0 }
  }

  package let client: InferenceClient
  package let concurrency: Int
  /// Images in each request.
  package let batch: Int
  package let warmUp: Duration
  package let duration: Duration

  package init(client: InferenceClient, concurrency: Int, batch: Int, warmUp: Duration, duration: Duration) {
    precondition(batch > 0, "\(batch) images a request")
    self.client = client
    self.concurrency = concurrency
    self.batch = batch
    self.warmUp = warmUp
    self.duration = duration
  }

  /// - Parameter pixels: images to send in turn, one after the other, each of the model's shape; at least one.
  package func run(sending pixels: [UInt8]) async -> Report {
    let size = client.model.bytesPerImage
    let available = pixels.count / size
    precondition(available > 0, "no image to send")
    let requests = (0..<min(available, 64)).map { first in
      InferenceRequest(
        pixels: (0..<batch).flatMap { offset in
          let image = (first * batch + offset) % available
          return pixels[image * size..<(image + 1) * size]
        }, count: batch)
    }
    _ = await load(requests, for: warmUp)
    return await load(requests, for: duration)
  }

  private func load(_ requests: [InferenceRequest], for duration: Duration) async -> Report {
    let start = ContinuousClock.now
    let end = start + duration
    let cursor = Atomic(0)
    let collected = Mutex(Report())
    await ClosedLoop(client: client, concurrency: concurrency).run {
      guard ContinuousClock.now < end else { return nil }
      let turn = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
      return ((), requests[turn % requests.count])
    } onAnswer: { (_: Void, result) in
      collected.withLock { $0.add(result, batch: batch) }
    }
    var report = collected.withLock { $0 }
    report.elapsed = ContinuousClock.now - start
    return report
  }
}

extension LoadTest.Report {
  fileprivate mutating func add(_ result: Result<InferenceAnswer, InferenceError>, batch: Int) {
    requests += 1
    images += batch
    switch result {
    case .failure(let error):
      errors += batch
      firstError = firstError ?? error
    case .success(let answer):
      retries += answer.retries
      latencies.record(answer.latency)
      for case .failure(let error) in answer.outcomes {
        errors += 1
        firstError = firstError ?? error
      }
    }
  }
}

/// Pictures for load tests: smooth gradients with noise, the same at every run.
package func generatedImages(count: Int, channels: Int, height: Int, width: Int) -> [UInt8] {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  return (0..<count * channels * height * width).map { position in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let x = position % width
    let y = position / width % height
    return UInt8(truncatingIfNeeded: (x * 5 + y * 3 + position / (width * height) * 37) / 2 + Int(state >> 60))
  }
}
