package import MixtureOfExperts
package import Radio
package import Tensors
import WireProtocol

/// Images that go through backbone and gate together, with the link states that the gate sees.
package struct Batch: Sendable {
  /// The number of the model that they are for.
  package let model: Int
  let expertCount: Int
  /// Nanoseconds of the monotonic clock.
  let startedAt: UInt64
  private(set) var slices: [RequestSlice] = []
  /// The pixels of each slice, `[images, C, H, W]` uint8.
  private(set) var pixels: [(payload: BytePayload, images: Range<Int>)] = []
  /// `[count, K]`.
  package private(set) var linkStates: [LinkState] = []
  /// The experts that are up, `[count]`.
  package private(set) var eligible: [ExpertSet] = []
  /// `[count]`.
  package private(set) var tags: [UInt64] = []

  package var count: Int { tags.count }

  init(model: Int, expertCount: Int, startedAt: UInt64) {
    self.model = model
    self.expertCount = expertCount
    self.startedAt = startedAt
  }

  mutating func append(slice: RequestSlice, of request: PendingRequest) {
    slices.append(slice)
    pixels.append((request.pixels, slice.images))
    tags.append(contentsOf: request.samples[slice.images].map(\.tag))
  }

  /// What is known of one image's links: nil for experts that are not up.
  mutating func append(linkStates states: [LinkState?]) {
    precondition(states.count == expertCount, "\(states.count) link states of \(expertCount) experts")
    var up = ExpertSet()
    for (expert, state) in states.enumerated() {
      linkStates.append(state ?? .unknown)
      if state != nil { up.insert(expert: expert) }
    }
    eligible.append(up)
  }
}

/// What backbone and gate make of a batch.
package struct RoutedBatch: Sendable {
  package let batch: Batch
  /// z (eq. 1) as it will travel.
  let latents: OutgoingLatents
  /// Which experts the gate prefers for each image, `[count, K]`.
  let routing: Routing

  package init(batch: Batch, latents: OutgoingLatents, routing: Routing) {
    self.batch = batch
    self.latents = latents
    self.routing = routing
  }
}

/// A batch's latents, made ready for the link.
package enum OutgoingLatents: Sendable {
  /// `[n, N_F]`, over ideal and analog links.
  case values(Tensor)
  /// One an image, over digital links.
  case coded([Result<CodedLatent, LatentEncodingError>])

  /// The latent of one image.
  /// - Throws: where it is not finite: no link can carry it, and experts take a frame that claims otherwise for a broken one.
  func row(_ row: Int) throws(LatentEncodingError) -> OutgoingLatent {
    switch self {
    case .values(let z):
      let count = z.rowLength
      let range = z.withUnsafeBufferPointer { z in
        Result { () throws(LatentEncodingError) in
          try LatentRange(of: UnsafeBufferPointer(rebasing: z[row * count..<(row + 1) * count]))
        }
      }
      _ = try range.get()
      return .values(z, row: row)
    case .coded(let packets): return .coded(try packets[row].get())
    }
  }
}
