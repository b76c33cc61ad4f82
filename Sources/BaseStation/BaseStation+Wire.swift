import MixtureOfExperts
import Tensors
import WireProtocol

/// What the base station puts into frames.
extension BaseStation {
  /// What it says of itself in its HELLO.
  func detail(withLabels: Bool) -> Hello.BaseStation {
    Hello.BaseStation(
      id: configuration.id, modelName: model.name, digest: digest, inputShape: inputShape,
      classLabels: withLabels ? model.classLabels : [], gate: configuration.policy.rawValue, link: configuration.link)
  }

  /// Latents that travel to one expert together.
  func dispatchFrame(_ latents: [DispatchedLatent], requestID: UInt64) -> FrameBuffer {
    let dispatch = Dispatch(
      modelDigest: digest, link: configuration.link, latentCount: model.latentCount, items: latents.map(\.item))
    return dispatch.encode(requestID: requestID) { floats in
      var place = 0
      for latent in latents {
        latent.latent.withRow { row in
          _ = UnsafeMutableBufferPointer(rebasing: floats[place...]).update(fromContentsOf: row)
        }
        place += model.latentCount
      }
    }
  }
}

extension LatentRow {
  /// z of one image, `[N_F]`; valid only within `body`.
  func withRow(_ body: (UnsafeBufferPointer<Float>) -> Void) {
    let count = latents.shape[1]
    latents.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[row * count..<(row + 1) * count])) }
  }
}
