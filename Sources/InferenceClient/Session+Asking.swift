import Digests
import Transport
import WireProtocol

/// What a session asks, and asks again where that may help.
extension Session {
  /// Before the first retry where the base station has not said how long to wait; doubled at each.
  private static let firstRetryDelay: Duration = .milliseconds(20)
  private static let longestRetryDelay: Duration = .seconds(1)

  /// Asks until there is an answer that a retry could not better, or no time for one. On the session's queue only.
  ///
  /// - Parameters:
  ///   - read: makes of the message what it says, and the error that is a reason to ask again, if there is one.
  ///   - completion: called once.
  func persist<Answer>(
    until deadline: MonotonicTime, retries: Int = 0, encode: @escaping Encoding,
    read: @escaping (Result<Message, InferenceError>) -> (Answer, retryBecause: InferenceError?),
    completion: @escaping (Answer, _ retries: Int) -> Void
  ) {
    ask(until: deadline, encode: encode) { [self] result in
      let (answer, obstacle) = read(result)
      guard let delay = retryDelay(after: obstacle, retries: retries, deadline: deadline) else {
        return completion(answer, retries)
      }
      _ = io.after(delay) { [self] in
        persist(until: deadline, retries: retries + 1, encode: encode, read: read, completion: completion)
      }
    }
  }

  /// How long to wait before it is asked again; nil if it is not.
  private func retryDelay(after obstacle: InferenceError?, retries: Int, deadline: MonotonicTime) -> Duration? {
    guard let obstacle, retries < options.maximumRetries else { return nil }
    var delay = min(Self.firstRetryDelay * (1 << min(retries, 16)), Self.longestRetryDelay)
    if let retryAfter = obstacle.retryAfter { delay = max(delay, retryAfter) }
    return MonotonicTime.now.advanced(by: delay) < deadline ? delay : nil
  }

  func submit(
    _ request: InferenceRequest, completion: @escaping @Sendable (Result<InferenceAnswer, InferenceError>) -> Void
  ) {
    io.async { [self] in
      let start = MonotonicTime.now
      let deadline = start.advanced(by: options.requestTimeout)
      // What the answer is of; another may be served over a connection that is made meanwhile.
      var asked: ServedModel?
      persist(until: deadline) { [self] (requestID, remaining) throws(InferenceError) in
        guard let model else { throw .closed }
        asked = model
        // The connection may have been made anew since the caller looked, to a base station of another shape.
        try request.check(for: model)
        let infer = Infer(
          count: request.count, shape: model.shape, blocks: request.firstBlock.map { .from($0) } ?? .unnamed,
          wantsProbabilities: request.wantsProbabilities, wantsExplanations: request.wantsExplanations)
        return infer.encode(requestID: requestID, deadlineMicroseconds: remaining) {
          $0.copyBytes(from: request.pixels)
        }
      } read: { [self] message in
        let outcomes = message.flatMap { self.outcomes(of: $0, count: request.count, by: asked) }
        return (outcomes, retryBecause: obstacle(in: outcomes))
      } completion: { outcomes, retries in
        let latency = MonotonicTime.now.duration(since: start)
        completion(outcomes.map { InferenceAnswer(outcomes: $0, latency: latency, retries: retries) })
      }
    }
  }

  func requestStatus(_ completion: @escaping @Sendable (Result<BaseStationStatus, InferenceError>) -> Void) {
    io.async { [self] in
      ask(until: MonotonicTime.now.advanced(by: options.requestTimeout)) { requestID, _ in
        Message.statusRequest.encode(requestID: requestID)
      } answer: { result in
        completion(
          result.flatMap {
            guard case .status(let status) = $0 else { return .failure(.badRequest("no status in the answer")) }
            return .success(BaseStationStatus(status))
          })
      }
    }
  }

  func requestReload(
    within timeout: Duration, _ completion: @escaping @Sendable (Result<String, InferenceError>) -> Void
  ) {
    io.async { [self] in
      ask(until: MonotonicTime.now.advanced(by: timeout)) { requestID, _ in
        Message.reload.encode(requestID: requestID)
      } answer: { result in
        completion(
          result.flatMap {
            guard case .reloaded(let reloaded) = $0 else { return .failure(.badRequest("no reload in the answer")) }
            return .success(reloaded.modelDigest.hex)
          })
      }
    }
  }

  // MARK: Answers

  private typealias Outcomes = [Result<Classification, InferenceError>]

  private func outcomes(of message: Message, count: Int, by model: ServedModel?) -> Result<Outcomes, InferenceError> {
    guard case .result(let result) = message, result.outcomes.count == count, let model else {
      return .failure(.badRequest("the answer does not have one outcome an image"))
    }
    return .success(
      result.outcomes.enumerated().map { index, outcome in
        switch outcome {
        case .failed(let error): .failure(InferenceError(error))
        case .classified(let classification):
          .success(
            Classification(
              classification, of: result, image: index, label: model.label(of: Int(classification.classIndex))))
        }
      })
  }

  /// The first error, where another try may help all images that have one.
  private func obstacle(in outcomes: Result<Outcomes, InferenceError>) -> InferenceError? {
    let errors: [InferenceError] =
      switch outcomes {
      case .failure(let error): [error]
      case .success(let outcomes): outcomes.compactMap { if case .failure(let error) = $0 { error } else { nil } }
      }
    return errors.allSatisfy(\.isRetryable) ? errors.first : nil
  }
}

extension Classification {
  init(_ wire: InferenceResult.Classification, of result: InferenceResult, image: Int, label: String) {
    classIndex = Int(wire.classIndex)
    self.label = label
    probability = wire.probability
    let first = image * result.classCount
    probabilities = (first..<first + result.classCount).map { result.probabilities[$0] }
    experts = result.experts(of: wire).map {
      ExpertShare(
        expert: Int($0.expert), process: $0.process, weight: $0.weight, tag: $0.tag, attempt: $0.attempt,
        snrDB: $0.snrDB, delivery: $0.delivery)
    }
    block = wire.block
    link = "\(result.link)"
    use = wire.use
    modelDigest = result.modelDigest.hex
    explanation = result.explanations.isEmpty ? nil : ImageExplanation(result.explanations[image])
  }
}
