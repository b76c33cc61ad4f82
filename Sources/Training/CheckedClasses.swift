import Datasets
import MixtureOfExperts

extension ModelDescription {
  /// Refuses images of other classes than the model's, whose labels would mean something else.
  ///
  /// A model that began untrained has numbers for names, and takes any.
  /// - Parameter allowingFewer: whether the images' classes may be the first of the model's.
  /// - Throws: `mismatch`, with the first class that differs.
  func checkClasses(of images: ImageSet, allowingFewer: Bool) throws(TrainingError) {
    let (names, field) = (images.classNames, "classes of \(images.name)")
    guard allowingFewer ? names.count <= classCount : names.count == classCount else {
      throw .mismatch(
        field: field, expected: "\(allowingFewer ? "at most " : "")\(classCount), those of model \(name)",
        received: "\(names.count)")
    }
    guard classLabels != Self.numbers(classCount) else { return }
    if let (received, expected) = zip(names, classLabels).first(where: { $0 != $1 }) {
      throw .mismatch(field: field, expected: "\(expected), as in model \(name)", received: received)
    }
  }

  /// The names of classes that nobody has named.
  static func numbers(_ classCount: Int) -> [String] { (0..<classCount).map { "class \($0)" } }
}
