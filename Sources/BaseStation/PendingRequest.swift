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
  /// When it fails with `deadlineExceeded`, in nanoseconds of the monotonic clock.
  let deadline: UInt64
  /// When it stops waiting for link states that no report has told.
  let linkStateDeadline: UInt64
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
  /// How many links have lost it in this round.
  var lostInRound = 0
  /// Those that answer or have answered.
  var legs: [Leg] = []
  /// What the latent has taken of the links so far.
  var use = LinkUse()
  var outcome: Outcome?

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
  var state: State

  enum State {
    /// Sent; becomes `answered`, or the leg is removed.
    case underWay
    /// The expert's output, what it was computed from, and the SNR at which the latent was carried.
    case answered(output: [Float], snrDB: Float?, block: UInt64, delivery: Delivery)
  }

  var isUnderWay: Bool {
    if case .underWay = state { true } else { false }
  }
}

/// What the gate says of one image: a row of a batch's routing.
struct RoutedImage {
  let routing: Routing
  let row: Int
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
  let samples: [SampleIndex]
  let sentAt: UInt64
}
