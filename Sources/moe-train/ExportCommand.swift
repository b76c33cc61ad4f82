import ArgumentParser
import CommandOptions
import Layers
import MixtureOfExperts

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a model's weights as a PyTorch state dict, a safetensors file.",
    discussion: """
      One part has the names that its module has in PyTorch (conv1.weight); the whole model has them under backbone., \
      gates.base., gates.naive., gates.channel-aware., experts.0. to experts.K-1. and, of a vit, head. In Python: \
      module.load_state_dict(safetensors.torch.load_file("backbone.safetensors")).
      """)

  @Option(help: "The model's folder.")
  var model: String

  @Option(help: PartOption.help)
  var part: ModelPart?

  @Option(help: "The file to write.")
  var output: String

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    try ModelBundle.loadAll(model).stateDict(of: part).write(to: output)
  }
}

/// The option that names a part of a model.
enum PartOption {
  static let help = ArgumentHelp(
    "One part of the model: backbone, gate-base, gate-naive, gate-channel-aware, expert-0 and so on, or a vit's head. By default all.",
    valueName: "part")
}

extension ModelPart: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
