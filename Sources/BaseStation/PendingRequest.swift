import MixtureOfExperts
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
  /// Where its latent lies, once the backbone has run.
  var latent: LatentRow?
  var routing: RoutedImage?
  /// Experts that this latent has been sent to, whatever became of it.
  var tried = ExpertSet()
  var legs: [Leg] = []
  var outcome: Outcome?

  enum Outcome {
    case classified(Prediction, [Float], block: UInt64, shares: [InferenceResult.ExpertShare])
    case failed(ProtocolError)
  }
}

/// One latent on its way to one expert and back.
struct Leg {
  let expert: Int
  /// The number of the process that has it, which keys its link, and its node id.
  let process: UInt32
  let node: String
  var state: State

  enum State {
    /// Sent; becomes `answered`, or the leg is removed.
    case underWay
    /// The expert's output, and the SNR at which the latent was carried.
    case answered(output: [Float], snrDB: Float?, block: UInt64)
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

/// A latent vector as one row of a batch's latents.
package struct LatentRow: Sendable {
  package let latents: Tensor
  package let row: Int
}

/// A latent that a dispatch carries, with what keys its channel.
package struct DispatchedLatent: Sendable {
  package let latent: LatentRow
  package let item: Dispatch.Item
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
