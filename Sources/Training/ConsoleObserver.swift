import Foundation

/// Shows a run on a terminal, and gives its metrics to standard output as JSON lines if asked to.
package final class ConsoleObserver: TrainingObserver {
  private let imagesPerStep: Int
  private let stepsPerEpoch: Int
  private let isJSON: Bool
  private var meter: ProgressMeter?
  private var loss: Double?

  package init(imagesPerStep: Int, stepsPerEpoch: Int, isJSON: Bool) {
    self.imagesPerStep = imagesPerStep
    self.stepsPerEpoch = stepsPerEpoch
    self.isJSON = isJSON
  }

  package func began(stage: String, step: Int, of totalSteps: Int, resumed: Bool) {
    if resumed { say("\(stage): resumed at step \(step) of \(totalSteps)") }
    meter = ProgressMeter(stage, unit: "images", total: totalSteps * imagesPerStep, done: step * imagesPerStep)
  }

  package func advanced(step: Int, loss: Double, images: Int) {
    let smooth = self.loss.map { 0.98 * $0 + 0.02 * loss } ?? loss
    self.loss = smooth
    let note = "epoch \((step - 1) / stepsPerEpoch + 1)  loss \(rounded(smooth, 3))"
    meter?.update(done: step * imagesPerStep, note: note)
  }

  package func finishedEpoch(_ line: String) {
    meter?.clear()
    if isJSON { print(line) } else { say(line) }
    // Whoever reads the pipe wants each epoch when it is done.
    fflush(nil)
  }

  package func ended() { meter?.clear() }

  private func say(_ line: String) {
    meter?.clear()
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  private func rounded(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
