import ArgumentParser
import CommandOptions
import Foundation
import MixtureOfExperts
import Training

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Makes an untrained model of any backbone and number of experts.")

  @Option(help: "lenet5, resnet18 or vit.")
  var backbone: BackboneKind = .leNet5

  @Option(help: ArgumentHelp("The number of experts, K.", valueName: "k"))
  var experts: Int = 8

  @Option(help: ArgumentHelp("The number of classes.", valueName: "n"))
  var classes: Int = 10

  @Option(help: "Keys the weights.")
  var seed: UInt64 = 1

  @Option(help: "The folder to store the model in; its name becomes the model's.")
  var model: String

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let name = URL(fileURLWithPath: model).lastPathComponent
    let untrained = try MixtureModel(
      untrained: name, backbone: backbone, expertCount: experts, classCount: classes, seed: seed)
    try ModelBundle.write(untrained, to: model)
  }
}

extension BackboneKind: ExpressibleByArgument {}
