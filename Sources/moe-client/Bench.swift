import ArgumentParser
import Datasets
import InferenceClient

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure speed under closed-loop load: each caller sends its next request when the last is answered.")

  @OptionGroup var connection: ConnectionOptions

  @Option(help: ArgumentHelp("Callers.", valueName: "n"))
  var concurrency: Int = 1

  @Option(help: ArgumentHelp("Images in each request.", valueName: "n"))
  var batch: Int = 1

  @Option(help: ArgumentHelp("How long to measure.", valueName: "s"))
  var seconds: Double = 5

  @Option(help: ArgumentHelp("How long to load it before measuring.", valueName: "s"))
  var warmUp: Double = 0.5

  @Option(
    help: ArgumentHelp("CIFAR files to take images from; without it, generated images are sent.", valueName: "dir"))
  var data: String?

  func validate() throws {
    guard (1...4096).contains(concurrency) else {
      throw ValidationError("--concurrency: expected 1 to 4096, got \(concurrency)")
    }
    guard (1...1024).contains(batch) else { throw ValidationError("--batch: expected 1 to 1024, got \(batch)") }
    guard seconds > 0, seconds <= 86_400 else {
      throw ValidationError("--seconds: expected a number above 0 up to 86400, got \(seconds)")
    }
    guard warmUp >= 0, warmUp <= 3600 else {
      throw ValidationError("--warm-up: expected a number from 0 to 3600, got \(warmUp)")
    }
  }

  func run() async throws {
    let client = try await connection.connect()
    let model = client.model
    let pixels: [UInt8]
    do {
      if let data {
        pixels = try testImages(in: data, for: model).pixels
      } else {
        pixels = generatedImages(count: 256, channels: model.channels, height: model.height, width: model.width)
      }
    } catch {
      throw failure("\(error)")
    }
    let test = LoadTest(
      client: client, concurrency: concurrency, batch: batch, warmUp: .seconds(warmUp), duration: .seconds(seconds))
    let report = await test.run(sending: pixels)
    await client.close()
    if connection.json { try printJSON(Summary(report)) } else { show(report) }
    if let error = report.firstError {
      throw failure("\(report.errors) of \(report.images) images were not classified, the first because: \(error)")
    }
  }

  /// CIFAR-10's or CIFAR-100's test images, whichever has the model's number of classes.
  private func testImages(in folder: String, for model: ServedModel) throws -> ImageSet {
    let images = try ImageSet.load(model.labels.count > 10 ? .cifar100 : .cifar10, .test, in: folder)
    guard images.shape == model.shape else {
      throw InferenceError.badRequest("--data: images of \(images.shape), the model takes \(model.shape)")
    }
    return images
  }

  private func show(_ report: LoadTest.Report) {
    print("\(concurrency) callers, \(batch) images a request, \(report.elapsed.inSeconds.rounded(1)) s")
    print("requests  \(report.requests) (\(report.errors) images failed, \(report.retries) retries)")
    print("speed     \(report.imagesPerSecond.rounded(0)) images/s")
    let latencies = report.latencies
    print("latency   p50 \(latencies.p50), p95 \(latencies.p95), p99 \(latencies.p99), max \(latencies.max) us")
  }

  private struct Summary: Encodable {
    let requests: Int
    let images: Int
    let imagesPerSecond: Double
    let errors: Int
    let retries: Int
    let latencyUs: LatencySummary

    init(_ report: LoadTest.Report) {
      requests = report.requests
      images = report.images
      imagesPerSecond = report.imagesPerSecond
      errors = report.errors
      retries = report.retries
      latencyUs = LatencySummary(report.latencies)
    }
  }
}
