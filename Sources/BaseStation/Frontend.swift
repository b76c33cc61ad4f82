import Datasets
import MixtureOfExperts
import Radio
import Tensors
import WireProtocol

/// What a base station computes of a batch: pixels, backbone, gate, ranking (eqs. 1, 2 and 7); and where no expert is left,
/// the answers of its own copies of the experts (eq. 3).
struct Frontend: Sendable {
  let model: BaseStationModel
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
    _ = classScores(of: Tensor(zeros: [1, model.description.outputCount]), by: model.head)
  }

  func callAsFunction(_ batch: Batch) -> RoutedBatch {
    let z = model.backbone(images(batch.pixels, count: batch.count))
    let routing = router.route(z, links: batch.linkStates, eligible: batch.eligible, tags: batch.tags)
    return RoutedBatch(
      batch: batch, latents: codec.map { .coded($0.encodeRows(of: z)) } ?? .values(z), routing: routing)
  }

  /// Classifies images with the base station's own expert that the gate prefers over ideal links.
  func fallBack(_ batch: FallbackBatch) -> [FallbackBatch.Answer] {
    let K = router.expertCount
    let indices = batch.images.map { ($0.pixels, $0.index.image..<$0.index.image + 1) }
    let z = model.backbone(images(indices, count: batch.count))
    let routing = router.route(
      z, links: [LinkState](repeating: .ideal, count: batch.count * K),
      eligible: [ExpertSet](repeating: .all(K), count: batch.count), tags: batch.images.map(\.tag))
    return (0..<batch.count).map { image in
      let expert = routing.best(image: image) ?? 0
      let latent = z.withUnsafeBufferPointer {
        Tensor(
          copying: UnsafeBufferPointer(rebasing: $0[image * z.rowLength..<(image + 1) * z.rowLength]),
          shape: [1, z.rowLength])
      }
      let scores = classScores(of: model.experts[expert](latent), by: model.head)
      var probabilities = [Float](repeating: 0, count: model.description.classCount)
      let prediction = scores.withUnsafeBufferPointer { scores in
        var answers = [ExpertAnswer(expert: expert, weight: 1, scores: scores)]
        return probabilities.withUnsafeMutableBufferPointer {
          model.description.combination.combine(&answers, into: $0)
        }
      }
      return FallbackBatch.Answer(expert: expert, prediction: prediction, probabilities: probabilities)
    }
  }

  /// Images, normalised, `[count, C, H, W]`, of the pixels of one request each and which images of them.
  private func images(_ parts: [(payload: BytePayload, images: Range<Int>)], count: Int) -> Tensor {
    let shape = model.description.inputShape
    return Tensor([count, shape.channels, shape.height, shape.width]) { x in
      var first = 0
      for (payload, images) in parts {
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
