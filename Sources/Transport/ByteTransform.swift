package import WireProtocol

/// What stands between the frames and the socket, such as TLS: bytes in, bytes out, no descriptor inside.
///
/// A connection without one sends and receives plainly. On the io queue only.
package protocol ByteTransform: AnyObject {
  /// Called once, before anything else: what this side says first.
  func start(_ output: inout TransformOutput) throws
  /// Bytes that came from the socket, in any pieces.
  func receive(_ bytes: UnsafeRawBufferPointer, _ output: inout TransformOutput) throws
  /// Bytes that are to be sent; kept back by the transform until it may send them.
  func send(_ bytes: UnsafeRawBufferPointer, _ output: inout TransformOutput) throws
  /// This side closes: what it says last.
  func close(_ output: inout TransformOutput)
  /// The other side has closed the socket; throws where it may not be the other side that did so.
  func endOfInput() throws
  /// Refuses a HELLO that is not what the transform knows of the other side.
  func check(_ hello: Hello) throws(ProtocolError)
}

/// What a ``ByteTransform`` has made of what it was given.
package struct TransformOutput {
  /// For the decoder of frames.
  package var received: [UInt8] = []
  /// For the socket.
  package var toSend: [UInt8] = []
  /// The other side has said that nothing more will come.
  package var isAtEnd = false

  package init() {}
}
