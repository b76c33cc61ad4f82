internal import Digests
package import Radio

// Fields:
//      | model digest 32 | link u8 | reserved u8 | count u16 | latent count u32 | items... | [packets...] |
// Item:
//      | block u64 | tag u64 | attempt u32 |
// Packet, where the link is digital:
//      | on failure u8 | length u32 |
extension Dispatch: WireMessage {
  static let type = MessageType.dispatch
  static let countOffset = SHA256Digest.byteCount + 2
  /// What stands before the items.
  static let headBytes = SHA256Digest.byteCount + 8
  static let itemBytes = 20
  static let packetBytes = 5

  var payloadLength: Int {
    switch latents {
    case .values: 4 * items.count * latentCount
    case .coded(let packets, _): packets.reduce(0) { $0 + $1.length }
    }
  }

  func writeFields(to sink: inout some FieldSink) {
    sink.digest(modelDigest)
    sink.integer(link.rawValue)
    sink.integer(0 as UInt8)
    sink.count(items.count, as: UInt16.self, of: "dispatch: count")
    sink.count(latentCount, as: UInt32.self, of: "dispatch: latent count")
    for item in items {
      sink.integer(item.block)
      sink.integer(item.tag)
      sink.integer(item.attempt)
    }
    guard case .coded(let packets, _) = latents else { return }
    for packet in packets {
      sink.integer(packet.onFailure.rawValue)
      sink.count(packet.length, as: UInt32.self, of: "dispatch: packet's length")
    }
  }

  func writePayload(to bytes: UnsafeMutableRawBufferPointer) {
    switch latents {
    case .values(let floats): floats.copy(to: bytes, "dispatch: latents")
    case .coded(_, let coded): coded.copy(to: bytes, "dispatch: packets")
    }
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    modelDigest = try reader.digest("model digest")
    link = try reader.enumeration("link")
    try reader.reserved(UInt8.self)
    let count = try reader.count("count", as: UInt16.self, in: 1...Int(UInt16.max))
    let mostLatents = link == .digital ? CodedLatent.maximumLatentCount : Int(UInt32.max)
    latentCount = try reader.count("latent count", as: UInt32.self, in: 1...mostLatents)
    try reader.require(count, elementsOf: Self.itemBytes + (link == .digital ? Self.packetBytes : 0), "items")
    items = []
    items.reserveCapacity(count)
    for index in 0..<count {
      reader.index = index
      items.append(
        Item(
          block: try reader.integer("item's block"), tag: try reader.integer("item's tag"),
          attempt: try reader.integer("item's attempt")))
    }
    guard link == .digital else {
      reader.index = nil
      latents = .values(try frame.floatPayload(count: count * latentCount, "latents", reader))
      return
    }
    let lengths =
      CodedLatent.minimumLength(latentCount: latentCount)...CodedLatent.maximumLength(latentCount: latentCount)
    var packets: [Packet] = []
    packets.reserveCapacity(count)
    for index in 0..<count {
      reader.index = index
      let policy: DecodeFailurePolicy = try reader.enumeration("packet's policy")
      let length = try reader.count("packet's length", as: UInt32.self, in: lengths)
      packets.append(Packet(length: length, onFailure: policy))
    }
    reader.index = nil
    let total = packets.reduce(0) { $0 + $1.length }
    latents = .coded(packets, try frame.bytePayload(count: total, bytesEach: 1, "packets", reader))
  }
}

extension Dispatch {
  /// The coded latents of a digital dispatch, copied and checked one by one; empty where the link is another.
  ///
  /// What the air will do to their bits is no concern of this: these are the bytes that the base station sent.
  /// - Throws: ``WireError`` that names the first which is none.
  package func codedLatents() throws(WireError) -> [CodedLatent] {
    guard case .coded(let packets, let bytes) = latents else { return [] }
    var coded: [CodedLatent] = []
    coded.reserveCapacity(packets.count)
    var start = 0
    for (index, packet) in packets.enumerated() {
      let own = bytes.withUnsafeBytes { Array($0[start..<start + packet.length]) }
      do {
        coded.append(try CodedLatent(bytes: own, latentCount: latentCount))
      } catch {
        throw WireError(
          "\(Self.type)", "\(error.field) of packet \(index)", expected: error.expected, received: error.received)
      }
      start += packet.length
    }
    return coded
  }
}
