import Logging
import Transport

/// What the log tells of single requests, at level `debug`.
///
/// A request goes by its client's connection and the client's number of it, a dispatch by the number that the expert's own log
/// has, too.
extension BaseStation {
  /// A request has come to its end.
  func logEnd(
    _ what: String, of request: PendingRequest, now: UInt64, _ directives: inout [Directive]
  ) {
    guard configuration.logsRequests else { return }
    var fields = Self.fields(of: request.client, request.requestID)
    fields["images"] = "\(request.samples.count)"
    fields["unclassified"] = "\(request.samples.count { !$0.isClassified })"
    fields["us"] = "\((now - request.arrivedAt) / 1000)"
    directives.append(.log(.debug("request \(what)", fields)))
  }

  func logRefusal(of requestID: UInt64, from client: PeerID, _ error: String, _ directives: inout [Directive]) {
    guard configuration.logsRequests else { return }
    directives.append(.log(.debug("request refused: \(error)", Self.fields(of: client, requestID))))
  }

  func logDispatch(_ id: UInt64, _ dispatched: OutstandingDispatch, _ directives: inout [Directive]) {
    guard configuration.logsRequests else { return }
    var names: [String] = []
    for sample in dispatched.samples {
      guard let request = requests[sample.request] else { continue }
      let name = "\(request.client.number)/\(request.requestID)"
      if names.last != name { names.append(name) }
    }
    directives.append(
      .log(
        .debug(
          "dispatch",
          [
            "dispatch": "\(id)", "expert": "\(dispatched.expert)", "latents": "\(dispatched.samples.count)",
            "requests": "\(names.joined(separator: ","))",
          ])))
  }

  /// Images that an expert has failed at.
  func logRetry(_ samples: [SampleIndex], expert: Int, _ directives: inout [Directive]) {
    guard configuration.logsRequests else { return }
    for sample in samples {
      guard let request = requests[sample.request] else { continue }
      var fields = Self.fields(of: request.client, request.requestID)
      fields["image"] = "\(sample.image)"
      fields["expert"] = "\(expert)"
      directives.append(.log(.debug("image goes to another expert", fields)))
    }
  }

  private static func fields(of client: PeerID, _ requestID: UInt64) -> Logger.Metadata {
    ["client": "\(client.number)", "request": "\(requestID)"]
  }
}

extension Sample {
  fileprivate var isClassified: Bool {
    if case .classified = outcome { true } else { false }
  }
}
