import Synchronization

/// A convolution's filters as Winograd's algorithm wants them in training: packed once for all parts of a batch that meet the same
/// weights. Whoever changes the weights takes a new one of these.
package final class TrainingFilters: Sendable {
  private let forward = Mutex<WinogradFilters?>(nil)
  private let inputGradient = Mutex<WinogradFilters?>(nil)

  package init() {}

  func forward(weight: Tensor, bias: Tensor?, activation: Activation) -> WinogradFilters {
    func fill(_ filters: inout sending WinogradFilters?) -> WinogradFilters {
      filters.filled { WinogradFilters(weight: weight, bias: bias, activation: activation) }
    }
    if let filters = forward.withLockIfAvailable({ fill(&$0) }) { return filters }
    // Another thread packs them; it will not have to pack the gradient's after them.
    _ = inputGradient.withLockIfAvailable { $0.filled { Self.gradientFilters(weight) } }
    return forward.withLock { fill(&$0) }
  }

  func inputGradient(weight: Tensor) -> WinogradFilters {
    inputGradient.withLock { $0.filled { Self.gradientFilters(weight) } }
  }

  private static func gradientFilters(_ weight: Tensor) -> WinogradFilters {
    WinogradFilters(weight: weight, bias: nil, activation: .identity, forInputGradient: true)
  }
}

extension Optional {
  fileprivate mutating func filled(by make: () -> Wrapped) -> Wrapped {
    if let self { return self }
    let made = make()
    self = made
    return made
  }
}
