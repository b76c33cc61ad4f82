import ArgumentParser
import BaseStation
import CommandOptions
import Foundation

/// How a base station batches, how long it waits, and when it refuses.
struct ServiceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Images that share one run of the backbone at most.", valueName: "n"))
  var maxBatch: Int = 32

  @Option(
    help: ArgumentHelp(
      "How long an idle worker waits for a batch to fill; 0 (default) starts at once, since batches fill while workers "
        + "are busy.", valueName: "us"))
  var maxWaitUs: Int = 0

  @Option(help: ArgumentHelp("Batches computed at once, on a core each; by default one a core.", valueName: "n"))
  var computeWorkers: Int = min(256, ProcessInfo.processInfo.activeProcessorCount)

  @Option(help: ArgumentHelp("Images that wait at most; further requests are told to come back later.", valueName: "n"))
  var maxQueue: Int = 4096

  @Option(
    help: ArgumentHelp(
      "How long what waits may be expected to take; further requests are told to come back later.", valueName: "ms"))
  var maxQueueMs: Int = 1000

  @Option(
    help: ArgumentHelp(
      "After so long without a reply, or sooner by the expert's usual time, a latent goes to the next-best expert.",
      valueName: "ms"))
  var replyTimeoutMs: Int = 250

  @Option(
    help: ArgumentHelp(
      "No expert is given up sooner than this, however fast it is usually; the value of --reply-timeout-ms has every "
        + "expert given that time.", valueName: "ms"))
  var minReplyTimeoutMs: Int = 100

  @Option(
    help: ArgumentHelp(
      "Latents that may be sent again because experts fail, in a hundred images; a reserve for bursts is beside it.",
      valueName: "percent"))
  var retryPercent: Double = 10

  @Option(
    help: ArgumentHelp(
      "How long experts may take to load a model before a reload is given up, whatever its caller waits.",
      valueName: "seconds"))
  var reloadTimeout: Int = 60

  func validate() throws {
    try checkRange("max-batch", maxBatch, 1...1024)
    try checkRange("max-wait-us", maxWaitUs, 0...10_000_000)
    try checkRange("compute-workers", computeWorkers, 1...256)
    try checkRange("max-queue", maxQueue, 1...1_000_000)
    try checkRange("max-queue-ms", maxQueueMs, 1...3_600_000)
    try checkRange("reply-timeout-ms", replyTimeoutMs, 1...60_000)
    try checkRange("min-reply-timeout-ms", minReplyTimeoutMs, 1...60_000)
    try checkRange("retry-percent", retryPercent, 0...100)
    try checkRange("reload-timeout", reloadTimeout, 1...86_400)
  }

  func apply(to configuration: inout BaseStationConfiguration) {
    configuration.maximumBatch = maxBatch
    configuration.maximumWait = UInt64(maxWaitUs) * 1000
    configuration.maximumConcurrentBatches = computeWorkers
    configuration.maximumWaitingImages = maxQueue
    configuration.maximumQueueTime = UInt64(maxQueueMs) * 1_000_000
    configuration.replyTimeout = UInt64(replyTimeoutMs) * 1_000_000
    configuration.minimumReplyTimeout = UInt64(minReplyTimeoutMs) * 1_000_000
    configuration.retryBudget = retryPercent / 100
    configuration.reloadTimeout = UInt64(reloadTimeout) * 1_000_000_000
  }
}
