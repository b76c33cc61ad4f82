import MixtureOfExperts
package import Radio
package import Tensors
import Transport
package import WireProtocol

/// A client's request from its arrival until its result has been sent.
struct PendingRequest {
  let client: PeerID
  /// The client's own number of the request.
  let requestID: UInt64
  /// Pixels, `[images, C, H, W]` uint8, a view into the received frame.
  let pixels: BytePayload
  let wantsProbabilities: Bool
  let wantsExplanations: Bool
  /// The number of the model that serves it.
  let model: Int
  /// Times are nanoseconds of the monotonic clock.
  let arrivedAt: UInt64
  /// When it fails with `deadlineExceeded`.
  let deadline: UInt64
  /// The windows of its images' blocks, each once; none where nobody asks for link states.
  let windows: [UInt64]
  var samples: [Sample]
  /// Samples that are neither classified nor failed.
  var unfinished: Int
}

/// One image of a request.
struct Sample {
  let block: UInt64
  let tag: UInt64
  /// What travels, once the backbone has run.
  var latent: OutgoingLatent?
  /// Once the gate has run, whatever became of the latent.
  var routing: RoutedImage?
  /// Of ``LossRule``, from 1.
  var round = 1
  /// Experts that this latent has been sent to, whatever became of it.
  var tried = ExpertSet()
  /// Those of them whose links have lost it.
  var lost = ExpertSet()
  /// How many answers it lacks because links have lost it in this round; those of the next make up for them.
  var lostInRound = 0
  /// Those that answer or have answered.
  var legs: [Leg] = []
  /// How many of them are hedges: more than it wants, each for whichever of the others is lost, fails or is last.
  var hedges = 0
  /// Whether enough experts have answered for the others to be waited for no longer than a straggler's time.
  var isCuttingOff = false
  /// What the latent has taken of the links so far.
  var use = LinkUse()
  var outcome: Outcome?
  /// When it had its outcome, in nanoseconds of the monotonic clock.
  var settledAt: UInt64 = 0

  var hasLegsUnderWay: Bool { legs.contains(where: \.isUnderWay) }
  var answers: Int { legs.count { !$0.isUnderWay } }

  /// How many answers it waits for: as many experts as were there to be asked, hedges aside.
  var wantedAnswers: Int { legs.count - hedges + lostInRound }

  /// Takes out a leg of which no answer comes; a hedge takes its place, if there is one.
  ///
  /// - Returns: whether its place is open.
  mutating func removeLeg(at place: Int) -> Bool {
    legs.remove(at: place)
    guard hedges > 0 else { return true }
    hedges -= 1
    return false
  }

  enum Outcome {
    case classified(
      Prediction, [Float], block: UInt64, use: LinkUse, shares: [InferenceResult.ExpertShare])
    case failed(ProtocolError)
  }
}

/// One latent on its way to one expert and back.
struct Leg {
  let expert: Int
  /// The number of the process that has it, which keys its link, and its node id.
  let process: UInt32
  let node: String
  let attempt: UInt32
  /// What the expert was told to do with a lost codeword.
  let onFailure: DecodeFailurePolicy
  /// The frame that carries it.
  let dispatch: UInt64
  /// The probability that the link loses it, by what the link's reports told; nil where that means nothing.
  let expectedLoss: Double?
  var state: State

  enum State {
    /// Sent; becomes `answered`, or the leg is removed.
    case underWay
    /// The class scores of the expert's output, what it was computed from, and the SNR at which the latent was carried.
    case answered(scores: [Float], snrDB: Float?, block: UInt64, delivery: Delivery)
  }

  var isUnderWay: Bool {
    if case .underWay = state { true } else { false }
  }
}

/// What the gate says of one image: a row of a batch's routing.
struct RoutedImage {
  let routing: Routing
  let row: Int
  /// What the gate saw of the links, `[n, K]` of the whole batch.
  let links: [LinkState]
  let eligible: ExpertSet
  /// When backbone and gate began and ended, in nanoseconds of the monotonic clock.
  let startedAt: UInt64
  let routedAt: UInt64
}

/// A latent vector as it leaves the base station.
package enum OutgoingLatent: Sendable {
  /// One row of a batch's latents `[n, N_F]`, over ideal and analog links.
  case values(Tensor, row: Int)
  /// Over digital links.
  case coded(CodedLatent)
}

/// A latent that a dispatch carries, with what keys its channel and what the expert does if a digital link loses it.
package struct DispatchedLatent: Sendable {
  package let latent: OutgoingLatent
  package let item: Dispatch.Item
  package let onFailure: DecodeFailurePolicy
}

/// Where a sample stands among the requests in hand.
struct SampleIndex: Hashable {
  let request: UInt64
  let image: Int
}

/// A frame of latents that an expert has not answered yet.
struct OutstandingDispatch {
  let peer: PeerID
  let expert: Int
  /// The number of the model that it is for.
  let model: Int
  /// Empty for a probe.
  let samples: [SampleIndex]
  let sentAt: UInt64
  /// How many of its samples still wait for it.
  var wanted: Int
  /// Whether its samples have been looked at for hedging.
  var isHedged = false
  /// Whether its samples have been sent elsewhere, because the reply is overdue.
  var isGivenUp = false

  var isProbe: Bool { samples.isEmpty }
  var latentCount: Int { max(samples.count, 1) }
}

/// What experts are probed with: a latent of a batch that has been computed.
struct Probe {
  let latent: OutgoingLatent
  /// The number of its model.
  let model: Int
  let item: Dispatch.Item
}
