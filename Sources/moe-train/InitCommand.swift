import ArgumentParser
import CommandOptions
import Foundation
import MixtureOfExperts
import Training

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Makes an untrained model of any backbone, and number and shapes of experts.")

  @Option(help: "lenet5, resnet18 or vit.")
  var backbone: BackboneKind = .leNet5

  @Option(help: ArgumentHelp("The number of experts, K.", valueName: "k"))
  var experts: Int = 8

  @Option(
    help: ArgumentHelp(
      "The widths of each expert's hidden layers, separated by commas, or none; experts by slashes: 20/20/112,48/none. By "
        + "default all have those of the paper's Table I.", valueName: "widths"))
  var expertHidden: String?

  @Option(help: ArgumentHelp("The number of classes.", valueName: "n"))
  var classes: Int = 10

  @Option(help: "Keys the weights.")
  var seed: UInt64 = 1

  @Option(help: "The folder to store the model in; its name becomes the model's.")
  var model: String

  func validate() throws {
    guard let lists = try hiddenWidths() else { return }
    if let wrong = HiddenLayers.violation("--expert-hidden", lists, expertCount: experts) {
      throw ValidationError(wrong)
    }
  }

  private func hiddenWidths() throws -> [[Int]]? {
    try expertHidden?.split(separator: "/", omittingEmptySubsequences: false).map { list in
      try list == "none"
        ? []
        : list.split(separator: ",", omittingEmptySubsequences: false).map { word in
          guard let width = Int(word) else {
            throw ValidationError("--expert-hidden: expected whole numbers or none, received \"\(word)\"")
          }
          return width
        }
    }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let name = URL(fileURLWithPath: model).lastPathComponent
    let untrained = try MixtureModel(
      untrained: name, backbone: backbone, expertCount: experts, expertHiddenWidths: hiddenWidths(),
      classCount: classes, seed: seed)
    try ModelBundle.write(untrained, to: model)
  }
}

extension BackboneKind: ExpressibleByArgument {}
