import Digests
import MixtureOfExperts
import Radio
package import Tensors
import Transport
import WireProtocol

/// What an expert makes of a dispatch: the latents as they came over the link, through its network.
package struct Answer: Sendable {
  package let work: Work
  /// The instantaneous SNR of each latent's block in dB; nil over an ideal link. `[count]`
  let snrDB: [Float?]
  /// o_k = Q_k(z~), `[count, outputs]` (eq. 3).
  let outputs: Tensor
  let computeMicroseconds: UInt32

  /// Carries every latent over the link, z -> z~ (eqs. 5-6), and runs the expert network over all of them.
  init(to work: Work, by expert: Expert, powerScaling: Float) {
    let start = MonotonicTime.now
    let items = work.dispatch.items
    let width = work.dispatch.latentCount
    var latents = work.dispatch.latents.withUnsafeBufferPointer { Tensor(copying: $0, shape: [items.count, width]) }
    var snrDB: [Float?] = []
    latents.withUnsafeMutableBufferPointer { floats in
      for (row, item) in items.enumerated() {
        let z = UnsafeMutableBufferPointer(rebasing: floats[row * width..<(row + 1) * width])
        let carried = work.link.carry(
          z, powerScaling: powerScaling, kind: work.dispatch.link, block: work.blocks[row], tag: item.tag,
          attempt: item.attempt)
        snrDB.append(work.dispatch.link == .ideal ? nil : carried.state.snrDB)
      }
    }
    outputs = expert(latents)
    self.work = work
    self.snrDB = snrDB
    computeMicroseconds = UInt32(clamping: MonotonicTime.now.microseconds(since: start))
  }

  package init(work: Work, snrDB: [Float?], outputs: Tensor, computeMicroseconds: UInt32) {
    self.work = work
    self.snrDB = snrDB
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
        for row in 0..<snrDB.count {
          let output = UnsafeMutableBufferPointer(rebasing: floats[row * width..<(row + 1) * width])
          let isFinite = output.allSatisfy(\.isFinite)
          if !isFinite { output.update(repeating: 0) }
          items.append(
            Reply.Item(status: isFinite ? .ok : .failed, snrDB: snrDB[row], block: work.blocks[row]))
        }
      }
    }
    return Reply(
      modelDigest: modelDigest, outputCount: width, queueDepth: queueDepth, computeMicroseconds: computeMicroseconds,
      items: items, reports: reports, outputs: payload)
  }
}
