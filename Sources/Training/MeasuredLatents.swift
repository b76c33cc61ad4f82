package import Datasets
package import MixtureOfExperts

extension MixtureModel {
  /// Measures again what links need to know of the latents, over images like those that the backbone was trained on: p, the
  /// latents' mean and their Huffman table.
  ///
  /// - Throws: ``LatentEncodingError`` where a latent is not finite.
  package mutating func measureLatents(over images: ImageSet) throws {
    let z = Latents.of(images, backbone: backbone, normalisation: description.normalisation)
    let statistics = LatentStatistics(z)
    description.powerScaling = statistics.powerScaling
    description.latentMean = statistics.mean
    description.latentTable = try LatentTable(fittedTo: z)
  }
}
