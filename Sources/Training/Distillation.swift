/// How stage 1 learns from a trained model beside the labels (Hinton et al. 2015).
///
/// In the place of every cross-entropy l(x, y) of the stage's loss stands
///
///     (1 - w) l(x, y) + w T² KL(softmax(t/T) || softmax(x/T))
///
/// where t are the teacher's class scores of the image as the student sees it, varied and mixed in pairs.
package struct Distillation: Codable, Hashable, Sendable {
  /// w: the teacher's part of every loss; the label has the rest.
  package var weight: Float
  /// T: the higher, the more counts how the teacher ranks the classes that are wrong.
  package var temperature: Float

  package init(weight: Float, temperature: Float) {
    self.weight = weight
    self.temperature = temperature
  }
}
