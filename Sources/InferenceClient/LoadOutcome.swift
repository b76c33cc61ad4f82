import WireProtocol

/// What became of the images of one request of a load test.
struct LoadOutcome {
  /// Images with a class.
  private(set) var classified = 0
  /// Images that the base station refused because it was busy.
  private(set) var refused = 0
  /// Images whose time was over.
  private(set) var expired = 0
  /// Images that failed of anything else.
  private(set) var failed = 0
  private(set) var firstError: InferenceError?
  private var isRetryable = true

  /// The first error, where another try may help all images that have one.
  var obstacle: InferenceError? { isRetryable ? firstError : nil }

  /// Reads no more of the message than it counts: this happens for every request on the processors that serve them.
  init(_ message: Result<Message, InferenceError>, images: Int) {
    switch message {
    case .failure(let error): count(error, images: images)
    case .success(.result(let result)) where result.outcomes.count == images:
      for outcome in result.outcomes {
        switch outcome {
        case .classified: classified += 1
        case .failed(let error): count(InferenceError(error), images: 1)
        }
      }
    case .success: count(.badRequest("the answer does not have one outcome an image"), images: images)
    }
  }

  /// What came too late is as good as nothing.
  mutating func expire() {
    expired += classified
    if classified > 0 { firstError = firstError ?? .timedOut }
    classified = 0
  }

  private mutating func count(_ error: InferenceError, images: Int) {
    if error.isBusy {
      refused += images
    } else if error.isExpired {
      expired += images
    } else {
      failed += images
    }
    firstError = firstError ?? error
    isRetryable = isRetryable && error.isRetryable
  }
}
