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
    labels = zip(indices, draws).map { index, draw in
      SoftLabel(images.labels[index], images.labels[draw?.partner ?? index], share: draw?.ownShare ?? 1)
    }
    let pairs = draws.enumerated().compactMap { place, draw in draw.map { (place: place, draw: $0) } }
    let partners = batch(pairs.map(\.draw.partner)[...])
    var mixed = own
    let size = images.shape.count
    mixed.withUnsafeMutableBufferPointer { mixed in
      partners.withUnsafeBufferPointer { partners in
        for (number, pair) in pairs.enumerated() {
          pair.draw.mix(
            UnsafeBufferPointer(rebasing: partners[number * size..<(number + 1) * size]),
            into: UnsafeMutableBufferPointer(rebasing: mixed[pair.place * size..<(pair.place + 1) * size]),
            shape: images.shape)
        }
      }
    }
    x = mixed
  }
}
