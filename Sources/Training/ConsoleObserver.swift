import Foundation

/// Shows a run on a terminal, and gives its metrics to standard output as JSON lines if asked to.
package final class ConsoleObserver: TrainingObserver {
  private let imagesPerStep: Int
  private let stepsPerEpoch: Int
  private let table: EpochTable
  private let isJSON: Bool
  private var meter: ProgressMeter?
  private var loss: Double?
  private var hasShownHead = false

  package init(of stage: some TrainingStage, isJSON: Bool) {
    imagesPerStep = stage.batchSize
    stepsPerEpoch = stage.stepsPerEpoch
    table = EpochTable(stage.columns)
    self.isJSON = isJSON
  }

  package func began(_ start: RunStart) {
    say(start.text)
    meter = ProgressMeter(
      start.stage, unit: "images", total: start.totalSteps * imagesPerStep, done: start.step * imagesPerStep)
  }

  package func rehearsed(_ finding: String) { say("  checked: \(finding)") }

  package func advanced(step: Int, loss: Double, images: Int) {
    let smooth = self.loss.map { 0.98 * $0 + 0.02 * loss } ?? loss
    self.loss = smooth
    let note = "epoch \((step - 1) / stepsPerEpoch + 1)  loss \(String(format: "%.3f", smooth))"
    meter?.update(done: step * imagesPerStep, note: note)
  }

  package func finishedEpoch(_ report: EpochReport) {
    meter?.clear()
    if isJSON {
      print(report.line)
      // Whoever reads the pipe wants each epoch when it is done.
      fflush(nil)
    } else {
      if !hasShownHead { say(table.head) }
      hasShownHead = true
      say(table.row(report))
    }
  }

  package func ended() { meter?.clear() }

  private func say(_ line: String) {
    meter?.clear()
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }
}
