import Datasets
import MixtureOfExperts
import Tensors

/// z of a training set by a backbone that is not trained (any more), in a few augmented views that take turns epoch by epoch;
/// each is computed once.
struct FrozenLatents: Sendable {
  private let images: ImageSet
  private let backbone: Backbone
  private let normalisation: PixelNormalisation
  private let augmentation: Augmentation
  private let seed: UInt64
  /// 0: the images as they are.
  private let viewCount: Int
  private let store: LatentStore
  private var views: [Int: Tensor] = [:]
  /// z of the current epoch's view, `[images, N_F]`.
  private(set) var z: Tensor

  /// - Parameter plain: z of the images as they are, where it is known already.
  init(
    _ images: ImageSet, backbone: Backbone, normalisation: PixelNormalisation, augmentation: Augmentation,
    seed: UInt64, viewCount: Int, plain: Tensor? = nil, store: LatentStore
  ) {
    self.images = images
    self.backbone = backbone
    self.normalisation = normalisation
    self.augmentation = augmentation
    self.seed = seed
    self.viewCount = viewCount
    self.store = store
    z = plain ?? Tensor(zeros: [0, backbone.kind.latentCount])
    if viewCount == 0, plain == nil {
      z = store.latents(of: images, backbone: backbone, normalisation: normalisation)
    }
  }

  /// Makes ``z`` the view of an epoch (0, 1, …).
  mutating func take(epoch: Int) {
    guard viewCount > 0 else { return }
    let number = epoch % viewCount
    let view =
      views[number]
      ?? store.latents(
        of: images, backbone: backbone, normalisation: normalisation, augmentation: augmentation, seed: seed,
        view: UInt64(number))
    views[number] = view
    z = view
  }
}
