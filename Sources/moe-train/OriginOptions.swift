import ArgumentParser
import MixtureOfExperts

/// The models that stage 1 begins with.
struct OriginOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model whose backbone the training starts from, or keeps where the recipe has frozenBackboneViews.",
      valueName: "dir"))
  var backboneOf: String?

  @Option(
    help: ArgumentHelp("The model that the network learns from, where the recipe has a teacher.", valueName: "dir"))
  var teacher: String?

  /// The model that backboneOf names.
  var source: MixtureModel? {
    get throws { try backboneOf.map(ModelBundle.loadAll) }
  }

  /// The options that were given, by name.
  var given: [String] {
    [("--backbone-of", backboneOf), ("--teacher", teacher)].filter { $0.1 != nil }.map(\.0)
  }
}
