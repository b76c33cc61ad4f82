import ArgumentParser
import BaseStation
import CommandOptions
import MixtureOfExperts

/// How many experts an image is sent to, and what counts beside the gate.
struct RoutingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Experts that each image is sent to.", valueName: "n"))
  var topK: Int = 1

  @Option(
    help: ArgumentHelp(
      "Answers after which an image waits for the others no longer than --straggler-us; by default it waits for all.",
      valueName: "n"))
  var kMin: Int?

  @Option(help: ArgumentHelp("How long the slowest experts are waited for beyond --k-min answers.", valueName: "us"))
  var stragglerUs: Int = 1000

  @Option(
    help: ArgumentHelp(
      "Let load count beside the gate: so much expected waiting outweighs a factor of e in the gate's confidence; 0 "
        + "(default) is the paper's rule, in which it does not count.", valueName: "us"))
  var loadTimeConstantUs: Int = 0

  @OptionGroup var computation: ComputeOptions

  @Option(
    help: ArgumentHelp(
      "Ask a second expert where the first is late, for so many images in a hundred at most.", valueName: "percent"))
  var hedgePercent: Double = 0

  @Option(
    help: ArgumentHelp(
      "What happens to images that no expert can take: error (default), or local: the base station's own experts, "
        + "whose files it reads, classify them.", valueName: "how"))
  var fallback: Fallback = .error

  enum Fallback: String, ExpressibleByArgument, CaseIterable { case error, local }

  func validate() throws {
    try checkRange("top-k", topK, 1...64)
    if let kMin {
      guard (1...topK).contains(kMin) else {
        throw ValidationError("--k-min: expected 1 to \(topK), the value of --top-k, received \(kMin)")
      }
    }
    try checkRange("straggler-us", stragglerUs, 0...60_000_000)
    try checkRange("load-time-constant-us", loadTimeConstantUs, 0...60_000_000)
    try checkRange("hedge-percent", hedgePercent, 0...100)
  }

  func apply(to configuration: inout BaseStationConfiguration) {
    configuration.topK = topK
    configuration.minimumAnswers = kMin
    configuration.stragglerTime = UInt64(stragglerUs) * 1000
    configuration.loadRule =
      loadTimeConstantUs == 0 ? nil : LoadRule(timeConstant: UInt64(loadTimeConstantUs) * 1000)
    configuration.computePrice = ComputePrice(perMillion: computation.computePrice)
    configuration.hedgeBudget = hedgePercent / 100
    configuration.fallsBackToLocalExperts = fallback == .local
  }
}
