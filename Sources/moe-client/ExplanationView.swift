import InferenceClient

/// How `infer --explain` shows why an image was sent where it was.
struct ExplanationView: Encodable {
  let waitingUs: UInt64
  let computingUs: UInt64
  let answeringUs: UInt64
  let candidates: [Candidate]

  struct Candidate: Encodable {
    let expert: Int
    let weight: Float
    let link: String
    let snrDb: Nullable<Float>
    let chosen: Bool
  }

  /// - Parameter chosen: the experts that answered.
  init(_ explanation: ImageExplanation, chosen: [Int]) {
    waitingUs = explanation.waiting.wholeMicroseconds
    computingUs = explanation.computing.wholeMicroseconds
    answeringUs = explanation.answering.wholeMicroseconds
    candidates = explanation.candidates.map {
      Candidate(
        expert: $0.expert, weight: $0.weight, link: $0.link, snrDb: Nullable($0.snrDB),
        chosen: chosen.contains($0.expert))
    }
  }

  func show() {
    print("waited \(waitingUs) us, backbone and gate \(computingUs) us, link and expert \(answeringUs) us")
    var table = Table(">expert", ">gate", "link", ">SNR dB", "")
    for candidate in candidates {
      table.add(
        "\(candidate.expert)", candidate.weight.rounded(3), candidate.link,
        candidate.snrDb.value.map { $0.rounded(1) } ?? "-", candidate.chosen ? "answered" : "")
    }
    table.show()
  }
}
