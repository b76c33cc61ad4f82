import Datasets
import MixtureOfExperts
import Radio
import Tensors
import WireProtocol

/// What a base station computes of a batch: pixels, backbone, gate, ranking (eqs. 1, 2 and 7).
struct Frontend: Sendable {
  private let model: BaseStationModel
  private let router: Router
  /// For digital links.
  private let codec: LatentCodec?

  /// - Throws: if the model lacks the gate that the policy asks, or the table that digital links need.
  init(_ model: BaseStationModel, configuration: BaseStationConfiguration) throws(ModelBundleError) {
    self.model = model
    router = try Router(
      configuration.policy, gates: model.gates, description: model.description, link: configuration.link,
      baseStation: configuration.id,
      seed: configuration.seed)
    codec = configuration.link == .digital ? try model.description.latentCodec() : nil
  }

  /// Classifies a black image, so that no request pays for compiling kernels and packing weights.
  func warmUp() {
    let shape = model.description.inputShape
    let z = model.backbone(Tensor(zeros: [1, shape.channels, shape.height, shape.width]))
    let K = router.expertCount
    _ = router.route(z, links: [LinkState](repeating: .unknown, count: K), eligible: [.all(K)], tags: [0])
  }

  func callAsFunction(_ batch: Batch) -> RoutedBatch {
    let z = model.backbone(images(of: batch))
    let routing = router.route(z, links: batch.linkStates, eligible: batch.eligible, tags: batch.tags)
    return RoutedBatch(
      batch: batch, latents: codec.map { .coded($0.encodeRows(of: z)) } ?? .values(z), routing: routing)
  }

  /// The batch's images, normalised, `[count, C, H, W]`.
  private func images(of batch: Batch) -> Tensor {
    let shape = model.description.inputShape
    return Tensor([batch.count, shape.channels, shape.height, shape.width]) { x in
      var first = 0
      for (payload, images) in batch.pixels {
        let target = UnsafeMutableBufferPointer(
          rebasing: x[first * shape.count..<(first + images.count) * shape.count])
        payload.withUnsafeBytes { bytes in
          let pixels = bytes.bindMemory(to: UInt8.self)
          model.description.normalisation.normalise(
            UnsafeBufferPointer(rebasing: pixels[images.lowerBound * shape.count..<images.upperBound * shape.count]),
            into: target, imageCount: images.count)
        }
        first += images.count
      }
    }
  }
}

extension LatentCodec {
  /// The code of every latent of `[n, N_F]`.
  fileprivate func encodeRows(of z: Tensor) -> [Result<CodedLatent, LatentEncodingError>] {
    z.withUnsafeBufferPointer { z in
      stride(from: 0, to: z.count, by: latentCount).map { start in
        Result { () throws(LatentEncodingError) in
          try encode(UnsafeBufferPointer(rebasing: z[start..<start + latentCount]))
        }
      }
    }
  }
}
