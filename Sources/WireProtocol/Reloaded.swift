package import Digests

/// Answers a reload: the model that is held (by an expert) or served (by a base station) now.
package struct Reloaded: Equatable, Sendable {
  /// Questions that may wait at a node for the outcome of one reload; further ones are answered `busy`.
  package static let maximumAskers = 64

  package var modelDigest: SHA256Digest

  package init(modelDigest: SHA256Digest) { self.modelDigest = modelDigest }
}

// Fields:
//      | model digest 32 |
extension Reloaded: WireMessage {
  static let type = MessageType.reloaded

  func writeFields(to sink: inout some FieldSink) { sink.digest(modelDigest) }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    modelDigest = try reader.digest("model digest")
  }
}
