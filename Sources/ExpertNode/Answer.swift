import Digests
package import MixtureOfExperts
package import Radio
package import Tensors
import Transport
import WireProtocol

/// What an expert makes of a dispatch: the latents as they came over the link, through its network.
package struct Answer: Sendable {
  package let work: Work
  /// How each latent came. `[count]`
  let arrivals: [Arrival]
  /// o_k = Q_k(z~), `[count, outputs]` (eq. 3); a row without a latent means nothing.
  let outputs: Tensor
  let computeMicroseconds: UInt32

  /// What the link did to one latent.
  package struct Arrival: Sendable {
    /// Instantaneous, of the latent's block; nil over an ideal link.
    package var snrDB: Float?
    /// nil where a digital link has lost the latent and nothing stands in for it.
    package var delivery: Delivery?
    package var use: LinkUse

    package init(snrDB: Float?, delivery: Delivery?, use: LinkUse = LinkUse()) {
      self.snrDB = snrDB
      self.delivery = delivery
      self.use = use
    }
  }

  /// Carries every latent over the link, z -> z~ (eqs. 5-6, or 10-11), and runs the expert network over all of them.
  package init(to work: Work, by expert: Expert, over receiver: Receiver) {
    let start = MonotonicTime.now
    let (latents, arrivals) = receiver.receive(work)
    outputs = expert(latents)
    self.work = work
    self.arrivals = arrivals
    computeMicroseconds = UInt32(clamping: MonotonicTime.now.microseconds(since: start))
  }

  package init(work: Work, arrivals: [Arrival], outputs: Tensor, computeMicroseconds: UInt32) {
    self.work = work
    self.arrivals = arrivals
    self.outputs = outputs
    self.computeMicroseconds = computeMicroseconds
  }

  /// The message that tells it. Outputs that are not finite are told as failures.
  func reply(modelDigest: SHA256Digest, queueDepth: UInt16, reports: [ChannelReport]) -> Reply {
    let width = outputs.shape[1]
    var items: [Reply.Item] = []
    let payload = FloatPayload(count: outputs.count) { floats in
      outputs.withUnsafeBufferPointer { all in
        _ = floats.initialize(fromContentsOf: all)
        for (row, arrival) in arrivals.enumerated() {
          let output = UnsafeMutableBufferPointer(rebasing: floats[row * width..<(row + 1) * width])
          var status = Reply.Status(arrival.delivery)
          if status != .lost && !output.allSatisfy(\.isFinite) { status = .failed }
          if status.delivery == nil { output.update(repeating: 0) }
          items.append(
            Reply.Item(status: status, snrDB: arrival.snrDB, block: work.blocks[row], use: arrival.use))
        }
      }
    }
    return Reply(
      modelDigest: modelDigest, outputCount: width, queueDepth: queueDepth, computeMicroseconds: computeMicroseconds,
      items: items, reports: reports, outputs: payload)
  }
}
