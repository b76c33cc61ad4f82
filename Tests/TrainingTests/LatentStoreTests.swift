import Datasets
import Foundation
import Layers
import MixtureOfExperts
import Randomness
import Tensors
import Testing
import Training

@Suite struct LatentStoreTests {
  private let images = squares(40)
  private let normalisation = PixelNormalisation(mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25])
  private let shifts = Augmentation(padding: 2)

  private func backbone(seed: UInt64 = 1) -> Backbone {
    var generator = CounterGenerator(seed: seed)
    return Backbone(.leNet5, using: &generator)
  }

  private func files(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
  }

  @Test func `latents are kept bit for bit, and read instead of computed`() throws {
    try withScratchFolder { folder in
      let store = LatentStore(folder: folder + "/latents")
      let z = store.latents(of: images, backbone: backbone(), normalisation: normalisation)
      #expect(z == Latents.of(images, backbone: backbone(), normalisation: normalisation))
      let file = try #require(files(in: folder + "/latents").first)
      #expect(store.latents(of: images, backbone: backbone(), normalisation: normalisation) == z)
      // What lies there is what is taken.
      let other = Tensor(zeros: z.shape)
      try write(other, to: folder + "/latents/" + file)
      #expect(store.latents(of: images, backbone: backbone(), normalisation: normalisation) == other)
      // What cannot be it is computed again.
      try write(Tensor(zeros: [3, 3]), to: folder + "/latents/" + file)
      #expect(store.latents(of: images, backbone: backbone(), normalisation: normalisation) == z)
      try Data("broken".utf8).write(to: URL(fileURLWithPath: folder + "/latents/" + file))
      #expect(store.latents(of: images, backbone: backbone(), normalisation: normalisation) == z)
      #expect(store.latents(of: images, backbone: backbone(), normalisation: normalisation) == z)
    }
  }

  private func write(_ z: Tensor, to path: String) throws {
    try Safetensors([("z", z)]).write(to: path)
  }

  @Test func `every backbone, order of images, augmentation, seed and view has its own file`() throws {
    try withScratchFolder { folder in
      let store = LatentStore(folder: folder + "/latents")
      func take(
        _ images: ImageSet? = nil, _ network: UInt64 = 1, _ augmentation: Augmentation = .none, _ seed: UInt64 = 0,
        _ view: UInt64 = 0
      ) -> Tensor {
        store.latents(
          of: images ?? self.images, backbone: backbone(seed: network), normalisation: normalisation,
          augmentation: augmentation, seed: seed, view: view)
      }
      let turned = images.selecting((0..<40).reversed())
      let all = [
        take(), take(nil, 2), take(turned), take(nil, 1, shifts), take(nil, 1, shifts, 1), take(nil, 1, shifts, 0, 1),
      ]
      #expect(files(in: folder + "/latents").count == all.count)
      #expect(Set(all.map { "\($0.scalars)" }).count == all.count)
      // Images as they are do not depend on a seed.
      _ = take(nil, 1, .none, 7, 7)
      #expect(files(in: folder + "/latents").count == all.count)
      #expect(LatentStore.none.latents(of: images, backbone: backbone(), normalisation: normalisation) == all[0])
    }
  }
}
