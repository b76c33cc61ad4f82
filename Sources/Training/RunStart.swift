/// What a training run is about to do, for people.
package struct RunStart: Sendable {
  package let stage: String
  /// What is trained on what.
  package let subject: [Line]
  /// Where checkpoint and metrics lie; nil if nothing is kept.
  package let folder: String?
  /// Steps done before.
  package let step: Int
  package let stepsPerEpoch: Int
  package let epochs: Int
  package let isResumed: Bool

  package init(
    stage: String, subject: [Line], folder: String?, step: Int, stepsPerEpoch: Int, epochs: Int, isResumed: Bool
  ) {
    self.stage = stage
    self.subject = subject
    self.folder = folder
    self.step = step
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
    self.isResumed = isResumed
  }

  /// `data  45,000 images`.
  package struct Line: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var totalSteps: Int { epochs * stepsPerEpoch }

  package var text: String {
    let kept = folder.map { "\($0): \(Checkpoint.file), \(TrainingRun.metricsFile)" } ?? "nothing (no --run folder)"
    let steps = "\(epochs) epochs of \(stepsPerEpoch) steps"
    let lines = subject + [Line("epochs", "\(steps); \(beginning)"), Line("keeps", kept)]
    let width = lines.map(\.name.count).max() ?? 0
    return ([stage] + lines.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.value)" })
      .joined(separator: "\n")
  }

  private var beginning: String {
    guard isResumed else { return "starts anew" }
    guard step < totalSteps else { return "is done already" }
    return "resumes at step \(step + 1) of \(totalSteps), epoch \(step / stepsPerEpoch + 1)"
  }
}
