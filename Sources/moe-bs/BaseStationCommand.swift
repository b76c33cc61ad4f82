import ArgumentParser
import BaseStation
import CommandOptions
import Dispatch
import Foundation
import Logging
import MixtureOfExperts
import Radio
import TLS
import Tensors
import Transport

@main
struct BaseStationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moe-bs",
    abstract: "Runs the backbone and the gate, and sends latents to the experts whose links and skills suit them.",
    version: "moe-bs 0.1.0 (\(Kernels.description))")

  @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
  var model: String

  @Option(help: ArgumentHelp("Where clients and experts find it; port 0 takes a free one.", valueName: "host:port"))
  var listen: String

  @Option(help: ArgumentHelp("An expert to dial. Experts may dial this base station, too.", valueName: "host:port"))
  var expert: [String] = []

  @Option(help: "What chooses the experts: channel-aware, base, naive, best-snr or random.")
  var gate: GatePolicy = .channelAware

  @Option(help: "How latents travel: analog (default), digital or ideal.", transform: named)
  var link: LinkKind = .analog

  @OptionGroup(title: "Lost latents") var loss: LossOptions

  @Option(help: ArgumentHelp("Experts that each image is sent to.", valueName: "n"))
  var topK: Int = 1

  @Option(help: ArgumentHelp("This base station's number, which keys its links.", valueName: "n"))
  var id: UInt32 = 0

  @Option(help: ArgumentHelp("Keys the choices of --gate random.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Images that share one run of the backbone at most.", valueName: "n"))
  var maxBatch: Int = 32

  @Option(help: ArgumentHelp("Batches computed at once.", valueName: "n"))
  var computeWorkers: Int = 2

  @Option(help: ArgumentHelp("After so long without a reply, a latent goes to the next-best expert.", valueName: "ms"))
  var replyTimeoutMs: Int = 250

  @Option(help: "What the backbone's convolutions multiply: fp32 (default) or, where the processor can, bf16.")
  var precision: Precision = .fp32

  @OptionGroup(title: "Daemon") var daemon: DaemonOptions
  @OptionGroup(title: "Security") var security: SecurityOptions

  func validate() throws {
    func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw ValidationError("--\(option): expected \(range.lowerBound) to \(range.upperBound), received \(value)")
      }
    }
    try check("top-k", topK, 1...64)
    try check("max-batch", maxBatch, 1...1024)
    try check("compute-workers", computeWorkers, 1...256)
    try check("reply-timeout-ms", replyTimeoutMs, 1...60_000)
  }

  func run() throws {
    let baseStation = try reportingFailures(of: "moe-bs", start)
    withExtendedLifetime(baseStation) { dispatchMain() }
  }

  private func start() throws -> BaseStationDaemon {
    let credentials = try security.tls.credentials(for: .baseStation)
    let address = try SocketAddress(parsing: listen)
    try address.refuseNonLoopback(unlessInsecure: security.insecure || credentials != nil)
    let experts = try expert.map(SocketAddress.init(parsing:))
    let loaded = try ModelBundle.loadBaseStation(model)
    guard topK <= loaded.description.expertCount else {
      throw RunError("--top-k \(topK): \(loaded.description.name) has \(loaded.description.expertCount) experts")
    }

    var configuration = BaseStationConfiguration()
    configuration.id = id
    configuration.policy = gate
    configuration.link = link
    configuration.lossRule = LossRule(policy: loss.onDecodeFailure, maximumAttempts: loss.maxAttempts)
    configuration.topK = topK
    configuration.seed = seed
    configuration.maximumBatch = maxBatch
    configuration.maximumConcurrentBatches = computeWorkers
    configuration.replyTimeout = UInt64(replyTimeoutMs) * 1_000_000

    ResourceLimits.raiseDescriptorLimit()
    let logger = daemon.logger(label: "moe-bs")
    credentials?.logWarnings(to: logger)
    if precision == .bf16, !Kernels.current.hasBFloat16 {
      logger.warning(
        "--precision bf16: this processor or its kernels (\(Kernels.description)) have no bfloat16; using fp32")
    } else {
      Kernels.select(precision)
    }
    let io = IOQueue(label: "moe-edge.bs.io", logger: logger)
    let started = try BaseStationDaemon(
      configuration: configuration, model: loaded,
      nodeID: daemon.nodeName(part: "bs-\(id)"),
      peerOptions: daemon.peerOptions(credentials), io: io)
    let manager = ServiceManager()
    Signals.install(io: io, reload: credentials?.reloading(logger: logger)) {
      manager?.stopping()
      started.drain { Foundation.exit(0) }
    }
    DaemonOptions.printReady("\(try started.start(listen: address, dial: experts))")
    manager?.ready(io: io)
    return started
  }
}

extension GatePolicy: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
