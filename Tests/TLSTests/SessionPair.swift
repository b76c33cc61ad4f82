import TLS
import TestCertificates

/// Two sides of one connection, in memory: what one has to send is the other's to receive, in pieces of a given size.
final class SessionPair {
  let client: TLSSession
  let server: TLSSession
  private(set) var clientReceived: [UInt8] = []
  private(set) var serverReceived: [UInt8] = []
  private(set) var clientError: TLSError?
  private(set) var serverError: TLSError?
  /// On their way.
  var toServer: [UInt8] = []
  var toClient: [UInt8] = []

  init(client: TLSContext, server: TLSContext, host: String = "localhost") throws {
    self.client = TLSSession(client, dialledHost: host)
    self.server = TLSSession(server, dialledHost: nil)
    try self.client.start(&toServer)
    try self.server.start(&toClient)
  }

  /// A client and a base station of one deployment.
  convenience init() throws {
    let folder = try CertificateFolder.shared.get()
    try self.init(client: TLSContext(folder.files("client")), server: TLSContext(folder.files("bs")))
  }

  /// Carries bytes back and forth until there are none.
  func carry(inPiecesOf size: Int = .max) {
    while !toServer.isEmpty || !toClient.isEmpty {
      let (forServer, forClient) = (toServer, toClient)
      toServer = []
      toClient = []
      for piece in forServer.pieces(of: size) where serverError == nil {
        do throws(TLSError) {
          try server.receive(piece, received: &serverReceived, toSend: &toClient)
        } catch {
          serverError = error
        }
      }
      for piece in forClient.pieces(of: size) where clientError == nil {
        do throws(TLSError) {
          try client.receive(piece, received: &clientReceived, toSend: &toServer)
        } catch {
          clientError = error
        }
      }
    }
  }

  func sendFromClient(_ bytes: [UInt8]) throws { try client.send(bytes, &toServer) }
  func sendFromServer(_ bytes: [UInt8]) throws { try server.send(bytes, &toClient) }
}

extension TLSSession {
  func send(_ bytes: [UInt8], _ toSend: inout [UInt8]) throws {
    try bytes.withUnsafeBytes { try send($0, &toSend) }
  }

  func receive(_ bytes: [UInt8], received: inout [UInt8], toSend: inout [UInt8]) throws(TLSError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(TLSError) in
      try receive(bytes, received: &received, toSend: &toSend)
    }
  }
}

extension [UInt8] {
  func pieces(of size: Int) -> [[UInt8]] {
    guard size < count else { return [self] }
    return stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
