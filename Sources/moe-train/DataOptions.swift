import ArgumentParser
import CommandOptions
import Datasets

/// Which images a command works on.
struct DataOptions: ParsableArguments {
  @Option(help: "cifar-10, cifar-100 or folder.")
  var dataset: DatasetKind = .cifar10

  @Option(help: "The folder of the data set's files, or its parent.")
  var data: String

  @Option(help: "Use the first N images only.")
  var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: expected at least 1, received \(limit)") }
  }

  func load(_ part: DatasetPart, classNames: [String]? = nil) throws -> ImageSet {
    let images = try ImageSet.load(dataset, part, in: data, classNames: classNames)
    return limit.map(images.prefix) ?? images
  }
}
