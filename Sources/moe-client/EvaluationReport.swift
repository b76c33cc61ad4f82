import Foundation
import InferenceClient

/// What `evaluate --json` prints.
struct EvaluationSummary: Encodable {
  let images: Int
  let correct: Int
  let accuracy: Double
  let errors: Int
  let retries: Int
  let gate: String
  let link: String
  let topK: Int
  let experts: [Share]
  let latencyUs: LatencySummary
  let imagesPerSecond: Double

  struct Share: Encodable {
    let expert: Int
    let selected: Int
  }

  init(_ report: Evaluation.Report, model: ServedModel) {
    images = report.predictions.count
    correct = report.correct
    accuracy = report.accuracy
    errors = report.errors
    retries = report.retries
    gate = model.gate
    link = model.link
    topK = report.classifications.map(\.experts.count).max() ?? 0
    experts = report.selections.sorted { $0.key < $1.key }.map { Share(expert: $0.key, selected: $0.value.selected) }
    latencyUs = LatencySummary(report.latencies)
    imagesPerSecond = report.imagesPerSecond
  }
}

struct LatencySummary: Encodable {
  let p50: UInt64
  let p95: UInt64
  let p99: UInt64
  let max: UInt64

  init(_ latencies: LatencyHistogram) {
    p50 = latencies.p50
    p95 = latencies.p95
    p99 = latencies.p99
    max = latencies.max
  }
}

/// What `evaluate` prints for people.
struct EvaluationTables {
  private let report: Evaluation.Report
  private let model: ServedModel
  private let classNames: [String]

  init(_ report: Evaluation.Report, model: ServedModel, classNames: [String]) {
    self.report = report
    self.model = model
    self.classNames = classNames
  }

  func show() {
    let images = report.predictions.count
    print("model     \(model.name), gate \(model.gate), link \(model.link)")
    print("accuracy  \(report.accuracy.percent) (\(report.correct) of \(images) images, \(report.errors) errors)")
    print("speed     \(report.imagesPerSecond.rounded(0)) images/s")
    let latencies = report.latencies
    print("latency   p50 \(latencies.p50), p95 \(latencies.p95), p99 \(latencies.p99), max \(latencies.max) us\n")

    var classes = Table("class", ">images", ">correct", ">accuracy")
    for (index, name) in classNames.enumerated() {
      let ofClass = report.predictions.filter { $0.label == index }
      guard !ofClass.isEmpty else { continue }
      let correct = ofClass.count(where: \.isCorrect)
      classes.add(name, "\(ofClass.count)", "\(correct)", (Double(correct) / Double(ofClass.count)).percent)
    }
    classes.show()
    print("")

    var experts = Table(">expert", ">selected", ">share", ">accuracy", ">median SNR dB")
    for (expert, selection) in report.selections.sorted(by: { $0.key < $1.key }) {
      experts.add(
        "\(expert)", "\(selection.selected)", (Double(selection.selected) / Double(images)).percent,
        (Double(selection.correct) / Double(selection.selected)).percent,
        selection.medianSNRDB.map { $0.rounded(1) } ?? "-")
    }
    experts.show()
  }
}

/// The images whose answer was led by one expert.
struct Selection {
  var selected = 0
  var correct = 0
  var snrDB: [Float] = []

  var medianSNRDB: Float? { snrDB.isEmpty ? nil : snrDB.sorted()[snrDB.count / 2] }
}

extension Evaluation.Report {
  var classifications: [Classification] { predictions.compactMap { try? $0.outcome.get() } }

  /// By leading expert.
  var selections: [Int: Selection] {
    var selections: [Int: Selection] = [:]
    for prediction in predictions {
      guard let leading = (try? prediction.outcome.get())?.leadingExpert else { continue }
      selections[leading.expert, default: Selection()].selected += 1
      if prediction.isCorrect { selections[leading.expert]?.correct += 1 }
      if let snrDB = leading.snrDB { selections[leading.expert]?.snrDB.append(snrDB) }
    }
    return selections
  }
}
