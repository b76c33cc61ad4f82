package import Layers
package import Tensors

/// What makes class scores of the experts' answers at the base station, where the experts of a backbone answer with vectors
/// of features: o `[n, outputs]` to logits `[n, classes]`, one linear layer.
package typealias Head = Linear

extension BackboneKind {
  /// An untrained head, if models of this backbone have one.
  package func makeHead(classCount: Int, using generator: inout some RandomNumberGenerator) -> Head? {
    hasHead ? Head(outputCount(classCount: classCount), classCount, using: &generator) : nil
  }
}

/// The class scores that an expert's outputs stand for.
package func classScores(_ outputs: Tensor, _ head: Head?) -> Tensor { head?(outputs) ?? outputs }
