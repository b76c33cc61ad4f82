import Datasets
import MixtureOfExperts
import Tensors

/// Some images of a training batch as stage 1 takes them.
struct TrainingBatch {
  /// `[n, C, H, W]`
  let x: Tensor
  /// `[n]`
  let labels: [SoftLabel]

  /// The images at `indices` of a training set, varied and paired as an epoch's draws say.
  init(
    _ images: ImageSet, _ indices: ArraySlice<Int>, settings: Recipe.Stage1, epoch: UInt64,
    normalisation: PixelNormalisation
  ) {
    func batch(_ indices: ArraySlice<Int>) -> Tensor {
      images.normalisedBatch(
        indices, augmentation: settings.augmentation,
        stream: Augmentation.stream(seed: settings.seed, epoch: epoch), normalisation: normalisation)
    }
    let own = batch(indices)
    guard let mixing = settings.pairs else {
      x = own
      labels = indices.map { SoftLabel(images.labels[$0]) }
      return
    }
    let stream = PairMixing.stream(seed: settings.seed, epoch: epoch)
    let draws = indices.map { mixing.draw(image: $0, of: images.count, shape: images.shape, from: stream) }
    let partners = zip(indices, draws).map { index, draw in draw?.partner ?? index }
    labels = zip(zip(indices, partners), draws).map { pair, draw in
      SoftLabel(images.labels[pair.0], images.labels[pair.1], share: draw?.ownShare ?? 1)
    }
    let others = batch(partners[...])
    var mixed = own
    let size = images.shape.count
    mixed.withUnsafeMutableBufferPointer { mixed in
      others.withUnsafeBufferPointer { others in
        for (place, draw) in draws.enumerated() {
          let range = place * size..<(place + 1) * size
          draw?.mix(
            UnsafeBufferPointer(rebasing: others[range]), into: UnsafeMutableBufferPointer(rebasing: mixed[range]),
            shape: images.shape)
        }
      }
    }
    x = mixed
  }
}
