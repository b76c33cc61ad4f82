package import Layers
package import Tensors

/// What makes class scores of the experts' outputs at the base station, where the experts of a backbone answer with vectors
/// of features: o `[n, outputs]` to logits `[n, classes]`, one linear layer.
///
/// It reads every expert's outputs by themselves. To mix outputs first and read the mix, as the paper has it, is the same:
/// the layer is affine, and weights of a mix sum to 1.
package typealias Head = Linear

extension BackboneKind {
  /// An untrained head, if models of this backbone have one.
  package func makeHead(classCount: Int, using generator: inout some RandomNumberGenerator) -> Head? {
    hasHead ? Head(outputCount(classCount: classCount), classCount, using: &generator) : nil
  }
}

/// The class scores, `[n, classes]`, that an expert's outputs, `[n, outputs]`, stand for: they themselves where there is no
/// head.
package func classScores(of outputs: Tensor, by head: Head?) -> Tensor { head?(outputs) ?? outputs }
