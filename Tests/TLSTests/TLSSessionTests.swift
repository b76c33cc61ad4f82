import Digests
import Foundation
import Randomness
import TLS
import TestCertificates
import Testing
import WireProtocol

@Suite(.enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
struct TLSSessionTests {
  private func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = CounterGenerator(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }

  @Test(arguments: [1, 2, 5, 100, 4096, 1 << 20])
  func `two sides agree and talk, whatever pieces their bytes come in`(size: Int) throws {
    let pair = try SessionPair()
    let question = bytes(1000)
    let answer = bytes(40_000, seed: 2)
    // Before the handshake is over, it is kept back: not a byte of it is sent.
    let greeting = pair.toServer
    try pair.sendFromClient(question)
    #expect(pair.toServer == greeting)
    pair.carry(inPiecesOf: size)
    #expect(pair.serverReceived == question)
    try pair.sendFromServer(answer)
    pair.carry(inPiecesOf: size)
    #expect(pair.clientReceived == answer)
    #expect(pair.client.isOpen && pair.server.isOpen)
    #expect(pair.client.peerCertificate?.identities == [.baseStation])
    #expect(pair.server.peerCertificate?.identities == [.client])
  }

  @Test func `megabytes arrive as they were sent, and not in the clear`() throws {
    let pair = try SessionPair()
    pair.carry()
    let message = bytes(5 << 20)
    try pair.sendFromClient(message)
    #expect(pair.toServer.count > message.count && pair.toServer.count < message.count + message.count / 100)
    #expect(!pair.toServer.prefix(1000).contains(message.prefix(8)))
    pair.carry(inPiecesOf: 65_536)
    #expect(pair.serverReceived == message)
  }

  @Test func `a farewell ends both sides; an end without one is told`() throws {
    let pair = try SessionPair()
    pair.carry()
    #expect(throws: TLSError.truncated(duringHandshake: false)) { try pair.server.endOfInput() }
    try pair.sendFromClient([1, 2, 3])
    pair.client.close(&pair.toServer)
    pair.carry()
    #expect(pair.serverReceived == [1, 2, 3])
    #expect(pair.server.hasEnded && pair.client.hasEnded && pair.serverError == nil)
    try pair.server.endOfInput()
  }

  @Test func `an end in the middle of the handshake is told`() throws {
    let pair = try SessionPair()
    pair.toServer = Array(pair.toServer.prefix(50))
    pair.carry()
    #expect(throws: TLSError.truncated(duringHandshake: true)) { try pair.server.endOfInput() }
  }

  @Test func `a changed bit anywhere in a record is found, and nothing of the record comes out`() throws {
    for place in 0..<60 {
      let pair = try SessionPair()
      pair.carry()
      try pair.sendFromClient(bytes(32))
      pair.toServer[place % pair.toServer.count] ^= 0x10
      // What a changed length makes it wait for.
      pair.toServer += bytes(40_000)
      pair.carry()
      #expect(pair.serverError != nil && pair.serverReceived.isEmpty, "byte \(place)")
    }
  }

  @Test func `a record that is sent twice is refused`() throws {
    let pair = try SessionPair()
    pair.carry()
    try pair.sendFromClient([7])
    pair.toServer += pair.toServer
    pair.carry()
    #expect(pair.serverReceived == [7] && pair.serverError != nil)
  }

  @Test func `random bytes are no TLS, with and without the looks of a record`() throws {
    let context = try TLSContext(CertificateFolder.shared.get().files("bs"))
    for seed in 0..<200 as Range<UInt64> {
      for looks in [[], [0x16, 3, 1], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], [0x15, 3, 3, 0, 2], [0x17, 3, 3]]
        as [[UInt8]]
      {
        let session = TLSSession(context, dialledHost: nil)
        var (received, toSend): ([UInt8], [UInt8]) = ([], [])
        #expect(throws: TLSError.self) {
          try session.receive(looks + bytes(64_000, seed: seed), received: &received, toSend: &toSend)
        }
        #expect(received.isEmpty && toSend.count < 100 && session.hasEnded)
      }
    }
  }

  @Test func `a changed byte anywhere in the first flight keeps the two from agreeing`() throws {
    // The record's header, which comes before, is not part of what they agree on.
    for place in 5..<(try SessionPair().toServer.count) {
      let pair = try SessionPair()
      pair.toServer[place] ^= 1 << UInt8(place % 8)
      pair.carry(inPiecesOf: 64)
      #expect(!(pair.server.isOpen && pair.client.isOpen), "byte \(place)")
      #expect(pair.serverReceived.isEmpty && pair.clientReceived.isEmpty)
    }
  }

  @Test(arguments: [1, 3, 200])
  func `who speaks plainly is told so plainly`(size: Int) throws {
    let session = TLSSession(try TLSContext(CertificateFolder.shared.get().files("bs")), dialledHost: nil)
    let hello = Hello(nodeID: "a", generation: 1, software: "test", detail: .client)
    let frame = Message.hello(hello).encode(requestID: 0).withBytes { Array($0) }
    var (received, toSend): ([UInt8], [UInt8]) = ([], [])
    #expect(throws: TLSError.plainFrames) {
      for piece in frame.pieces(of: size) { try session.receive(piece, received: &received, toSend: &toSend) }
    }
    #expect(received.isEmpty)
    var decoder = FrameDecoder(limits: .beforeHello)
    let answer = try toSend.withUnsafeBytes { bytes in
      var bytes = bytes
      return try decoder.next(from: &bytes)
    }
    guard case .error(let error) = try answer.map({ try Message(decoding: $0) }) else {
      Issue.record("no error came")
      return
    }
    #expect(error.code == .unauthorised)
  }

  @Test func `what is to be sent before the handshake is over is bounded`() throws {
    let pair = try SessionPair()
    try pair.sendFromClient(bytes(TLSSession.maximumHeldBytes))
    #expect(throws: TLSError.tooMuchBeforeHandshake(bytes: TLSSession.maximumHeldBytes + 1)) {
      try pair.sendFromClient([0])
    }
    pair.carry()
    #expect(pair.serverReceived.count == TLSSession.maximumHeldBytes)
  }

  @Test func `a chain of more certificates than anybody needs is refused before it is looked at`() throws {
    let folder = try CertificateFolder.shared.get()
    var files = folder.files("client")
    let own = try String(contentsOfFile: files.certificate, encoding: .utf8)
    let authority = try String(contentsOfFile: files.authority, encoding: .utf8)
    // Base64 takes a third more than the certificates themselves.
    let chain = own + String(repeating: authority, count: (48 << 10) / authority.utf8.count + 1)
    let path = NSTemporaryDirectory() + "moe-chain-\(UUID().uuidString).pem"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(chain.utf8).write(to: URL(fileURLWithPath: path))
    files.certificate = path
    let pair = try SessionPair(client: TLSContext(files), server: TLSContext(folder.files("bs")))
    pair.carry()
    #expect(!pair.server.isOpen && pair.server.peerCertificate == nil)
    let error = try #require(pair.serverError)
    #expect("\(error)".contains("excessive message size"), "\(error)")
  }
}
