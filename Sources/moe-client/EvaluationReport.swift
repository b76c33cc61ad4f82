import Foundation
import InferenceClient
import Radio

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
  /// Images whose latents arrived as they were sent, up to quantisation and analog noise.
  let delivered: Int
  /// Means over the images.
  let radioPerImage: LinkUse.Mean

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
    delivered = report.delivered
    radioPerImage = report.use.mean(over: report.classifications.count)
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
    print("latency   p50 \(latencies.p50), p95 \(latencies.p95), p99 \(latencies.p99), max \(latencies.max) us")
    showRadio()
    print("")

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

extension EvaluationTables {
  private func showRadio() {
    let classified = report.classifications.count
    let mean = report.use.mean(over: classified)
    print(
      "radio     \(mean.transmissions.rounded(3)) transmissions, \(mean.symbols.rounded(0)) symbols, "
        + "\(mean.airtime.rounded(0)) us on air an image")
    guard model.link == "digital" else { return }
    print(
      "          \(mean.valueBits.rounded(0)) bits of values -> \(mean.informationBits.rounded(0)) of codeword -> "
        + "\(mean.codedBits.rounded(0)) coded; \(mean.bitErrors.rounded(1)) wrong on air")
    print(
      "          \(mean.decodeFailures.rounded(3)) decode failures an image; delivered "
        + "\(classified == 0 ? "-" : (Double(report.delivered) / Double(classified)).percent)")
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
