import Foundation
import Testing
import Training

@Suite struct RunReportsTests {
  private let report = EpochReport(
    stage: "stage1", epoch: 3, epochs: 24,
    figures: [
      "loss": 4.12345678, "learning_rate": 8e-7, "images_per_second": 142.4, "seconds": 312.2, "base_accuracy": 45.2,
      "best_expert_accuracy": 44,
    ])

  @Test func `an epoch is one line of JSON with names in order and small numbers kept`() {
    #expect(
      report.line
        == #"{"stage":"stage1","epoch":3,"base_accuracy":45.2,"best_expert_accuracy":44,"images_per_second":142.4,"#
        + #""learning_rate":8e-07,"loss":4.12346,"seconds":312.2}"#)
  }

  @Test func `a row of the table stands under its head`() {
    let table = EpochTable([
      EpochTable.Column("base %", "base_accuracy"), EpochTable.Column("best single %", "best_expert_accuracy"),
      EpochTable.Column("mean single %", "mean_expert_accuracy"),
    ])
    #expect(
      table.head == "  epoch     loss   base %  best single %  mean single %     rate    img/s     time")
    #expect(
      table.row(report) == "   3/24   4.1235    45.20          44.00                   8e-07      142     5:13")
  }

  @Test func `a run says what it trains, where it starts and what it keeps`() {
    func start(_ folder: String?, step: Int) -> RunStart {
      RunStart(
        stage: "stage1", subject: [RunStart.Line("trains", "a network")], folder: folder, step: step, stepsPerEpoch: 10,
        epochs: 4, isResumed: step > 0)
    }
    #expect(
      start("runs/a", step: 12).text == """
        stage1
          trains  a network
          epochs  4 epochs of 10 steps; resumes at step 13 of 40, epoch 2
          keeps   runs/a: checkpoint.safetensors, metrics.jsonl
        """)
    #expect(start(nil, step: 0).text.hasSuffix("starts anew\n  keeps   nothing (no --run folder)"))
  }
}
