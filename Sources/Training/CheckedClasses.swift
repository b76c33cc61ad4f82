import Datasets
import MixtureOfExperts

extension ModelDescription {
  /// Refuses images of other classes than the model's, whose labels would mean something else.
  ///
  /// A model that was never trained has numbers for names, and takes any.
  /// - Parameter allowingFewer: whether the images' classes may be the first of the model's.
  /// - Throws: `mismatch`, with the first class that differs.
  func checkClasses(of images: ImageSet, allowingFewer: Bool) throws(TrainingError) {
    let (names, field) = (images.classNames, "classes of \(images.name)")
    guard allowingFewer ? names.count <= classCount : names.count == classCount else {
      throw .mismatch(
        field: field, expected: "\(allowingFewer ? "at most " : "")\(classCount), those of model \(name)",
        received: "\(names.count)")
    }
    guard training != nil else { return }
    if let (received, expected) = zip(names, classLabels).first(where: { $0 != $1 }) {
      throw .mismatch(field: field, expected: "\(expected), as in model \(name)", received: received)
    }
  }
}
