package import Datasets
import Digests
import Foundation
import Layers
package import MixtureOfExperts
package import Tensors

/// Latents of backbones that are kept, in files, for the trainings that come later on the same backbone; computing those of a
/// ResNet-18 takes longer than training a gate on them.
package struct LatentStore: Sendable {
  /// Nil keeps nothing.
  private let folder: String?

  package static let none = LatentStore(folder: nil)

  package init(folder: String?) { self.folder = folder }

  /// z of images, `[images, N_F]`: from its file if it was computed before by the same kernels, else computed, and kept if the
  /// folder can be written to.
  package func latents(
    of images: ImageSet, backbone: Backbone, normalisation: PixelNormalisation, augmentation: Augmentation = .none,
    seed: UInt64 = 0, view: UInt64 = 0
  ) -> Tensor {
    func computed() -> Tensor {
      Latents.of(
        images, backbone: backbone, normalisation: normalisation, augmentation: augmentation, seed: seed, view: view)
    }
    guard let folder else { return computed() }
    let shape = [images.count, backbone.kind.latentCount]
    let origin = Origin(
      backbone: Self.digest(of: backbone).hex, images: Self.digest(of: images).hex, normalisation: normalisation,
      augmentation: augmentation, seed: augmentation == .none ? 0 : seed, view: augmentation == .none ? 0 : view,
      kernels: "\(Kernels.description) \(Kernels.precision.rawValue)")
    let path = "\(folder)/\(origin.digest.hex.prefix(16)).safetensors"
    if let kept = try? Safetensors.read(path), let z = kept[Self.tensor], z.shape == shape { return z }
    let z = computed()
    // What cannot be kept is computed again the next time.
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Safetensors([(Self.tensor, z)]).write(to: path)
    return z
  }

  private static let tensor = "z"

  /// All that decides latents.
  private struct Origin: Codable {
    let backbone: String
    let images: String
    let normalisation: PixelNormalisation
    let augmentation: Augmentation
    let seed: UInt64
    let view: UInt64
    let kernels: String

    var digest: SHA256Digest {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      do {
        return SHA256Digest.of(try encoder.encode(self))
      } catch {
        preconditionFailure("strings and finite numbers can be written: \(error)")
      }
    }
  }

  private static func digest(of backbone: Backbone) -> SHA256Digest {
    var hasher = SHA256Hasher()
    for (name, value) in backbone.namedTensors {
      hasher.update(Array(name.utf8))
      value.withUnsafeBufferPointer { hasher.update(UnsafeRawBufferPointer($0)) }
    }
    return hasher.finalize()
  }

  /// Of the images in their order.
  private static func digest(of images: ImageSet) -> SHA256Digest {
    var hasher = SHA256Hasher()
    for digest in images.imageDigests() { hasher.update(digest.bytes) }
    return hasher.finalize()
  }
}
