import Datasets
package import Digests
package import MixtureOfExperts
package import Radio
import Tensors

/// Computes answers of a base station again, in one process, from what a result tells: model, blocks, tags and attempts key
/// all that is random about a radio link, so the same latents arrive and the same classes come out.
package struct Replay: Sendable {
  /// One expert's part in an answer.
  package struct Share: Sendable {
    let expert: Int
    /// The number of the process that answered, which keys its link; that of the base station's own experts has none.
    let process: UInt32
    let weight: Float
    let tag: UInt64
    let attempt: UInt32
    let delivery: Delivery

    package init(expert: Int, process: UInt32, weight: Float, tag: UInt64, attempt: UInt32, delivery: Delivery) {
      self.expert = expert
      self.process = process
      self.weight = weight
      self.tag = tag
      self.attempt = attempt
      self.delivery = delivery
    }
  }

  /// Stands for the base station's own experts, to which no link leads.
  private static let localProcess = UInt32.max

  package let model: MixtureModel
  package let digest: SHA256Digest
  private let link: LinkConfiguration
  private let baseStation: UInt32
  private let decisions: Decisions
  private let codec: LatentCodec?

  /// - Parameters:
  ///   - folder: the model's, all of its files.
  ///   - link: as the experts had it.
  ///   - baseStation: the base station's id, which keys its links.
  package init(
    model folder: String, link: LinkConfiguration, baseStation: UInt32, decisions: Decisions
  ) throws(ModelBundleError) {
    model = try ModelBundle.loadAll(folder)
    digest = try ModelBundle(folder: folder).digest
    self.link = link
    self.baseStation = baseStation
    self.decisions = decisions
    codec = try? model.description.latentCodec()
  }

  /// The class of one image, `[C, H, W]` uint8, whose latent travelled in `block`.
  /// - Throws: ``ReplayError`` where the answer cannot be of this model and these links.
  package func prediction(
    of pixels: [UInt8], over kind: LinkKind, block: UInt64, shares: [Share]
  ) throws(ReplayError) -> Prediction {
    let description = model.description
    let shape = description.inputShape
    guard pixels.count == shape.count else {
      throw ReplayError("an image of \(pixels.count) bytes, the model takes \(shape.count)")
    }
    guard let first = shares.first else { throw ReplayError("no expert has answered") }
    if let stranger = shares.first(where: { !model.experts.indices.contains($0.expert) }) {
      throw ReplayError("expert \(stranger.expert) of \(model.experts.count)")
    }
    let x = Tensor([1, shape.channels, shape.height, shape.width]) { x in
      pixels.withUnsafeBufferPointer { description.normalisation.normalise($0, into: x, imageCount: 1) }
    }
    let z = model.backbone(x)
    var outputs = [try answer(to: z, over: kind, block: block, first)]
    for share in shares.dropFirst() { outputs.append(try answer(to: z, over: kind, block: block, share)) }
    let classes = description.classCount
    return classScores(of: Tensor(stacking: outputs), by: model.head).withUnsafeBufferPointer { scores in
      var answers = shares.enumerated().map { place, share in
        ExpertAnswer(
          expert: share.expert, weight: share.weight,
          scores: UnsafeBufferPointer(rebasing: scores[place * classes..<(place + 1) * classes]))
      }
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: classes) { probabilities in
        description.combination.combine(&answers, into: probabilities)
      }
    }
  }

  /// o_k = Q_k(z~), `[1, outputs]`.
  private func answer(
    to z: Tensor, over kind: LinkKind, block: UInt64, _ share: Share
  ) throws(ReplayError) -> Tensor {
    let expert = model.experts[share.expert]
    guard kind != .ideal, share.process != Self.localProcess else { return expert(z) }
    let link: SimulatedLink
    do {
      link = try SimulatedLink(configuration: self.link, id: LinkID(baseStation: baseStation, process: share.process))
    } catch {
      throw ReplayError("\(error)")
    }
    guard kind == .digital else {
      var received = z
      received.withUnsafeMutableBufferPointer { z in
        _ = link.carry(
          z, powerScaling: model.description.powerScaling, kind: kind, block: block, tag: share.tag,
          attempt: share.attempt)
      }
      return expert(received)
    }
    guard let codec else { throw ReplayError("the model has no table for digital links") }
    let encoded = z.withUnsafeBufferPointer { z in
      Result { () throws(LatentEncodingError) in try codec.encode(z) }
    }
    guard let coded = try? encoded.get() else { throw ReplayError("a latent that is not finite") }
    // What stands in for a lost latent is told by how it was delivered.
    let onFailure: DecodeFailurePolicy = share.delivery == .damaged ? .raw : .erasure
    var received = Tensor(zeros: z.shape)
    let delivery = received.withUnsafeMutableBufferPointer { z in
      link.carry(
        coded, into: z, codec: codec, onFailure: onFailure, decisions: decisions, block: block, tag: share.tag,
        attempt: share.attempt
      ).delivery
    }
    guard delivery == share.delivery else {
      throw ReplayError(
        "expert \(share.expert)'s latent was delivered \(share.delivery) and is \(delivery.map { "\($0)" } ?? "lost") here"
      )
    }
    return expert(received)
  }
}

/// Why an answer cannot be replayed.
package struct ReplayError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
