/// An experiment that measures one network after the other, so that one of them can be measured anew while the others keep
/// their figures.
package protocol NetworkExperiment: Experiment where Configuration: NetworkExperimentConfiguration {
  associatedtype Network: MeasuredNetwork

  var command: String { get set }
  var plan: StudyPlan { get }
  /// Of how many first test images; nil: of all.
  var limit: Int? { get }
  var networks: [Network] { get set }

  /// Measures every model that is there.
  init(_ configuration: Configuration, in surroundings: Surroundings) throws
}

package protocol NetworkExperimentConfiguration: StrictFile {
  associatedtype Network: NamedNetwork

  var networks: [Network] { get set }
}

package protocol NamedNetwork {
  /// For people: `LeNet-5`.
  var name: String { get }
}

package protocol MeasuredNetwork: NamedNetwork {
  /// The names of the models that figures are of.
  var measuredModels: [String] { get }
}

extension NetworkExperiment {
  /// Measures the models of one network; all others are as in the results that lie under `root`.
  ///
  /// - Parameter experiment: the experiment's name.
  /// - Throws: `mismatch` if there is no such network, no result by the same plan on as many images, or if a model is not there
  ///   whose figures would be lost.
  package init(
    _ experiment: String, _ configuration: Configuration, in surroundings: Surroundings, only network: String,
    keeping root: String
  ) throws {
    let names = configuration.networks.map(\.name)
    guard names.contains(network) else {
      throw TrainingError.mismatch(
        field: "--network", expected: "one of \(names.joined(separator: ", "))", received: network)
    }
    let earlier = try Self.read(experiment, under: root)
    var one = configuration
    one.networks.removeAll { $0.name != network }
    // Before anything takes time.
    var none = one
    none.networks = []
    guard let earlier, try earlier.plan == Self(none, in: surroundings).plan else {
      throw TrainingError.mismatch(
        field: "--network", expected: "earlier results of the others by the same plan",
        received: earlier == nil ? "none in \(root)/Results" : "another plan's; measure all networks")
    }
    guard earlier.limit == surroundings.limit else {
      func told(_ limit: Int?) -> String { limit.map { "\($0)" } ?? "none, all images" }
      throw TrainingError.mismatch(
        field: "--limit", expected: "\(told(earlier.limit)), as for the others' figures",
        received: told(surroundings.limit))
    }
    let models = earlier.networks.first { $0.name == network }?.measuredModels ?? []
    let absent = models.filter { surroundings.bundle($0) == nil }
    guard absent.isEmpty else {
      throw TrainingError.mismatch(
        field: "--network", expected: "every model of \(network) that has figures",
        received: "no \(absent.joined(separator: ", ")) in \(surroundings.models) or \(surroundings.runs)/models")
    }
    try self.init(one, in: surroundings)
    command = earlier.command
    let all = networks + earlier.networks.filter { $0.name != network }
    networks = names.compactMap { name in all.first { $0.name == name } }
  }
}
