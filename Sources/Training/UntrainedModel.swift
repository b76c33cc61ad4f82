import Datasets
package import MixtureOfExperts
import Randomness
import Tensors

extension MixtureModel {
  /// A whole model of the right shapes whose weights are as training finds them: to try a service's size before training.
  ///
  /// p, the latents' mean and their Huffman table are those of noise, so that all links carry its latents.
  ///
  /// - Parameter expertHiddenWidths: of every expert's hidden layers, one list an expert; nil: all have Table I's.
  /// - Throws: `mismatch` if a count is out of range.
  package init(
    untrained name: String, backbone: BackboneKind, expertCount: Int, expertHiddenWidths: [[Int]]? = nil,
    classCount: Int, seed: UInt64
  ) throws {
    guard (1...ExpertSet.capacity).contains(expertCount) else {
      throw TrainingError.mismatch(
        field: "--experts", expected: "1 to \(ExpertSet.capacity)", received: "\(expertCount)")
    }
    guard (2...65_536).contains(classCount) else {
      throw TrainingError.mismatch(field: "--classes", expected: "2 to 65536", received: "\(classCount)")
    }
    precondition(
      expertHiddenWidths.flatMap { HiddenLayers.violation("expertHiddenWidths", $0, expertCount: expertCount) } == nil)
    var generator = CounterGenerator(seed: seed, stream: 0x696E_6974)  // "init"
    let mixture = Mixture(
      backbone: backbone, expertCount: expertCount, expertHiddenWidths: expertHiddenWidths, classCount: classCount,
      using: &generator)
    let gates = GatePair(
      channelAware: Gate(.channelAware, for: backbone, expertCount: expertCount, using: &generator),
      naive: Gate(.naive, for: backbone, expertCount: expertCount, using: &generator))
    let shape = backbone.inputShape
    let noise = Tensor([Self.noiseImages, shape.channels, shape.height, shape.width]) { x in
      for i in x.indices { x[i] = Float(4 * generator.uniform() - 2) }
    }
    let z = mixture.backbone(noise)
    let statistics = LatentStatistics(z)
    let channels = shape.channels
    var description = ModelDescription(
      name: name, backbone: backbone, recipe: "untrained", combination: .probabilities, expertCount: expertCount,
      latentCount: backbone.latentCount, outputCount: backbone.outputCount(classCount: classCount), inputShape: shape,
      classLabels: ModelDescription.numbers(classCount),
      normalisation: PixelNormalisation(
        mean: [Float](repeating: 0.5, count: channels), deviation: [Float](repeating: 0.25, count: channels)),
      powerScaling: statistics.powerScaling, latentMean: statistics.mean)
    description.expertHiddenWidths = expertHiddenWidths
    description.latentTable = try LatentTable(fittedTo: z)
    self.init(
      description: description, backbone: mixture.backbone,
      gates: [.base: mixture.gate, .naive: gates.naive, .channelAware: gates.channelAware], experts: mixture.experts,
      head: mixture.head)
  }

  private static let noiseImages = 32
}
