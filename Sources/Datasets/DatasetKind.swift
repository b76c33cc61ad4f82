/// The data sets that a command line can name.
package enum DatasetKind: String, Codable, Sendable, CaseIterable {
  case cifar10 = "cifar-10"
  case cifar100 = "cifar-100"
  case folder

  /// For people.
  package var title: String {
    switch self {
    case .cifar10: "CIFAR-10"
    case .cifar100: "CIFAR-100"
    case .folder: "pictures of a folder"
    }
  }
}

extension ImageSet {
  /// Reads a data set by its name on the command line.
  ///
  /// - Parameters:
  ///   - part: which images of CIFAR; a folder of class sub-folders is one part, taken as it is.
  ///   - shape: what pictures of a folder are fitted to; CIFAR's images have their own.
  ///   - classNames: see ``folder(_:shape:classNames:)``.
  package static func load(
    _ kind: DatasetKind, _ part: DatasetPart, in path: String, shape: ImageShape = .cifar, classNames: [String]? = nil
  ) throws(DatasetError) -> ImageSet {
    switch kind {
    case .cifar10: try cifar(.cifar10, part, in: path)
    case .cifar100: try cifar(.cifar100, part, in: path)
    case .folder: try folder(path, shape: shape, classNames: classNames)
    }
  }
}
