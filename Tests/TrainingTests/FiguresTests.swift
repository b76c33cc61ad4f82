import Foundation
import Testing
import Training

@Suite struct IntervalTests {
  @Test func `an interval is the mean with 1.96 standard errors on both sides`() {
    let interval = Interval(of: [0, 100, 100, 0])
    #expect(interval.mean == 50)
    #expect(abs(interval.high - interval.mean - 1.96 * (10_000 / 3 as Double).squareRoot() / 2) < 1e-9)
  }

  @Test func `a paired difference is taken image by image over the seeds' means`() {
    let a = SeededRuns(isRight: [[true, true, false], [true, false, false]])
    let b = SeededRuns(isRight: [[true, false, false], [true, false, false]])
    #expect(a.accuracies.map { Int($0.rounded()) } == [67, 33])
    let difference = a.difference(from: b)
    #expect(abs(difference.mean - 50 / 3) < 1e-9)
    #expect(abs(b.difference(from: a).mean + 50 / 3) < 1e-9)
    #expect(a.difference(from: a).high == 0)
  }
}

@Suite struct MutualInformationTests {
  @Test func `equal lists share all their entropy, unrelated ones nothing`() {
    let even = (0..<400).map { $0 % 4 }
    #expect(abs(CleanFigures.mutualInformation(even, even) - 2) < 1e-9)
    #expect(abs(CleanFigures.mutualInformation(even, (0..<400).map { $0 / 4 % 2 })) < 1e-9)
    #expect(abs(CleanFigures.mutualInformation(even, even.map { $0 / 2 }) - 1) < 1e-9)
  }
}

@Suite struct ProgressMeterTests {
  private func line(_ done: Int, _ seconds: Double, total: Int = 10_000, first: Int = 0) -> String {
    ProgressMeter("stage1", unit: "images", total: total, done: first, isTerminal: false)
      .line(done: done, seconds: seconds, note: "loss 1.5")
  }

  @Test func `a line tells share, rate and time left`() {
    #expect(line(5_000, 2) == "stage1  [############------------]  50 %  2,500 images/s  0:02 left  loss 1.5")
    #expect(line(1_000, 400, total: 100_000).contains("2 images/s") || line(1_000, 400).contains("3 images/s"))
    #expect(line(100, 100, total: 7_500).contains("2:03:20 left"))
  }

  @Test func `what was done before a resumption does not count for the rate`() {
    #expect(line(6_000, 2, first: 5_000).contains("500 images/s"))
  }
}
