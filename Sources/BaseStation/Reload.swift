import Transport

/// A change of the served model that is under way.
///
/// It is read, then experts are asked to load it too; when every expert index that serves the old model has the new one, the
/// base station switches. Requests under way finish with the old one.
struct Reload {
  enum Phase {
    /// The base station reads its folder; becomes `waiting`, or ends.
    case reading
    /// Experts load the model of that number.
    case waiting(model: Int, until: UInt64)
  }

  var phase: Phase
  /// What experts were asked, by the request id; an error that answers it is the reason why they do not follow.
  var questions: [UInt64: PeerID] = [:]
  /// The operators that want to know how it ends.
  var askedBy: [(peer: PeerID, requestID: UInt64)]
}
