import Foundation
import Layers
import MixtureOfExperts
import PyTorchRecords
import Tensors
import Testing

/// The whole ResNet-18 against recorded outputs of PyTorch.
struct ResNetTests {
  /// The weights of `record.py`.
  private static let network = {
    var numbers = Numbers()
    var network = ResNet18(using: &numbers)
    var salt: UInt64 = 0
    network.updateParameters { name, _, value in
      salt += 1
      value = Formula.weights(salt, name, value.shape)
    }
    return network
  }()

  private let x = Formula.numbers(100, [4, 3, 32, 32], 1)

  @Test(arguments: backends) func `its latents, gradients and running moments agree with PyTorch`(_ backend: String)
    throws
  {
    let recorded = try Recorded("resnet18")
    let network = Self.network
    try Kernels.with(threads: 2, backend: Kernels.backend(named: backend)) {
      #expect(network(x).relativeDistance(to: recorded["inference"]) < 1e-4)
      let (z, pullback) = network.pulledBack(x)
      #expect(z.relativeDistance(to: recorded["training"]) < 1e-4)
      let (dx, gradient) = pullback(Formula.numbers(50, z.shape, 1))
      func check(_ own: Tensor, _ name: String) {
        let expected = recorded[name]
        // Kernels that sum in another order may round to the other side of one ReLU's kink, as PyTorch's in single precision
        // do here. That moves single gradients by per cents and all of them together by little.
        #expect((own - expected).rootMeanSquare < 0.02 * expected.rootMeanSquare, "\(name)")
        if backend == "reference" { #expect(own.relativeDistance(to: expected) < 1e-3, "\(name)") }
      }
      check(dx, "gradient.x")
      let gradients = Dictionary(gradient.parameters.map { ($0.name, $0.value) }) { first, _ in first }
      for name in [
        "conv1.weight", "bn1.weight", "bn1.bias", "layer2.0.downsample.0.weight", "layer4.1.bn2.weight",
        "layer4.1.bn2.bias",
      ] {
        check(try #require(gradients[name]), "gradient." + name)
      }
      for name in ["bn1.running_mean", "bn1.running_var", "layer4.1.bn2.running_mean", "layer4.1.bn2.running_var"] {
        let own = try #require(gradients[name])
        #expect(own.relativeDistance(to: recorded["next." + name]) < 1e-4, "\(name)")
      }
    }
  }

  @Test(arguments: backends) func `an image's latents do not depend on its batch`(_ backend: String) throws {
    let network = Self.network
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      let together = network(x)
      for image in [0, 3] {
        let alone = network(x.rows(image..<image + 1))
        #expect(alone == together.rows(image..<image + 1))
      }
    }
  }

  @Test func `it has 11,168,832 parameters under torchvision's names`() {
    let names = Self.network.parameters.map(\.name)
    #expect(Self.network.trainableCount == 11_168_832)
    #expect(names.first == "conv1.weight" && names.last == "layer4.1.bn2.running_var")
    #expect(names.contains("layer3.0.downsample.1.running_mean"))
    #expect(!names.contains { $0.hasPrefix("layer1.0.downsample") })
  }
}

extension Tensor {
  fileprivate var rootMeanSquare: Float {
    Float((scalars.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)).squareRoot())
  }
}
