import ArgumentParser
import CommandOptions
import Datasets
import Foundation
import InferenceClient

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify a data set's test images and compare with their labels.")

  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The data set: cifar-10, cifar-100 or folder (one sub-folder a class).")
  var dataset: DatasetKind

  @Option(help: ArgumentHelp("The folder of the data set's files, or its parent.", valueName: "dir"))
  var data: String

  @Option(help: ArgumentHelp("Only the first images.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Requests under way at once.", valueName: "n"))
  var concurrency: Int = 8

  @Option(help: ArgumentHelp("Write one JSON object an image to this file.", valueName: "file"))
  var predictions: String?

  func validate() throws {
    guard (1...4096).contains(concurrency) else {
      throw ValidationError("--concurrency: expected 1 to 4096, got \(concurrency)")
    }
    if let limit, limit < 1 { throw ValidationError("--limit: expected at least 1, got \(limit)") }
  }

  func run() async throws {
    let predictionsFile = try predictions.map { try PredictionsFile(at: $0) }
    let client = try await connection.connect()
    let report: Evaluation.Report
    let images: ImageSet
    do {
      let model = client.model
      let all = try ImageSet.load(
        dataset, .test, in: data,
        shape: model.shape, classNames: model.labels)
      images = limit.map(all.prefix) ?? all
      let progress = ProgressLine(total: images.count, unit: "images", isShown: !connection.json)
      report = try await Evaluation(client: client, concurrency: concurrency).run(over: images) { progress.show($0) }
      progress.clear()
    } catch {
      throw failure("\(error)")
    }
    let model = client.model
    await client.close()
    if connection.json {
      try printJSON(EvaluationSummary(report, model: model))
    } else {
      EvaluationTables(report, model: model, classNames: images.classNames).show()
    }
    try predictionsFile?.write(report)
    if report.errors > 0 { throw failure("\(report.errors) of \(report.predictions.count) images were not classified") }
  }
}
