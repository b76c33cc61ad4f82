import ArgumentParser
import CommandOptions
import Datasets
import Foundation
import Layers
import MixtureOfExperts
import Training

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Puts the weights of a PyTorch state dict, a safetensors file, into a model.",
    discussion: """
      Names are as `export` writes them. Every tensor of the model or part must be in the file with its shape, and no \
      other; batch normalisation's num_batches_tracked is passed over. Elements may be F32, F16 or BF16. In Python: \
      safetensors.torch.save_file(module.state_dict(), "backbone.safetensors").
      """)

  @Option(help: "The model's folder; `init` makes one.")
  var model: String

  @Option(help: "The file with the weights.")
  var weights: String

  @Option(help: PartOption.help)
  var part: ModelPart?

  @Option(help: "Take only tensors whose names in the file begin so, by the rest of their names (\"module.\").")
  var prefix = ""

  @Option(help: "cifar-10, cifar-100 or folder.")
  var dataset: DatasetKind = .cifar10

  @Option(
    help: """
      The data set's folder or its parent: measures again, over its training images (at most \(Self.measuredImages)), \
      what links need to know of a new backbone's latents.
      """)
  var data: String?

  /// Over so many images and all their latents, p is known to a tenth of a per cent.
  private static let measuredImages = 5_000

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    var mixture = try ModelBundle.loadAll(model)
    let old = mixture
    let file = try Safetensors.read(weights, ignoring: { $0.hasSuffix("num_batches_tracked") })
    try mixture.load(file, from: weights, part: part, prefix: prefix)
    if !hasEqualWeights(mixture, old) {
      // What was said of the old weights says nothing of the new ones.
      mixture.description.recipe = "imported"
      mixture.description.training = nil
    }
    if let data {
      try mixture.measureLatents(over: ImageSet.load(dataset, .training, in: data).prefix(Self.measuredImages))
    } else if !hasEqualWeights(mixture.backbone, old.backbone) {
      let note = "moe-train: latents are still scaled and coded as the old backbone's; --data DIR measures them again\n"
      FileHandle.standardError.tell(Data(note.utf8))
    }
    try ModelBundle.write(mixture, to: model)
  }

  private func hasEqualWeights(_ a: some Parameterised, _ b: some Parameterised) -> Bool {
    a.parameters.map(\.value) == b.parameters.map(\.value)
  }
}
