package import ArgumentParser
import Foundation
package import Logging
package import TLS
package import Transport
import WireProtocol

/// What both daemons take.
package struct DaemonOptions: ParsableArguments {
  @Option(help: "What to write to the log: trace, debug, info, notice, warning, error or critical.")
  package var logLevel: Logger.Level = .notice

  @Option(
    help: "How to write it: text, or json: an object a line. Single requests and dispatches are told at level debug.")
  package var logFormat: LogFormat = .text

  @Option(
    help: ArgumentHelp(
      "The node's name, stable over restarts; by default made of the host and the role.", valueName: "name"))
  package var nodeID: String?

  @Option(
    help: ArgumentHelp(
      "An expert that is silent for so long loses its connection, a ping unanswered.", valueName: "ms"))
  package var heartbeatTimeoutMs: Int = 300

  package init() {}

  package mutating func validate() throws {
    guard (30...600_000).contains(heartbeatTimeoutMs) else {
      throw ValidationError("--heartbeat-timeout-ms: expected 30 to 600000, received \(heartbeatTimeoutMs)")
    }
    if let nodeID, !NodeID.isValid(nodeID) {
      throw ValidationError(
        "--node-id: expected 1 to \(NodeID.maximumBytes) printable ASCII characters without spaces, received \"\(nodeID)\""
      )
    }
  }

  /// The name that was given, or one made of the host's and the node's part, `bs-0` say.
  package func nodeName(part: String) -> String {
    if let nodeID { return nodeID }
    let host = ProcessInfo.processInfo.hostName.filter { NodeID.isValid(String($0)) }
    return "\(host.prefix(NodeID.maximumBytes - part.utf8.count - 1))-\(part)"
  }

  /// How connections are kept, and by which credentials they are secured.
  package func peerOptions(_ credentials: TLSCredentials?) -> Peer.Options {
    var options = Peer.Options()
    if let credentials { options.secure(with: credentials) }
    let interval = Duration.milliseconds(heartbeatTimeoutMs) / 4
    options.expertHeartbeat = Peer.Heartbeat(interval: interval, timeout: interval * 3)
    return options
  }

  /// The node's logger, on standard error, whose reader holds nobody up.
  package func logger(label: String) -> Logger {
    let format = logFormat
    let sink = LogSink.standardError
    LoggingSystem.bootstrap { label in
      switch format {
      case .text: StreamLogHandler(label: label, stream: sink)
      case .json: JSONLogHandler(label: label) { sink.write($0) }
      }
    }
    var logger = Logger(label: label)
    logger.logLevel = logLevel
    sink.onDropped { [logger] count in
      logger.log(
        level: max(.warning, logger.logLevel), "\(count) lines of the log were dropped: its reader did not take them",
        metadata: ["dropped": "\(count)"])
    }
    return logger
  }

  /// Has the process do what its signals ask: SIGHUP loads credentials and model again, the first SIGTERM or SIGINT drains
  /// and then ends it with status 0.
  ///
  /// - Parameters:
  ///   - reload: called on the io queue.
  ///   - drain: called on the io queue; it calls what it is given when nothing is left in hand.
  /// - Returns: the service manager, which is told of the end, and by the caller of the beginning; nil where there is none.
  package func obeySignals(
    io: IOQueue, credentials: TLSCredentials?, reload: @escaping @Sendable () -> Void,
    drain: @escaping @Sendable (_ completion: @escaping @Sendable () -> Void) -> Void
  ) -> ServiceManager? {
    let manager = ServiceManager()
    let reloadCredentials = credentials?.reloading(logger: io.logger)
    Signals.install(io: io) {
      reloadCredentials?()
      reload()
    } drain: {
      manager?.stopping()
      drain {
        LogSink.standardError.flush()
        Foundation.exit(0)
      }
    } lastly: {
      LogSink.standardError.flush()
    }
    return manager
  }

  /// Prints the line that says where a daemon can be reached.
  package static func printReady(_ address: String) {
    FileHandle.standardOutput.tell(Data("ready \(address)\n".utf8))
  }
}
