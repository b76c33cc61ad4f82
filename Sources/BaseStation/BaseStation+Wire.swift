import MixtureOfExperts
import Radio
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
    let items = latents.map(\.item)
    guard configuration.link == .digital else {
      let dispatch = Dispatch(
        modelDigest: digest, link: configuration.link, latentCount: model.latentCount, items: items)
      return dispatch.encode(requestID: requestID) { (floats: UnsafeMutableBufferPointer<Float>) in
        var place = 0
        for latent in latents {
          latent.latent.withValues { z in
            _ = UnsafeMutableBufferPointer(rebasing: floats[place...]).update(fromContentsOf: z)
          }
          place += model.latentCount
        }
      }
    }
    let coded = latents.map { (bytes: $0.latent.codedBytes, onFailure: $0.onFailure) }
    let dispatch = Dispatch(
      modelDigest: digest, latentCount: model.latentCount, items: items,
      packets: coded.map { Dispatch.Packet(length: $0.bytes.count, onFailure: $0.onFailure) })
    return dispatch.encode(requestID: requestID) { (bytes: UnsafeMutableRawBufferPointer) in
      var place = 0
      for packet in coded {
        UnsafeMutableRawBufferPointer(rebasing: bytes[place...]).copyBytes(from: packet.bytes)
        place += packet.bytes.count
      }
    }
  }
}

extension OutgoingLatent {
  /// z, `[N_F]`; valid only within `body`.
  fileprivate func withValues(_ body: (UnsafeBufferPointer<Float>) -> Void) {
    guard case .values(let z, let row) = self else { preconditionFailure("values travel over analog and ideal links") }
    let count = z.shape[1]
    z.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[row * count..<(row + 1) * count])) }
  }

  fileprivate var codedBytes: [UInt8] {
    guard case .coded(let coded) = self else { preconditionFailure("codes travel over digital links") }
    return coded.bytes
  }
}
