import ArgumentParser
import CommandOptions
import Foundation
import Radio
import Training

struct LinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Simulates a scenario's links and holds them against theory: error rates, SNRs and fades.",
    discussion: """
      Writes a table (.csv), the same with the run's settings (.json) and, where gnuplot is installed, a picture (.svg): \
      simulations with 95 % intervals beside closed forms.
      """)

  @OptionGroup(title: "Links") var links: LinkOptions

  @Option(help: ArgumentHelp("Latents of a packet.", valueName: "n"))
  var latents = 120

  @Option(help: ArgumentHelp("Packets for each point.", valueName: "n"))
  var packets = 20_000

  @Option(help: ArgumentHelp("Writes this path with .csv, .json and .svg appended.", valueName: "path"))
  var output: String

  @Flag(help: "The study as JSON on standard output as well.")
  var json = false

  func validate() throws {
    guard (1...CodedLatent.maximumLatentCount).contains(latents) else {
      throw ValidationError("--latents: expected 1 to \(CodedLatent.maximumLatentCount), received \(latents)")
    }
    guard (100...100_000_000).contains(packets) else {
      throw ValidationError("--packets: expected 100 to 100000000, received \(packets)")
    }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let scenario = try links.chosenScenario()
    let plan = try LinkStudyPlan(scenario.configuration, latentCount: latents, packetCount: packets)
    let meter = ProgressMeter("link", unit: "points", total: plan.pointCount)
    let study = try LinkStudy(plan, scenario: scenario, command: shownCommand) { meter.update(done: $0) }
    meter.clear()
    try write(study.csv, ".csv")
    try write(study.json + "\n", ".json")
    if let gnuplot = Gnuplot.installed {
      try gnuplot.draw(LinkPlot(study).script(output: output + ".svg"), to: output + ".svg")
    } else {
      FileHandle.standardError.tell(
        Data("moe-train: no picture: \(Gnuplot.absence)\n".utf8))
    }
    print(json ? study.json : study.table)
  }

  private func write(_ text: String, _ suffix: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: output + suffix), options: .atomic)
    } catch {
      throw RunError("\(output + suffix): cannot be written: \((error as NSError).localizedDescription)")
    }
  }
}
