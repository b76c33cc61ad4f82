package import Layers
package import Tensors

/// F for CIFAR-sized pictures (LeCun et al. 1998, as the paper uses it): z = F(x), 120 latents (eq. 1).
///
///     [n, 3, 32, 32] conv1 5x5 -> [n, 6, 28, 28] pool -> [n, 6, 14, 14] conv2 5x5 -> [n, 16, 10, 10] pool -> [n, 400] fc1 -> [n, 120]
package struct LeNet5: Layer {
  package var conv1: Convolution
  package var conv2: Convolution
  package var fc1: Linear
  private let pool = MaxPool(2)
  private let flatten = Flatten()

  package init(using generator: inout some RandomNumberGenerator) {
    conv1 = Convolution(3, 6, kernel: 5, activation: .relu, using: &generator)
    conv2 = Convolution(6, 16, kernel: 5, activation: .relu, using: &generator)
    fc1 = Linear(16 * 5 * 5, 120, activation: .relu, using: &generator)
  }

  private init(conv1: Convolution, conv2: Convolution, fc1: Linear) {
    self.conv1 = conv1
    self.conv2 = conv2
    self.fc1 = fc1
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    fc1(flatten(pool(conv2(pool(conv1(x))))))
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<LeNet5>) {
    let (a, conv1Back) = conv1.pulledBack(x)
    let (z, restBack) = restPulledBack(a)
    return (
      z,
      { dz in
        let (da, conv2, fc1) = restBack(dz)
        let (dx, conv1) = conv1Back(da)
        return (dx, LeNet5(conv1: conv1, conv2: conv2, fc1: fc1))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> LeNet5) {
    let (a, conv1Back) = conv1.pulledBackFromData(x)
    let (z, restBack) = restPulledBack(a)
    return (
      z,
      { dz in
        let (da, conv2, fc1) = restBack(dz)
        return LeNet5(conv1: conv1Back(da), conv2: conv2, fc1: fc1)
      }
    )
  }

  /// All after conv1, whose output is `a`.
  private func restPulledBack(
    _ a: Tensor
  ) -> (z: Tensor, pullback: (_ dz: Tensor) -> (da: Tensor, conv2: Convolution, fc1: Linear)) {
    let (b, pool1Back) = pool.pulledBack(a)
    let (c, conv2Back) = conv2.pulledBack(b)
    let (d, pool2Back) = pool.pulledBack(c)
    let (e, flattenBack) = flatten.pulledBack(d)
    let (z, fc1Back) = fc1.pulledBack(e)
    return (
      z,
      { dz in
        let (de, fc1) = fc1Back(dz)
        let (db, conv2) = conv2Back(pool2Back(flattenBack(de).dx).dx)
        return (pool1Back(db).dx, conv2, fc1)
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    conv1.visitParameters(visit.under("conv1"))
    conv2.visitParameters(visit.under("conv2"))
    fc1.visitParameters(visit.under("fc1"))
  }
}
