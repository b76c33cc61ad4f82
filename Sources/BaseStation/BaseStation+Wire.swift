import MixtureOfExperts
package import Radio
import Tensors
package import WireProtocol

/// What the base station puts into frames.
extension BaseStation {
  /// What it says of itself in its HELLO: to clients the model that serves them, to experts the oldest that is needed.
  func detail(to audience: Audience) -> Hello.BaseStation {
    let oldest = models.values.min { $0.number < $1.number } ?? model
    let told = audience == .clients ? model : oldest
    return Hello.BaseStation(
      id: configuration.id, modelName: told.description.name, digest: told.digest, inputShape: told.inputShape,
      classLabels: audience == .clients ? told.description.classLabels : [], gate: configuration.policy.rawValue,
      link: configuration.link)
  }
}

extension OutgoingDispatch {
  /// The frame that carries it over a link of that kind.
  package func frame(over link: LinkKind) -> FrameBuffer {
    let items = latents.map(\.item)
    let latentCount = model.description.latentCount
    guard link == .digital else {
      let dispatch = Dispatch(modelDigest: model.digest, link: link, latentCount: latentCount, items: items)
      return dispatch.encode(requestID: id, deadlineMicroseconds: deadlineMicroseconds) {
        (floats: UnsafeMutableBufferPointer<Float>) in
        var place = 0
        for latent in latents {
          latent.latent.withValues { z in
            _ = UnsafeMutableBufferPointer(rebasing: floats[place...]).update(fromContentsOf: z)
          }
          place += latentCount
        }
      }
    }
    let coded = latents.map { (bytes: $0.latent.codedBytes, onFailure: $0.onFailure) }
    let dispatch = Dispatch(
      modelDigest: model.digest, latentCount: latentCount, items: items,
      packets: coded.map { Dispatch.Packet(length: $0.bytes.count, onFailure: $0.onFailure) })
    return dispatch.encode(requestID: id, deadlineMicroseconds: deadlineMicroseconds) {
      (bytes: UnsafeMutableRawBufferPointer) in
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
