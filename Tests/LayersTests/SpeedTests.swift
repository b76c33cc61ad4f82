import Foundation
import Layers
import Tensors
import Testing

/// Figures, not checks: `MOE_MEASURE=1 swift test -c release --filter SpeedTests`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["MOE_MEASURE"] != nil))
struct SpeedTests {
  @Test(arguments: backends) func `LeNet-5 by the layer`(_ name: String) throws {
    let backend = try Kernels.backend(named: name)
    var generator = SystemRandomNumberGenerator()
    for batch in [1, 256] {
      for (what, layer, shape) in [
        ("conv1", Convolution(3, 6, kernel: 5, activation: .relu, using: &generator), [batch, 3, 32, 32]),
        ("conv2", Convolution(6, 16, kernel: 5, activation: .relu, using: &generator), [batch, 6, 14, 14]),
        ("pool1", MaxPool(2), [batch, 6, 28, 28]),
        ("fc1", Linear(400, 120, activation: .relu, using: &generator), [batch, 400]),
      ] as [(String, any Layer, [Int])] {
        report(name, what, layer, Tensor(uniform: 1, shape: shape, using: &generator), backend)
      }
      let x = Tensor(uniform: 1, shape: [batch, 3, 32, 32], using: &generator)
      report(name, "whole", leNet5(using: &generator), x, backend)
    }
  }

  private func report(_ name: String, _ what: String, _ layer: some Layer, _ x: Tensor, _ backend: any KernelBackend) {
    for threads in x.rowCount == 1 ? [1] : [1, 2] {
      Kernels.with(threads: threads, backend: backend) {
        let repeats = max(10, 1000 / x.rowCount)
        let inference = best(of: repeats) { _ = layer(x) }
        let (y, pullback) = what == "conv1" || what == "whole" ? fromData(layer, x) : withInput(layer, x)
        let forward = best(of: repeats) { _ = layer.pulledBack(x) }
        let backward = best(of: repeats) { pullback(y) }
        print(
          "\(name) \(what) batch \(x.rowCount) threads \(threads): inference \(inference), forward \(forward), "
            + "backward \(backward)")
      }
    }
  }

  private func fromData(_ layer: some Layer, _ x: Tensor) -> (y: Tensor, pullback: (Tensor) -> Void) {
    let (y, pullback) = layer.pulledBackFromData(x)
    return (y, { _ = pullback($0) })
  }

  private func withInput(_ layer: some Layer, _ x: Tensor) -> (y: Tensor, pullback: (Tensor) -> Void) {
    let (y, pullback) = layer.pulledBack(x)
    return (y, { _ = pullback($0) })
  }

  /// The best wall time, and beside it the processor time of one run, which other processes disturb less.
  private func best(of repeats: Int, _ body: () -> Void) -> String {
    let clock = ContinuousClock()
    let start = processorTime
    let time = (0..<repeats).map { _ in clock.measure(body) }.min() ?? .zero
    let processor = (processorTime - start) / Double(repeats) * 1e6
    return "\((time / .microseconds(1) * 10).rounded() / 10) µs (processor \((processor * 10).rounded() / 10))"
  }

  private var processorTime: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
