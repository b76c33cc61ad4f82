package import MixtureOfExperts
package import Radio
import Tensors
import WireProtocol

/// The expert's end of its links: what it takes to make latents of what the air has left of them.
package struct Receiver: Sendable {
  /// p, the model's (eq. 5).
  package let powerScaling: Float
  /// Source coding of digital links; nil where the model has no table.
  package let codec: LatentCodec?
  package let decisions: Decisions

  package init(powerScaling: Float, codec: LatentCodec? = nil, decisions: Decisions = .soft) {
    self.powerScaling = powerScaling
    self.codec = codec
    self.decisions = decisions
  }

  package init(_ model: ModelDescription, decisions: Decisions = .soft) {
    self.init(powerScaling: model.powerScaling, codec: try? model.latentCodec(), decisions: decisions)
  }

  /// Carries the latents of a job over their links.
  /// - Returns: z~, `[count, N_F]`, zeros where the link has lost a latent and nothing stands in for it.
  func receive(_ job: Job) -> (latents: Tensor, arrivals: [Answer.Arrival]) {
    let width = job.works[0].dispatch.latentCount
    var arrivals: [Answer.Arrival] = []
    arrivals.reserveCapacity(job.count)
    let latents = Tensor([job.count, width]) { floats in
      var first = 0
      for work in job.works {
        let rows = UnsafeMutableBufferPointer(rebasing: floats[first * width..<(first + work.count) * width])
        receive(work, into: rows, width: width, &arrivals)
        first += work.count
      }
    }
    return (latents, arrivals)
  }

  private func receive(
    _ work: Work, into rows: UnsafeMutableBufferPointer<Float>, width: Int, _ arrivals: inout [Answer.Arrival]
  ) {
    switch work.dispatch.latents {
    case .values(let floats): floats.withUnsafeBufferPointer { _ = rows.update(fromContentsOf: $0) }
    case .coded: rows.update(repeating: 0)
    }
    for (row, item) in work.dispatch.items.enumerated() {
      let z = UnsafeMutableBufferPointer(rebasing: rows[row * width..<(row + 1) * width])
      if let codec, case .coded(let packets, _) = work.dispatch.latents {
        let reception = work.link.carry(
          work.coded[row], into: z, codec: codec, onFailure: packets[row].onFailure, decisions: decisions,
          block: work.blocks[row], tag: item.tag, attempt: item.attempt)
        arrivals.append(
          Answer.Arrival(snrDB: reception.state.snrDB, delivery: reception.delivery, use: reception.use))
      } else {
        let carried = work.link.carry(
          z, powerScaling: powerScaling, kind: work.dispatch.link, block: work.blocks[row], tag: item.tag,
          attempt: item.attempt)
        let isIdeal = work.dispatch.link == .ideal
        arrivals.append(
          Answer.Arrival(snrDB: isIdeal ? nil : carried.state.snrDB, delivery: .intact, use: carried.use))
      }
    }
  }
}
