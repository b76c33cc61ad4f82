import Layers
import Tensors
import Testing

struct MovingAverageTests {
  private func network(_ value: Float) -> BatchNormalisation {
    var layer = BatchNormalisation(2)
    layer.updateParameters { _, _, tensor in tensor = Tensor(repeating: value, shape: [2]) }
    return layer
  }

  @Test func `it follows the definition, buffers included`() {
    var average = MovingAverage(of: network(5), decay: 0.9)
    var expected = 5.0
    for step in 0..<200 {
      let value = Double(step % 7) - 2
      average.take(network(Float(value)), step: step)
      let decay = min(0.9, Double(1 + step) / Double(10 + step))
      expected = decay * expected + (1 - decay) * value
      for parameter in average.model.parameters {
        #expect(abs(Double(parameter.value[1]) - expected) < 1e-4, "\(parameter.name) at \(step)")
      }
    }
  }

  @Test func `what does not change is its own average, and the start is soon forgotten`() {
    var average = MovingAverage(of: network(1_000), decay: 0.9999)
    for step in 0..<300 { average.take(network(3), step: step) }
    #expect(abs(average.model.weight[0] - 3) < 0.01)
  }
}
