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

@Suite struct LearningCurvesTests {
  private func withRuns(_ metrics: [String: String], _ body: ([String]) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "moe-curves-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in metrics {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)/metrics.jsonl"))
    }
    try body(metrics.keys.sorted().map { "\(folder)/\($0)" })
  }

  private let metrics = """
    {"stage":"stage1","epoch":1,"base_accuracy":30.5,"loss":2.25}
    {"stage":"stage1","epoch":2,"base_accuracy":41,"loss":1.75}

    """

  @Test func `every epoch of a run is a point of its curves`() throws {
    try withRuns(["run": metrics]) { folders in
      let script = try LearningCurves(folders: folders).script(output: "o'brien.png")
      #expect(script.contains("set output 'o''brien.png'") && script.contains("pngcairo"))
      #expect(script.contains("$loss0 << END\n1 2.25\n2 1.75\nEND"))
      #expect(script.contains("$a0_0 << END\n1 30.5\n2 41\nEND"))
      #expect(script.contains("title 'base'") && !script.contains("single expert"))
    }
  }

  @Test func `several runs go by what tells them apart`() throws {
    try withRuns(["a/stage1": metrics, "b/stage1": metrics]) { folders in
      let script = try LearningCurves(folders: folders).script(output: "x.svg")
      #expect(script.contains("title 'a/stage1'") && script.contains("title 'b/stage1'"))
      #expect(script.contains("set terminal svg"))
    }
  }

  @Test func `gnuplot draws them, where it is installed`() throws {
    guard let gnuplot = Gnuplot.installed else { return }
    try withRuns(["a": metrics, "b": #"{"epoch":1,"loss":3}"#]) { folders in
      for output in ["\(folders[0])/x.svg", "\(folders[0])/x.png"] {
        for runs in [folders, [folders[0]], [folders[1]]] {
          try gnuplot.draw(LearningCurves(folders: runs).script(output: output), to: output)
          #expect(try Data(contentsOf: URL(fileURLWithPath: output)).count > 1_000)
        }
      }
    }
  }

  @Test func `metrics that are none are one clear line`() throws {
    let huge = "{\"epoch\":1e300,\"loss\":1}\n"
    try withRuns(["bad": metrics + "{\"epoch\":3}\n", "empty": "", "huge": huge]) { folders in
      let wanted = "expected numbers epoch, a whole one, and loss"
      func complaint(_ folder: String) -> String {
        do {
          _ = try LearningCurves(folders: [folder])
          return ""
        } catch { return error.description }
      }
      #expect(complaint(folders[0]).hasSuffix("/bad/metrics.jsonl: line 3: \(wanted)"))
      #expect(complaint(folders[1]).hasSuffix("/empty/metrics.jsonl: expected an epoch, found none"))
      #expect(complaint(folders[2]).hasSuffix("/huge/metrics.jsonl: line 1: \(wanted)"))
      #expect(complaint("/nowhere").hasPrefix("/nowhere/metrics.jsonl: expected the metrics"))
    }
  }
}
