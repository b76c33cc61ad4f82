import Foundation
import MixtureOfExperts
import Testing

@Suite struct CombinationTests {
  /// Combines answers given as (expert, weight, outputs).
  private func combine(
    _ combination: Combination, _ answers: [(Int, Float, [Float])]
  ) -> (prediction: Prediction, probabilities: [Float]) {
    var probabilities = [Float](repeating: -1, count: answers[0].2.count)
    let outputs = answers.map { answer in
      let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: answer.2.count)
      _ = copy.initialize(from: answer.2)
      return copy
    }
    defer { for copy in outputs { copy.deallocate() } }
    var list = zip(answers, outputs).map {
      ExpertAnswer(expert: $0.0, weight: $0.1, scores: UnsafeBufferPointer($1))
    }
    let prediction = probabilities.withUnsafeMutableBufferPointer { combination.combine(&list, into: $0) }
    return (prediction, probabilities)
  }

  private func softmax(_ logits: [Float]) -> [Float] {
    let e = logits.map { expf($0) }
    return e.map { $0 / e.reduce(0, +) }
  }

  @Test func `one answer passes unchanged whatever its weight`() {
    for combination in [Combination.probabilities, .logits] {
      let (prediction, probabilities) = combine(combination, [(3, 0.07, [1, 2, 0])])
      #expect(prediction.classIndex == 1)
      for (got, wanted) in zip(probabilities, softmax([1, 2, 0])) { #expect(abs(got - wanted) < 1e-6) }
    }
  }

  @Test func `probabilities mix after the softmax, logits before it`() {
    let answers: [(Int, Float, [Float])] = [(0, 0.75, [1, 0]), (1, 0.25, [0, 100])]
    let robust = combine(.probabilities, answers)
    #expect(abs(robust.probabilities[0] - 0.75 * softmax([1, 0])[0]) < 1e-6)
    #expect(robust.prediction.classIndex == 0)
    let paper = combine(.logits, answers)
    #expect(paper.prediction.classIndex == 1)
    #expect(abs(paper.probabilities[0] - softmax([0.75, 25])[0]) < 1e-6)
  }

  @Test func `weights are renormalised over those that answered`() {
    let (_, probabilities) = combine(.probabilities, [(0, 0.1, [0, 1]), (2, 0.3, [2, 0])])
    #expect(abs(probabilities[0] - (0.25 * softmax([0, 1])[0] + 0.75 * softmax([2, 0])[0])) < 1e-6)
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6)
  }

  @Test func `the order of arrival does not change a bit`() {
    let answers: [(Int, Float, [Float])] = [
      (0, 0.3, [0.1, 0.7, -2]), (4, 0.123, [3, 0.2, 1]), (7, 0.21, [-1, 2.5, 0.3]),
    ]
    for combination in [Combination.probabilities, .logits] {
      let forward = combine(combination, answers)
      #expect(combine(combination, answers.reversed()).probabilities == forward.probabilities)
    }
  }

  @Test func `vanished weights count equally`() {
    let (_, probabilities) = combine(.probabilities, [(0, 0, [9, 0]), (1, 0, [0, 9])])
    #expect(abs(probabilities[0] - 0.5) < 1e-6)
  }

  @Test func `outputs that are not finite carry no evidence`() {
    for bad: Float in [.nan, .infinity] {
      for combination in [Combination.probabilities, .logits] {
        let (prediction, probabilities) = combine(combination, [(0, 0.9, [bad, 0, 1]), (1, 0.1, [0, 0, 5])])
        #expect(prediction.classIndex == 2)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      }
    }
  }
}
