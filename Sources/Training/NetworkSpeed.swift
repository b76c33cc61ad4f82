import Datasets
import Foundation
package import MixtureOfExperts
import Randomness
import Tensors

/// How fast a network works on the machine at hand, on generated images.
package struct NetworkSpeed: Encodable, Sendable {
  package let backbone: BackboneKind
  /// What the kernels are.
  package let kernels: String
  /// "inference" of the backbone, or "training": whole steps of stage 1.
  package let work: String
  /// Images at a time.
  package let batch: Int
  package let threads: Int
  /// How often it was timed.
  package let runs: Int
  /// Of one batch, in milliseconds.
  package let bestMS: Double
  package let medianMS: Double
  /// By the median.
  package let imagesPerSecond: Double

  private enum CodingKeys: String, CodingKey {
    case backbone, kernels, work, batch, threads, runs
    case bestMS = "best_ms"
    case medianMS = "median_ms"
    case imagesPerSecond = "images_per_second"
  }

  /// Times F alone, which is nearly all of an inference's work, as a daemon's compute worker runs it.
  package init(inferenceOf backbone: Backbone, batch: Int, threads: Int, seconds: Double) {
    var generator = CounterGenerator(seed: 1, stream: 0x7370_6565)  // "spee"
    let shape = backbone.kind.inputShape
    let x = Tensor([batch, shape.channels, shape.height, shape.width]) { x in
      for i in x.indices { x[i] = Float(4 * generator.uniform() - 2) }
    }
    let times = Kernels.with(threads: threads) { Self.times(seconds: seconds) { _ = backbone(x) } }
    self.init(backbone: backbone.kind, work: "inference", batch: batch, threads: threads, times)
  }

  /// Times steps of stage 1 of `recipe`: augmentation, forward, backward and update of F, G and all Q_k, on all cores, and
  /// the teacher's inference if there is one; where the recipe keeps the backbone of `source`, forward, backward and update of
  /// G and all Q_k.
  package init(
    trainingBy recipe: Recipe, backboneOf source: MixtureModel?, teacher: Teacher?, seconds: Double
  ) throws(TrainingError) {
    let batch = recipe.stage1.batchSize
    let classes = source?.description.classLabels.count ?? teacher?.classLabels.count ?? 10
    let shape = recipe.backbone.inputShape
    var generator = CounterGenerator(seed: 1, stream: 0x7370_6565)
    // As many images as make one step and leave some to choose by.
    let count = max(2 * batch, 20 * classes)
    let images = ImageSet(
      name: "generated", shape: shape, classNames: (0..<classes).map { "class \($0)" },
      labels: (0..<count).map { $0 % classes },
      pixels: (0..<count * shape.count).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    var stage = try Stage1(recipe, data: TrainingData(images), backboneOf: source, teacher: teacher)
    var step = 0
    let times = Self.times(seconds: seconds) {
      _ = stage.advance(step: step % stage.totalSteps)
      step += 1
    }
    self.init(
      backbone: recipe.backbone, work: "training", batch: batch, threads: ProcessInfo.processInfo.activeProcessorCount,
      times)
  }

  private init(backbone: BackboneKind, work: String, batch: Int, threads: Int, _ times: [Double]) {
    self.backbone = backbone
    kernels = Kernels.description
    self.work = work
    self.batch = batch
    self.threads = threads
    runs = times.count
    bestMS = (times.first ?? 0) * 1e3
    medianMS = (times.isEmpty ? 0 : times[times.count / 2]) * 1e3
    imagesPerSecond = Double(batch) / medianMS * 1e3
  }

  /// In seconds, ascending; the first run, which packs weights and compiles kernels, is not counted.
  private static func times(seconds: Double, _ body: () -> Void) -> [Double] {
    body()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var times: [Double] = []
    repeat { times.append(clock.measure(body) / .seconds(1)) } while clock.now < end
    return times.sorted()
  }
}
