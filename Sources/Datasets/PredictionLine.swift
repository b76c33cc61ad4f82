/// One image's line in a predictions file: the same text for the same prediction, whoever made it, so that files of a
/// networked and an in-process run can be compared byte by byte.
package struct PredictionLine {
  package var index: Int
  package var label: Int
  /// nil where the image was not classified, as all that follows.
  package var classIndex: Int?
  package var probability: Float?
  /// The expert with the largest weight.
  package var expert: Int?
  package var block: UInt64?
  /// Instantaneous SNR of the carried block, dB; nil also over an ideal link.
  package var snrDB: Float?

  package init(
    index: Int, label: Int, classIndex: Int?, probability: Float?, expert: Int?, block: UInt64?, snrDB: Float?
  ) {
    self.index = index
    self.label = label
    self.classIndex = classIndex
    self.probability = probability
    self.expert = expert
    self.block = block
    self.snrDB = snrDB
  }

  package var json: String {
    "{\"index\":\(index),\"label\":\(label),\"class\":\(text(classIndex)),\"probability\":\(text(probability)),"
      + "\"expert\":\(text(expert)),\"block\":\(text(block)),\"snr_db\":\(text(snrDB))}"
  }

  private func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "null" }
}
