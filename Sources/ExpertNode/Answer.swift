package import MixtureOfExperts
package import Radio
package import Tensors
import Transport
import WireProtocol

/// What an expert makes of a job: the latents as they came over their links, through its network.
package struct Answer: Sendable {
  package let job: Job
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

  /// Carries every latent over its link, z -> z~ (eqs. 5-6, or 10-11), and runs the expert network over all of them.
  package init(to job: Job, by expert: Expert, over receiver: Receiver) {
    let start = MonotonicTime.now
    let (latents, arrivals) = receiver.receive(job)
    outputs = expert(latents)
    self.job = job
    self.arrivals = arrivals
    computeMicroseconds = UInt32(clamping: MonotonicTime.now.microseconds(since: start))
  }

  package init(job: Job, arrivals: [Arrival], outputs: Tensor, computeMicroseconds: UInt32) {
    self.job = job
    self.arrivals = arrivals
    self.outputs = outputs
    self.computeMicroseconds = computeMicroseconds
  }

  /// The message that answers one dispatch of the job, whose first latent is `first` of the job's. Outputs that are not
  /// finite are told as failures; the time is the dispatch's share of the job's.
  func reply(to work: Work, first: Int, queueDepth: UInt16, reports: [ChannelReport]) -> Reply {
    let width = outputs.shape[1]
    var items: [Reply.Item] = []
    items.reserveCapacity(work.count)
    let payload = FloatPayload(count: work.count * width) { floats in
      outputs.withUnsafeBufferPointer { all in
        _ = floats.initialize(
          fromContentsOf: UnsafeBufferPointer(rebasing: all[first * width..<(first + work.count) * width]))
        for (row, arrival) in arrivals[first..<first + work.count].enumerated() {
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
      modelDigest: work.dispatch.modelDigest, outputCount: width, queueDepth: queueDepth,
      computeMicroseconds: UInt32(UInt64(computeMicroseconds) * UInt64(work.count) / UInt64(max(arrivals.count, 1))),
      items: items,
      reports: reports, outputs: payload)
  }
}
