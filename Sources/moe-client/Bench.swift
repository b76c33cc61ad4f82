import ArgumentParser
import Datasets
import InferenceClient

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure speed under load: of callers who wait for their answers, or at a rate that does not wait.",
    discussion: """
      Without --rate the loop is closed: each of --concurrency callers sends its next request when the last one is \
      answered, and latency counts from there. A base station that stalls is then asked less, so that a stall counts \
      once a caller. With --rate the loop is open: requests have their times whatever becomes of those before them, and \
      latency counts from the time that a request was meant to be sent, so that a stall counts for all who meet it.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Option(help: ArgumentHelp("Callers of the closed loop (default: 1).", valueName: "n"))
  var concurrency: Int?

  @Option(help: ArgumentHelp("Requests a second of an open loop.", valueName: "n"))
  var rate: Double?

  @Option(help: "Gaps of the open loop: poisson (independent callers) or uniform.")
  var arrivals: LoadArrivals.Law = .poisson

  @Option(help: ArgumentHelp("Draws the open loop's gaps.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Requests of the open loop under way at once; more are not sent but counted.", valueName: "n"))
  var maxOutstanding: Int = 4096

  @Option(help: ArgumentHelp("Connections that share the load; more than callers are idle.", valueName: "n"))
  var connections: Int = 1

  @Option(help: ArgumentHelp("Images in each request.", valueName: "n"))
  var batch: Int = 1

  @Option(help: ArgumentHelp("How long to measure.", valueName: "s"))
  var seconds: Double = 5

  @Option(help: ArgumentHelp("How long to load it before measuring.", valueName: "s"))
  var warmUp: Double = 0.5

  @Option(
    help: ArgumentHelp(
      "What a request may take, retries included; later answers count as expired (default: --request-timeout).",
      valueName: "ms"))
  var deadlineMs: Double?

  @Flag(help: "Send nothing twice, so that what is refused is counted.")
  var noRetry = false

  @Option(
    help: ArgumentHelp("CIFAR files to take images from; without it, generated images are sent.", valueName: "dir"))
  var data: String?

  func validate() throws {
    func expect(_ option: String, _ value: some CustomStringConvertible, _ isGood: Bool, _ range: String) throws {
      if !isGood { throw ValidationError("--\(option): expected \(range), got \(value)") }
    }
    if let concurrency {
      try expect("concurrency", concurrency, (1...4096).contains(concurrency), "1 to 4096")
      if rate != nil { throw ValidationError("--concurrency is of a closed loop, --rate of an open one: give one") }
    }
    if let rate { try expect("rate", rate, LoadArrivals.rates.contains(rate), "a number from 0.001 to 1000000") }
    try expect("max-outstanding", maxOutstanding, (1...1_000_000).contains(maxOutstanding), "1 to 1000000")
    try expect("connections", connections, (1...10_000).contains(connections), "1 to 10000")
    try expect("batch", batch, (1...1024).contains(batch), "1 to 1024")
    try expect("seconds", seconds, seconds >= 0.001 && seconds <= 86_400, "a number from 0.001 to 86400")
    try expect("warm-up", warmUp, warmUp >= 0 && warmUp <= 3600, "a number from 0 to 3600")
    if let deadlineMs {
      try expect("deadline-ms", deadlineMs, deadlineMs > 0 && deadlineMs <= 3.6e6, "a number above 0 up to 3600000")
    }
  }

  func run() async throws {
    var options = try connection.options()
    if let deadlineMs { options.requestTimeout = .seconds(deadlineMs / 1000) }
    if noRetry { options.maximumRetries = 0 }
    let load = try await connection.reporting { [options] () async throws(InferenceError) in
      try await LoadConnections.connect(to: connection.bs, count: connections, options: options)
    }
    let pixels: [UInt8]
    do {
      pixels = try images(for: load.model)
    } catch {
      throw failure("\(error)")
    }
    let test = LoadTest(pace: pace, batch: batch, warmUp: .seconds(warmUp), duration: .seconds(seconds))
    let report = try await connection.reporting { () async throws(InferenceError) in
      try await test.run(over: load, sending: pixels)
    }
    await load.close()
    let result = BenchReport(report, load: description)
    if connection.json { try printJSON(result.summary) } else { result.show() }
    if let error = report.firstError {
      throw failure("\(report.errors) of \(report.images) images were not classified, the first because: \(error)")
    }
  }

  private var pace: LoadTest.Pace {
    if let rate {
      .open(LoadArrivals(arrivals, rate: rate, seed: seed), maximumUnderWay: maxOutstanding)
    } else {
      .closed(callers: concurrency ?? 1)
    }
  }

  private var description: String {
    let pace = rate.map { "\($0.rounded(0)) requests/s (\(arrivals))" } ?? "\(concurrency ?? 1) callers"
    return "\(pace), \(batch) images a request, \(connections) connections"
  }

  private func images(for model: ServedModel) throws -> [UInt8] {
    guard let data else {
      return generatedImages(count: 256, channels: model.channels, height: model.height, width: model.width)
    }
    // CIFAR-10's or CIFAR-100's test images, whichever has the model's number of classes.
    let images = try ImageSet.load(model.labels.count > 10 ? .cifar100 : .cifar10, .test, in: data)
    guard images.shape == model.shape else {
      throw InferenceError.badRequest("--data: images of \(images.shape), the model takes \(model.shape)")
    }
    return images.pixels
  }
}

extension LoadArrivals.Law: ExpressibleByArgument {}
