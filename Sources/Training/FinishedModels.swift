import Datasets
import Digests
import Layers
package import MixtureOfExperts
import Tensors

extension Stage1 {
  /// The best mixture as a model with its `base` gate; p, the latents' mean and their Huffman table come from the training images as they are.
  package func model(named name: String, dataset: String) throws -> MixtureModel {
    var network = recipe.stage1.copiesOneExpert ? bestNetwork.copyingOneExpert(recipe.expertCount) : bestNetwork
    if recipe.backbonePrecision == .bf16 {
      network.backbone.updateParameters { _, _, value in value = value.roundedToBFloat16 }
    }
    let z = store.latents(of: data.training, backbone: network.backbone, normalisation: normalisation)
    let statistics = LatentStatistics(z)
    let backbone = recipe.backbone
    var description = ModelDescription(
      name: name, backbone: backbone, recipe: recipe.name, combination: recipe.combination,
      expertCount: recipe.expertCount, latentCount: backbone.latentCount,
      outputCount: backbone.outputCount(classCount: data.training.classNames.count), inputShape: backbone.inputShape,
      classLabels: data.training.classNames, normalisation: normalisation, powerScaling: statistics.powerScaling,
      latentMean: statistics.mean)
    description.expertHiddenWidths = recipe.expertHiddenWidths
    description.latentTable = try LatentTable(fittedTo: z)
    var record = TrainingRecord(
      dataset: dataset, dataDigest: data.digest, trainingImages: data.training.count,
      validationImages: data.validation.count)
    record.stage1 = TrainingRecord.Stage(
      seed: recipe.stage1.seed, epochs: epochs, chosenEpoch: (best[Self.choice]?.epoch ?? epochs - 1) + 1,
      hyperparameters: try JSONFields.flattened(recipe.stage1),
      validation: best[Self.choice]?.figures ?? [:])
    if let source = source?.description {
      record.stage1?.hyperparameters["backboneOf"] = .text("\(source.name) \(source.weightsDigest.hex)")
    }
    if let teacher { record.stage1?.hyperparameters["teacher.model"] = .text("\(teacher.name) \(teacher.digest.hex)") }
    description.training = record
    return MixtureModel(
      description: description, backbone: network.backbone, gates: [.base: network.gate], experts: network.experts,
      head: network.head)
  }
}

extension Stage2 {
  /// Stage 1's model with all three gates.
  package func finishedModel() throws -> MixtureModel {
    var finished = model
    let gates = chosenGates
    finished.gates[.channelAware] = gates.channelAware
    finished.gates[.naive] = gates.naive
    let figures = best.values.reduce(into: trial.references) { $0.merge($1.figures) { $1 } }
    var hyperparameters = try JSONFields.flattened(settings)
    if recipeName != finished.description.recipe { hyperparameters["recipe"] = .text(recipeName) }
    finished.description.training?.stage2 = TrainingRecord.Stage(
      seed: settings.seed, epochs: epochs,
      chosenEpoch: (best[GateKind.channelAware.rawValue]?.epoch ?? epochs - 1) + 1,
      hyperparameters: hyperparameters, validation: figures)
    return finished
  }
}
