package import Digests
package import Radio

/// The answer to an ``Infer``: for every image its class and everything that a replay needs, or why it failed.
package struct InferenceResult: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    case classified(Classification)
    case failed(ProtocolError)
  }

  package struct Classification: Equatable, Sendable {
    package var classIndex: UInt16
    package var probability: Float
    package var block: UInt64
    /// What the latent took of the links, over all its transmissions.
    package var use: LinkUse
    /// The experts that answered, as indices into ``InferenceResult/shares``, in expert order.
    package var shares: Range<Int>
  }

  /// One expert's part in one image's answer.
  package struct ExpertShare: Equatable, Sendable {
    package var expert: UInt16
    /// The link process of the node that answered.
    package var process: UInt32
    /// The node that answered, where the base station tells.
    package var node: String?
    package var weight: Float
    package var tag: UInt64
    package var attempt: UInt32
    /// Instantaneous, of the block that carried the latent; nil over an ideal link.
    package var snrDB: Float?
    /// What the answer was computed from.
    package var delivery: Delivery

    package init(
      expert: UInt16, process: UInt32, node: String?, weight: Float, tag: UInt64, attempt: UInt32, snrDB: Float?,
      delivery: Delivery = .intact
    ) {
      self.expert = expert
      self.process = process
      self.node = node
      self.weight = weight
      self.tag = tag
      self.attempt = attempt
      self.snrDB = snrDB
      self.delivery = delivery
    }
  }

  package var modelDigest: SHA256Digest
  package var link: LinkKind
  package var gate: String
  /// One an image, in the request's order.
  package internal(set) var outcomes: [Outcome] = []
  /// All images' shares, one image's after the other's: one array, because an array an image is an allocation an image.
  package internal(set) var shares: [ExpertShare] = []
  /// One an image where the client asked, else none.
  package var explanations: [Explanation] = []
  /// `[count, classCount]`; 0 where the client did not ask. A failed image's row is zeros.
  package internal(set) var classCount: Int
  package internal(set) var probabilities: FloatPayload

  package init(
    modelDigest: SHA256Digest, link: LinkKind, gate: String, capacity: Int = 1, classCount: Int = 0,
    probabilities: FloatPayload = .empty
  ) {
    self.modelDigest = modelDigest
    self.link = link
    self.gate = gate
    self.classCount = classCount
    self.probabilities = probabilities
    outcomes.reserveCapacity(capacity)
    shares.reserveCapacity(capacity)
  }

  /// Adds the next image's class; `experts` are the shares, in expert order.
  package mutating func appendClassified(
    classIndex: UInt16, probability: Float, block: UInt64, use: LinkUse = LinkUse(), experts: [ExpertShare]
  ) {
    let first = shares.count
    shares.append(contentsOf: experts)
    outcomes.append(
      .classified(
        Classification(
          classIndex: classIndex, probability: probability, block: block, use: use, shares: first..<shares.count)))
  }

  /// Adds the next image's failure.
  package mutating func appendFailed(_ error: ProtocolError) { outcomes.append(.failed(error)) }

  /// The shares of one classification, in expert order.
  package func experts(of classification: Classification) -> ArraySlice<ExpertShare> { shares[classification.shares] }

  /// The frame, whose probabilities, `[count, classCount]`, `write` puts in place.
  package func encode(
    requestID: UInt64, writingProbabilities write: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> FrameBuffer {
    frame(requestID: requestID, floatCount: outcomes.count * classCount, writingFloats: write)
  }
}
