import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Randomness
import Training

/// Pictures whose class is a bright square's place, with noise: learnt in a few epochs.
func squares(_ count: Int, seed: UInt64 = 7) -> ImageSet {
  var generator = CounterGenerator(seed: seed)
  var pixels: [UInt8] = []
  var labels: [Int] = []
  for index in 0..<count {
    let label = index % 4
    labels.append(label)
    let (left, top) = (label % 2 * 16 + 3, label / 2 * 16 + 3)
    for channel in 0..<3 {
      for y in 0..<32 {
        for x in 0..<32 {
          let isInside = (left..<left + 10).contains(x) && (top..<top + 10).contains(y)
          pixels.append(UInt8(isInside ? 170 + 20 * channel : 60) + UInt8(generator.uniform(below: 40)))
        }
      }
    }
  }
  return ImageSet(
    name: "squares", shape: .cifar, classNames: ["nw", "ne", "sw", "se"], labels: labels, pixels: pixels)
}

/// Stores images as a folder of pictures, one sub-folder a class.
func write(_ images: ImageSet, to folder: String) throws {
  for (index, label) in images.labels.enumerated() {
    let path = "\(folder)/\(images.classNames[label])"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let planes = Array(images[index])
    let area = images.shape.width * images.shape.height
    let pixels = (0..<area).flatMap { place in (0..<3).map { planes[$0 * area + place] } }
    let head = "P6 \(images.shape.width) \(images.shape.height) 255\n"
    try (Data(head.utf8) + Data(pixels)).write(to: URL(fileURLWithPath: "\(path)/\(1_000 + index).ppm"))
  }
}

/// A folder that is gone afterwards.
func withScratchFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "moe-edge-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// The project's folder.
let projectRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// A recipe that trains in seconds, with every term switched on.
func smallRecipe() throws -> Recipe {
  let text = """
    {
      "name": "small", "backbone": "lenet5", "expertCount": 3, "combination": "probabilities",
      "stage1": {
        "seed": 1, "epochs": 4, "batchSize": 32,
        "optimiser": { "kind": "adamw", "peakLearningRate": 0.005, "weightDecay": 0.0001 },
        "balanceWeight": 1, "gatedExpertWeight": 1, "meanExpertWeight": 0.1, "downShare": 0.2, "labelSmoothing": 0.1, "copiesOneExpert": false,
        "augmentation": { "padding": 1, "border": "black", "flips": false, "cutout": 4 }
      },
      "stage2": {
        "seed": 2, "epochs": 3, "batchSize": 64,
        "optimiser": { "kind": "adamw", "peakLearningRate": 0.005, "weightDecay": 0.0001 },
        "balanceWeight": 0.1, "mixing": "probabilities", 
        "snrLaws": [{ "meanDB": 30, "stdDB": 50, "share": 3 }, { "meanDB": 5, "stdDB": 10, "share": 1 }], "digitalShare": 0.5,
        "messageBits": 700, "downShare": 0.1, "augmentedViews": 1,
        "linkEncoding": "decibels", "seesDeliveryOdds": true, "standardisesLatents": true
      }
    }
    """
  return try JSONDecoder().decode(Recipe.self, from: Data(text.utf8))
}

/// Remembers what a run told, and interrupts it where it is told to.
final class Recorder: TrainingObserver {
  var reports: [EpochReport] = []
  var findings: [String] = []
  var steps = 0
  var start: RunStart?
  var stopsAfter: Int?

  func began(_ start: RunStart) { self.start = start }
  func rehearsed(_ finding: String) { findings.append(finding) }
  func advanced(step: Int, loss: Double, images: Int) { steps = step }
  func finishedEpoch(_ report: EpochReport) { reports.append(report) }
  var wasResumed: Bool { start?.isResumed ?? false }
  var isInterrupted: Bool { steps == stopsAfter }
}

let anyFingerprint = SHA256Digest.of([1])
