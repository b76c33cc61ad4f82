package import Layers
package import Tensors

/// F for CIFAR-sized pictures (He et al. 2016, with the 3x3 stem that small pictures want): 512 latents.
///
///     [n, 3, 32, 32] conv1 -> [n, 64, 32, 32] layer1 -> layer2 -> [n, 128, 16, 16] layer3 -> [n, 256, 8, 8]
///     layer4 -> [n, 512, 4, 4] mean over places -> [n, 512]
package struct ResNet18: Layer {
  private var stem: NormalisedConvolution
  /// layer1 to layer4 of two blocks each.
  private var stages: [[BasicBlock]]
  private let pool = GlobalAveragePool()

  package init(using generator: inout some RandomNumberGenerator) {
    stem = NormalisedConvolution(3, 64, kernel: 3, padding: 1, activation: .relu, using: &generator)
    stages = []
    var channels = 64
    for (stage, width) in [64, 128, 256, 512].enumerated() {
      stages.append([
        BasicBlock(channels, width, stride: stage == 0 ? 1 : 2, using: &generator),
        BasicBlock(width, width, stride: 1, using: &generator),
      ])
      channels = width
    }
  }

  private init(stem: NormalisedConvolution, stages: [[BasicBlock]]) {
    self.stem = stem
    self.stages = stages
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    pool(stages.joined().reduce(stem(x)) { x, block in block(x) })
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<ResNet18>) {
    let (a, stemBack) = stem.pulledBack(x)
    let (z, restBack) = restPulledBack(a)
    return (
      z,
      { dz in
        let (da, stages) = restBack(dz)
        let (dx, stem) = stemBack(da)
        return (dx, ResNet18(stem: stem, stages: stages))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> ResNet18) {
    let (a, stemBack) = stem.pulledBackFromData(x)
    let (z, restBack) = restPulledBack(a)
    return (
      z,
      { dz in
        let (da, stages) = restBack(dz)
        return ResNet18(stem: stemBack(da), stages: stages)
      }
    )
  }

  /// All after the stem, whose output is `a`.
  private func restPulledBack(
    _ a: Tensor
  ) -> (z: Tensor, pullback: (_ dz: Tensor) -> (da: Tensor, stages: [[BasicBlock]])) {
    var y = a
    var pullbacks: [[Pullback<BasicBlock>]] = []
    for stage in stages {
      pullbacks.append(
        stage.map { block in
          let (next, pullback) = block.pulledBack(y)
          y = next
          return pullback
        })
    }
    let (z, poolBack) = pool.pulledBack(y)
    return (
      z,
      { [stages, pullbacks] dz in
        var da = poolBack(dz).dx
        var gradients = stages
        for stage in stages.indices.reversed() {
          for block in stages[stage].indices.reversed() {
            (da, gradients[stage][block]) = pullbacks[stage][block](da)
          }
        }
        return (da, gradients)
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    stem.visitParameters(visit, convolution: "conv1", normalisation: "bn1")
    for stage in stages.indices {
      for block in stages[stage].indices {
        stages[stage][block].visitParameters(visit.under("layer\(stage + 1)").under(block))
      }
    }
  }
}

/// relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)); the shortcut is x itself, or a 1x1 convolution where the shape changes.
package struct BasicBlock: Layer {
  private var first: NormalisedConvolution
  private var second: NormalisedConvolution
  private var shortcut: NormalisedConvolution?
  private let relu = ReLU()

  package init(_ inChannels: Int, _ outChannels: Int, stride: Int, using generator: inout some RandomNumberGenerator) {
    first = NormalisedConvolution(
      inChannels, outChannels, kernel: 3, stride: stride, padding: 1, activation: .relu, using: &generator)
    second = NormalisedConvolution(outChannels, outChannels, kernel: 3, padding: 1, using: &generator)
    shortcut =
      stride == 1 && inChannels == outChannels
      ? nil : NormalisedConvolution(inChannels, outChannels, kernel: 1, stride: stride, using: &generator)
  }

  private init(first: NormalisedConvolution, second: NormalisedConvolution, shortcut: NormalisedConvolution?) {
    self.first = first
    self.second = second
    self.shortcut = shortcut
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    second(first(x), adding: shortcut?(x) ?? x)
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<BasicBlock>) {
    let (a, firstBack) = first.pulledBack(x)
    var (sum, secondBack) = second.pulledBack(a)
    let side = shortcut.map { $0.pulledBack(x) }
    sum += side?.y ?? x
    let (y, reluBack) = relu.pulledBack(sum)
    return (
      y,
      { [secondBack] dy in
        let dsum = reluBack(dy).dx
        let (da, second) = secondBack(dsum)
        var (dx, first) = firstBack(da)
        let sideGradient = side.map { $0.pullback(dsum) }
        dx += sideGradient?.dx ?? dsum
        return (dx, BasicBlock(first: first, second: second, shortcut: sideGradient?.gradient))
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    first.visitParameters(visit, convolution: "conv1", normalisation: "bn1")
    second.visitParameters(visit, convolution: "conv2", normalisation: "bn2")
    guard var shortcut else { return }
    shortcut.visitParameters(visit.under("downsample"), convolution: "0", normalisation: "1")
    self.shortcut = shortcut
  }
}
