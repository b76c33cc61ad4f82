import Foundation
import Layers
import MixtureOfExperts
import Randomness
import Tensors
import Testing

/// An untrained LeNet-5 mixture.
func untrainedModel(expertCount: Int = 3, gates: [GateKind] = GateKind.allCases, seed: UInt64 = 1) -> MixtureModel {
  var generator = CounterGenerator(seed: seed)
  let description = ModelDescription(
    name: "untrained", backbone: .leNet5, recipe: "none", combination: .probabilities, expertCount: expertCount,
    latentCount: 120, outputCount: 4, inputShape: BackboneKind.leNet5.inputShape, classLabels: ["a", "b", "c", "d"],
    normalisation: PixelNormalisation(mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616]),
    powerScaling: 1.2345678, latentMean: (0..<120).map { Float($0) / 7 })
  let backbone = Backbone(.leNet5, using: &generator)
  var made: [GateKind: Gate] = [:]
  for kind in gates { made[kind] = Gate(kind, for: .leNet5, expertCount: expertCount, using: &generator) }
  let experts = (0..<expertCount).map { _ in Expert(expertFor: .leNet5, outputCount: 4, using: &generator) }
  return MixtureModel(description: description, backbone: backbone, gates: made, experts: experts)
}

/// An untrained vision transformer's mixture, of two experts and five classes.
func untrainedTransformer(_ combination: Combination = .probabilities, seed: UInt64 = 1) -> MixtureModel {
  var generator = CounterGenerator(seed: seed)
  let kind = BackboneKind.vit
  let description = ModelDescription(
    name: "transformer", backbone: kind, recipe: "none", combination: combination, expertCount: 2, latentCount: 384,
    outputCount: 384, inputShape: kind.inputShape, classLabels: ["a", "b", "c", "d", "e"],
    normalisation: PixelNormalisation(mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25]), powerScaling: 1,
    latentMean: [Float](repeating: 0, count: 384))
  return MixtureModel(
    description: description, backbone: Backbone(kind, using: &generator),
    gates: [.base: Gate(.base, for: kind, expertCount: 2, using: &generator)],
    experts: (0..<2).map { _ in Expert(expertFor: kind, outputCount: 384, using: &generator) },
    head: kind.makeHead(classCount: 5, using: &generator))
}

/// A tensor of uniform numbers in ±1.
func noise(_ shape: [Int], seed: UInt64 = 9) -> Tensor {
  var generator = CounterGenerator(seed: seed)
  return Tensor(shape) { x in for i in x.indices { x[i] = 2 * generator.uniformFloat() - 1 } }
}

/// Runs `body` with the path of a folder that is gone afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "moe-bundle-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// Replaces what matches a pattern in a file; there must be something.
func replace(_ pattern: String, by text: String, in path: String) throws {
  let old = try String(contentsOfFile: path, encoding: .utf8)
  let new = old.replacingOccurrences(of: pattern, with: text, options: .regularExpression)
  #expect(new != old)
  try new.write(toFile: path, atomically: true, encoding: .utf8)
}

extension MixtureModel {
  /// All weights by name, to be held against another model's.
  var stateDictValues: [String] { namedTensors.map { "\($0.name) \($0.value.scalars)" } }
}
