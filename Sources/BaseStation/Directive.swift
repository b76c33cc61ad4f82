package import MixtureOfExperts
package import Transport
package import WireProtocol

/// What the base station's logic wants done; the shell performs directives in their order.
package enum Directive: Sendable {
  /// Run backbone and gate over a batch on a compute worker and call `onRouted` with what comes out.
  case compute(Batch)
  /// Send latents to an expert process, coalesced into one frame.
  case dispatch(PeerID, OutgoingDispatch)
  /// Classify images with the base station's own experts on a compute worker, those that have time left when it comes to them,
  /// and call `onFallback`.
  case fallBack(FallbackBatch)
  /// Send any other message.
  case send(PeerID, Message, requestID: UInt64)
  /// Close a connection.
  case disconnect(PeerID, reason: String)
  /// Call `onTick` at that time, in nanoseconds of the monotonic clock.
  case wakeUp(at: UInt64)
  /// Read the model's folder again, beside the io queue, and call `onModelLoaded`.
  case loadModel
  /// Say HELLO again to those: another model is served, or an old one needed no longer.
  case announce(to: Audience)
  /// Nothing needs the model of that number any more.
  case retire(model: Int)
  /// Write to the log.
  case log(LogLine)
  /// Nothing is in flight any more and no new work is taken: the daemon may end.
  case drained
}

package enum Audience: Sendable {
  case clients
  case experts
}

/// Latents that travel to one expert process together.
package struct OutgoingDispatch: Sendable {
  package let id: UInt64
  /// The model that the latents are of.
  package let model: ServedModel
  package var latents: [DispatchedLatent]
  /// How much time is left for the last of them, in microseconds.
  package var deadlineMicroseconds: UInt32
}

/// Images that no expert can take, as many at most as one run of the backbone takes.
package struct FallbackBatch: Sendable {
  /// The number of their model.
  package let model: Int
  package internal(set) var images: [Image] = []

  package var count: Int { images.count }

  package struct Image: Sendable {
    let index: SampleIndex
    /// The pixels of its whole request, and which image it is there.
    let pixels: BytePayload
    let tag: UInt64
    /// When nobody waits for it any more, in nanoseconds of the monotonic clock.
    let deadline: UInt64
  }

  /// Those of its images that have time left.
  package func wanted(now: UInt64) -> FallbackBatch {
    FallbackBatch(model: model, images: images.filter { $0.deadline > now })
  }

  /// What the base station's own expert says of one image.
  package struct Answer: Sendable {
    package let expert: Int
    package let prediction: Prediction
    /// `[outputs]`
    package let probabilities: [Float]

    package init(expert: Int, prediction: Prediction, probabilities: [Float]) {
      self.expert = expert
      self.prediction = prediction
      self.probabilities = probabilities
    }
  }
}
