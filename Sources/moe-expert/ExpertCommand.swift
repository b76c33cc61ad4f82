import ArgumentParser
import CommandOptions
import Dispatch
import ExpertNode
import Logging
import MixtureOfExperts
import Radio
import TLS
import Tensors
import Transport

@main
struct ExpertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moe-expert",
    abstract: "Serves one expert of a mixture over a simulated radio link.",
    version: "moe-expert 0.1.0 (\(Kernels.description))")

  @Option(help: ArgumentHelp("The model's folder; model.json and the expert's own file are enough.", valueName: "dir"))
  var model: String

  @Option(help: ArgumentHelp("Which expert to serve, from 0.", valueName: "k"))
  var expert: Int

  @Option(
    help: ArgumentHelp("Wait for base stations here; port 0 takes a free one.", valueName: "host:port"),
    transform: address)
  var listen: [SocketAddress] = []

  @Option(
    help: ArgumentHelp("Dial a base station here, for hosts that cannot be reached.", valueName: "host:port"),
    transform: address)
  var attach: [SocketAddress] = []

  @Option(
    help: ArgumentHelp(
      "This process's number, which keys its link; replicas need their own. Default: the expert.", valueName: "n"))
  var linkProcess: UInt32?

  @Option(
    help: "What makes blocks: time (wall, the default), or the base station's requests (request: reproducible).",
    transform: named)
  var clock: LinkClock = .wall

  @Option(
    help: "What a digital link's demodulator tells its decoder: soft (default) or hard decisions.", transform: named)
  var decisions: Decisions = .soft

  @OptionGroup(title: "Link") var link: LinkOptions
  @OptionGroup(title: "Daemon") var daemon: DaemonOptions
  @OptionGroup(title: "Security") var security: SecurityOptions

  /// Milliseconds: a report is sent with every block, and the time of one travels as 32 bits of microseconds.
  private static let wallClockBlocks = 0.1...3_600_000

  func validate() throws {
    try checkKernels()
    if listen.isEmpty && attach.isEmpty { throw ValidationError("expected --listen or --attach") }
    for address in listen { try security.check(address) }
    let milliseconds = try link.configuration().blockDuration * 1_000
    guard clock == .request || Self.wallClockBlocks.contains(milliseconds) else {
      throw ValidationError(
        "--coherence-ms: expected \(Self.wallClockBlocks.lowerBound) to \(Self.wallClockBlocks.upperBound) with the wall "
          + "clock, received \(milliseconds)")
    }
  }

  func run() throws {
    let expert = try reportingFailures(of: "moe-expert", patience: LogSink.patience, start)
    withExtendedLifetime(expert) { dispatchMain() }
  }

  private func start() throws -> ExpertNodeDaemon {
    let credentials = try security.tls.credentials(for: .expert(expert))
    let load = { @Sendable [expert, model] in try ModelBundle.loadExpert(expert, model) }
    let loaded = try load()
    let configuration = try link.configuration()
    var node = ExpertNodeConfiguration(
      expert: expert, model: HeldModel(loaded), linkProcess: linkProcess ?? UInt32(expert), link: configuration,
      clock: clock)
    node.logsDispatches = daemon.logLevel <= .debug

    ResourceLimits.raiseDescriptorLimit()
    let logger = daemon.logger(label: "moe-expert-\(expert)")
    credentials?.logWarnings(to: logger)
    let io = try IOQueue(label: "moe-edge.expert.io", logger: logger)
    let started = ExpertNodeDaemon(
      configuration: node, model: loaded, decisions: decisions, load: load,
      nodeID: daemon.nodeName(part: "expert-\(node.linkProcess)"),
      peerOptions: daemon.peerOptions(credentials), io: io)
    let manager = daemon.obeySignals(
      io: io, credentials: credentials, reload: { started.reload() }, drain: { started.drain($0) })
    for address in listen {
      DaemonOptions.printReady("\(try started.listen(at: address))")
    }
    started.attach(to: attach) { address in
      if listen.isEmpty { DaemonOptions.printReady("\(address)") }
    }
    started.start()
    manager?.ready(io: io)
    return started
  }
}
