package import ArgumentParser
package import BaseStation
import CommandOptions
import Dispatch
import Logging
import MixtureOfExperts
import Radio
import TLS
import Tensors
import Transport

@main
package struct BaseStationCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "moe-bs",
    abstract: "Runs the backbone and the gate, and sends latents to the experts whose links and skills suit them.",
    version: "moe-bs 0.1.0 (\(Kernels.description))")

  @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
  var model: String

  @Option(
    help: ArgumentHelp("Where clients and experts find it; port 0 takes a free one.", valueName: "host:port"),
    transform: address)
  var listen: SocketAddress

  @Option(
    help: ArgumentHelp("An expert to dial. Experts may dial this base station, too.", valueName: "host:port"),
    transform: address)
  var expert: [SocketAddress] = []

  @Option(help: "What chooses the experts: channel-aware, base, naive, best-snr or random.")
  var gate: GatePolicy = .channelAware

  @Option(help: "How latents travel: analog (default), digital or ideal.", transform: named)
  var link: LinkKind = .analog

  @OptionGroup(title: "Lost latents") var loss: LossOptions

  @Option(help: ArgumentHelp("This base station's number, which keys its links.", valueName: "n"))
  var id: UInt32 = 0

  @Option(
    help: ArgumentHelp(
      "Keys the choices of --gate random, and which of equally good links best-snr takes.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup(title: "Experts") var routing: RoutingOptions
  @OptionGroup(title: "Service") var service: ServiceOptions

  @Option(help: "What the backbone's products multiply: fp32 (default) or, where the processor can, bf16.")
  var precision: Precision = .fp32

  @OptionGroup(title: "Daemon") var daemon: DaemonOptions
  @OptionGroup(title: "Security") var security: SecurityOptions

  package init() {}

  package func validate() throws {
    try checkKernels()
    try security.check(listen)
  }

  package func run() throws {
    let baseStation = try reportingFailures(of: "moe-bs", patience: LogSink.patience, start)
    withExtendedLifetime(baseStation) { dispatchMain() }
  }

  private func start() throws -> BaseStationDaemon {
    let credentials = try security.tls.credentials(for: .baseStation)
    let configuration = self.configuration
    let load = { @Sendable [model] in
      let loaded = try ModelBundle.loadBaseStation(model, withExperts: configuration.fallsBackToLocalExperts)
      guard configuration.topK <= loaded.description.expertCount else {
        let description = loaded.description
        throw RunError("--top-k \(configuration.topK): \(description.name) has \(description.expertCount) experts")
      }
      return loaded
    }

    ResourceLimits.raiseDescriptorLimit()
    let logger = daemon.logger(label: "moe-bs")
    credentials?.logWarnings(to: logger)
    if precision == .bf16, !Kernels.current.hasBFloat16 {
      logger.warning(
        "--precision bf16: this processor or its kernels (\(Kernels.description)) have no bfloat16; using fp32")
    } else {
      Kernels.select(precision)
    }
    let io = try IOQueue(label: "moe-edge.bs.io", logger: logger)
    let started = try BaseStationDaemon(
      configuration: configuration, load: load,
      nodeID: daemon.nodeName(part: "bs-\(id)"),
      peerOptions: daemon.peerOptions(credentials), io: io)
    let manager = daemon.obeySignals(
      io: io, credentials: credentials, reload: { started.reload() }, drain: { started.drain($0) })
    DaemonOptions.printReady("\(try started.start(listen: listen, dial: expert))")
    manager?.ready(io: io)
    return started
  }

  /// What the options ask of the base station.
  package var configuration: BaseStationConfiguration {
    var configuration = BaseStationConfiguration()
    configuration.id = id
    configuration.policy = gate
    configuration.link = link
    configuration.lossRule = LossRule(policy: loss.onDecodeFailure, maximumAttempts: loss.maxAttempts)
    configuration.seed = seed
    configuration.logsRequests = daemon.logLevel <= .debug
    routing.apply(to: &configuration)
    service.apply(to: &configuration)
    return configuration
  }
}

extension GatePolicy: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
