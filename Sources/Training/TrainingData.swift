package import Datasets
package import Digests
package import MixtureOfExperts

/// The images a run trains on and those it chooses by.
package struct TrainingData: Sendable {
  package let training: ImageSet
  package let validation: ImageSet
  /// Digest of all of them, whatever their order.
  package let digest: SHA256Digest
  /// Per channel of the training images.
  package let normalisation: PixelNormalisation

  /// Splits a data set's training part; its test part is never seen.
  package init(_ images: ImageSet, validationCount: Int? = nil) throws(TrainingError) {
    try Self.check(images)
    digest = images.digest
    (training, validation) = images.split(validationCount: validationCount)
    let statistics = training.channelStatistics()
    normalisation = PixelNormalisation(
      mean: statistics.mean.map { Float($0) }, deviation: statistics.standardDeviation.map { Float($0) })
  }

  private init(_ data: TrainingData, training: ImageSet) {
    self.training = training
    validation = data.validation
    digest = data.digest
    normalisation = data.normalisation
  }

  /// The same with `count` training images only, evenly spread over all and seen in the same way.
  func sample(_ count: Int) -> TrainingData {
    guard count < training.count else { return self }
    return TrainingData(self, training: training.selecting((0..<count).map { $0 * training.count / count }))
  }

  /// What it holds, for people.
  var summary: String {
    "\(training.name): \(ProgressMeter.grouped(training.count)) images in \(training.classNames.count) classes, "
      + "\(ProgressMeter.grouped(validation.count)) others to choose by"
  }

  /// The size of a stage's batches, if there are images enough for one.
  func checked(batchSize: Int, of stage: String) throws(TrainingError) -> Int {
    guard (1...training.count).contains(batchSize) else {
      throw .mismatch(
        field: "\(stage).batchSize", expected: "1 to \(training.count), the number of training images",
        received: "\(batchSize)")
    }
    return batchSize
  }

  /// What would waste a long run: too few images, an absent class, pictures without contrast.
  private static func check(_ images: ImageSet) throws(TrainingError) {
    guard images.count >= 20 else {
      throw .data("\(images.name): expected at least 20 images, received \(images.count)")
    }
    guard images.classNames.count >= 2 else {
      throw .data("\(images.name): expected at least 2 classes, received \(images.classNames.count)")
    }
    let present = Set(images.labels)
    if let absent = images.classNames.indices.first(where: { !present.contains($0) }) {
      throw .data("\(images.name): no image of class \(absent) (\(images.classNames[absent]))")
    }
    for (channel, deviation) in images.channelStatistics().standardDeviation.enumerated() where deviation < 1e-3 {
      throw .data("\(images.name): all pixels of channel \(channel) are nearly equal")
    }
    let blank = images.blankImages
    guard blank.count <= images.count / 10 else {
      throw .data(
        "\(images.name): \(blank.count) of \(images.count) images are blank, all pixels equal, the first is image "
          + "\(blank[0])")
    }
  }
}

extension ImageSet {
  /// The indices of images all of whose pixels are equal.
  fileprivate var blankImages: [Int] {
    labels.indices.filter { index in
      let image = self[index]
      return image.allSatisfy { $0 == image[image.startIndex] }
    }
  }
}
