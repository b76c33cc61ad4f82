import ArgumentParser
import BaseStation
import MixtureOfExperts
import Radio
import Testing
import moe_bs

struct BaseStationOptionsTests {
  private func configuration(_ options: [String]) throws -> BaseStationConfiguration {
    try BaseStationCommand.parse(["--model", "m", "--listen", "127.0.0.1:0"] + options).configuration
  }

  @Test func `every option that concerns the base station's decisions reaches them`() throws {
    var expected = BaseStationConfiguration()
    expected.id = 3
    expected.policy = .bestSNR
    expected.link = .digital
    expected.lossRule = LossRule(policy: .raw, maximumAttempts: 5)
    expected.topK = 4
    expected.minimumAnswers = 2
    expected.stragglerTime = 1_500_000
    expected.seed = 11
    expected.loadRule = LoadRule(timeConstant: 7_000_000)
    expected.computePrice = ComputePrice(perMillion: 0.25)
    expected.fallsBackToLocalExperts = true
    expected.maximumBatch = 48
    expected.maximumWait = 250_000
    expected.maximumConcurrentBatches = 6
    expected.maximumWaitingImages = 500
    expected.maximumQueueTime = 350_000_000
    expected.replyTimeout = 90_000_000
    expected.minimumReplyTimeout = 40_000_000
    expected.retryBudget = 0.125
    expected.hedgeBudget = 0.0625
    expected.reloadTimeout = 30_000_000_000
    expected.logsRequests = true
    let options = """
      --id 3 --gate best-snr --link digital --on-decode-failure raw --max-attempts 5 --top-k 4 --k-min 2
      --straggler-us 1500 --seed 11 --load-time-constant-us 7000 --compute-price 0.25 --fallback local --max-batch 48
      --max-wait-us 250 --compute-workers 6 --max-queue 500 --max-queue-ms 350 --reply-timeout-ms 90
      --min-reply-timeout-ms 40 --retry-percent 12.5 --hedge-percent 6.25 --reload-timeout 30 --log-level debug
      """
    #expect(try configuration(options.split(whereSeparator: \.isWhitespace).map(String.init)) == expected)
  }

  @Test func `without options the defaults hold, with a worker for every core`() throws {
    var expected = BaseStationConfiguration()
    expected.maximumConcurrentBatches = try configuration([]).maximumConcurrentBatches
    #expect(try configuration([]) == expected)
    #expect(expected.maximumConcurrentBatches >= 1)
  }

  @Test(arguments: [
    ["--k-min", "2"], ["--max-batch", "0"], ["--compute-workers", "257"], ["--retry-percent", "101"],
    ["--hedge-percent", "-1"], ["--reload-timeout", "0"], ["--max-queue-ms", "0"], ["--straggler-us", "60000001"],
  ])
  func `values out of range are refused by the option's name`(_ option: [String]) {
    #expect {
      try configuration([option[0] + "=" + option[1]])
    } throws: { error in
      BaseStationCommand.message(for: error).contains(option[0])
    }
  }
}
