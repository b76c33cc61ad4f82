import Foundation
import InferenceClient

/// What every expert answers to every image when nothing disturbs it: by the request clock, image k travels in block k, so
/// that whichever expert answers, and after whatever accident, has to give the same answer to the last bit.
struct KnownAnswers: Sendable {
  enum Judgement {
    case right
    case incomparable
    case wrong(String)
  }

  let count: Int
  private let images: [[UInt8]]
  /// By expert, then by image.
  private let answers: [Int: [Classification]]

  /// Asks each of the cluster's experts alone, through a base station of its own.
  init(of cluster: Cluster, count: Int = 400, baseStation options: [String] = []) async throws {
    self.count = count
    let bytes = 3 * 32 * 32
    let images = (0..<count).map { image in
      (0..<bytes).map { UInt8(truncatingIfNeeded: ((image * bytes + $0) &* 2_654_435_761) >> 13) }
    }
    var answers: [Int: [Classification]] = [:]
    for (expert, address) in cluster.expertAddresses {
      let process = try cluster.baseStationAlone(["--expert", address] + options)
      defer { process.end() }
      let client = try await InferenceClient.connect(to: process.readyAddress(), options: cluster.clientOptions)
      while try await !client.status().canServe {}
      var all: [Classification] = []
      for image in 0..<count {
        let request = InferenceRequest(pixels: images[image], firstBlock: UInt64(image))
        all.append(try await client.answer(to: request).outcomes[0].get())
      }
      await client.close()
      answers[expert] = all
    }
    self.images = images
    self.answers = answers
  }

  func request(_ image: Int) -> InferenceRequest {
    InferenceRequest(pixels: images[image], firstBlock: UInt64(image))
  }

  func judge(_ given: Classification, image: Int) -> Judgement {
    guard let share = given.leadingExpert, given.experts.count == 1, let expected = answers[share.expert]?[image] else {
      return .wrong("answered by \(given.experts.map(\.expert))")
    }
    guard share.attempt == expected.experts[0].attempt else { return .incomparable }
    let isSame =
      given.classIndex == expected.classIndex && given.probability == expected.probability
      && given.block == expected.block && share.snrDB == expected.experts[0].snrDB
    return isSame ? .right : .wrong("expected \(expected), received \(given)")
  }
}
