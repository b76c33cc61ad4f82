import Foundation
import Layers
import MixtureOfExperts
import PyTorchRecords
import Randomness
import Tensors
import Testing

/// The whole vision transformer against recorded outputs of PyTorch.
struct VisionTransformerTests {
  /// The weights of `record.py`.
  private static let network = {
    var numbers = Numbers()
    var network = VisionTransformer(using: &numbers)
    try? network.load(Safetensors(Formula.weights(like: network.namedTensors)))
    return network
  }()

  private let x = Formula.numbers(100, [4, 3, 32, 32], 1)

  @Test(arguments: backends) func `its latents, gradients and running moments agree with PyTorch`(_ backend: String)
    throws
  {
    let recorded = try Recorded("vit")
    let network = Self.network
    try Kernels.with(threads: 2, backend: Kernels.backend(named: backend)) {
      #expect(network(x).relativeDistance(to: recorded["inference"]) < 1e-4)
      let (z, pullback) = network.pulledBack(x)
      #expect(z.relativeDistance(to: recorded["training"]) < 1e-4)
      let (dx, gradient) = pullback(Formula.numbers(50, z.shape, 1))
      let gradients = Dictionary(gradient.parameters.map { ($0.name, $0.value) }) { first, _ in first }
      for name in [
        "stem.conv1.weight", "stem.bn3.weight", "stem.bn3.bias", "blocks.0.norm1.weight", "blocks.0.attn.qkv.weight",
        "blocks.2.attn.proj.weight", "blocks.3.attn.qkv.bias", "blocks.4.mlp.fc1.weight", "blocks.5.mlp.fc2.weight",
        "blocks.5.mlp.fc2.bias", "norm.weight", "norm.bias",
      ] {
        let own = try #require(gradients[name])
        let expected = recorded["gradient." + name]
        // Of matrices only the first rows are recorded. Before the stem's ReLUs single numbers may round to the other side.
        let part = own.shape.count == 2 ? own.rows(0..<4) : own
        #expect(part.relativeDistance(to: expected) < (name.hasPrefix("stem") ? 2e-2 : 1e-3), "\(name)")
      }
      let positions = try #require(gradients["pos_embed"]).reshaped([64, 384])
      #expect(positions.rows(0..<4).relativeDistance(to: recorded["gradient.pos_embed"]) < 1e-3)
      #expect(dx.relativeDistance(to: recorded["gradient.x"]) < 2e-2)
      for part in ["running_mean", "running_var"] {
        let own = try #require(gradients["stem.bn3." + part])
        #expect(own.relativeDistance(to: recorded["next.stem.bn3." + part]) < 1e-4)
      }
    }
  }

  @Test(arguments: backends) func `with half of the tokens its gradient is the slope, and inference stays`(
    _ backend: String
  ) throws {
    let stream = StreamKey(seed: 5, 1)
    let network = Self.network.withPatchDropout(0.5, stream: stream, firstImage: 9)
    let (dz, direction) = (Formula.numbers(50, [4, 384], 1), Formula.numbers(60, [1, 64, 384], 1))
    try Kernels.with(threads: 2, backend: Kernels.backend(named: backend)) {
      #expect(network(x) == Self.network(x))
      /// The weighted sum of the latents, with the tokens' places moved.
      func value(_ distance: Float) -> Double {
        var moved = network
        moved.updateParameters { name, _, value in if name == "pos_embed" { value.add(direction, scaledBy: distance) } }
        return zip(moved.pulledBack(x).y.scalars, dz.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let gradient = network.pulledBack(x).pullback(dz).gradient
      let positions = try #require(gradient.parameters.first { $0.name == "pos_embed" }).value
      let slope = zip(positions.scalars, direction.scalars).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let measured = (value(0.01) - value(-0.01)) / 0.02
      #expect(abs(slope - measured) < 0.02 * abs(measured), "\(slope), \(measured)")
      let other = Self.network.withPatchDropout(0.5, stream: stream, firstImage: 10)
      #expect(other.pulledBack(x).y != network.pulledBack(x).y)
    }
  }

  @Test(arguments: backends, Precision.allCases)
  func `an image's latents do not depend on its batch or on threads`(_ backend: String, _ precision: Precision) throws {
    let network = Self.network
    try Kernels.with(backend: Kernels.backend(named: backend), precision: precision) {
      let together = network(x)
      for image in [0, 3] {
        let alone = network(x.rows(image..<image + 1))
        #expect(alone == together.rows(image..<image + 1))
      }
      #expect(Kernels.with(threads: 3) { network(x) } == together)
      let exact = Kernels.with(precision: .fp32) { network(x) }
      #expect(together.relativeDistance(to: exact) < 0.05)
    }
  }

  @Test(arguments: backends) func `its steps of training in bfloat16 differ from those in floats by rounding`(
    _ backend: String
  ) throws {
    let network = Self.network
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      func gradient(_ precision: Precision) -> Tensor {
        Kernels.with(precision: precision) {
          let (z, pullback) = network.pulledBack(x)
          let gradient = pullback(Formula.numbers(50, z.shape, 1)).gradient
          return gradient.parameters.first { $0.name == "blocks.4.mlp.fc1.weight" }?.value ?? z
        }
      }
      let (exact, rounded) = (gradient(.fp32), gradient(.bf16))
      #expect(rounded.relativeDistance(to: exact) < 0.1)
      #expect((rounded == exact) == !Kernels.current.hasBFloat16)
    }
  }

  @Test func `it has 7,647,552 parameters under the names of PyTorch's vision transformers`() {
    let names = Self.network.parameters.map(\.name)
    #expect(Self.network.trainableCount == 7_647_552)
    #expect(names.first == "stem.conv1.weight" && names.last == "norm.bias")
    #expect(names.contains("pos_embed") && names.contains("blocks.5.attn.proj.bias"))
    #expect(names.contains("blocks.0.mlp.fc2.weight") && names.contains("stem.bn2.running_var"))
  }
}
