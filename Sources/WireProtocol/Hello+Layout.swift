internal import Datasets
internal import Digests
internal import Radio

// Fields:
//      | minimum u8 | maximum u8 | role u8 | reserved u8 | generation u64 | maximum frame u32 | maximum batch u16 |
//      | node id text8 | software text8 | detail |
// Detail of an expert:
//      | index u16 | expert count u16 | link process u32 | coherence µs u32 | latent count u32 | output count u32 |
//      | clock u8 | digests u8 | digests... |
// Detail of a base station:
//      | id u32 | link u8 | reserved u8 | channels u16 | height u16 | width u16 | labels u16 | digest 32 |
//      | model name text8 | gate text8 | labels text8... |
extension Hello: WireMessage {
  static let type = MessageType.hello
  static let maximumSoftwareBytes = 64

  func writeFields(to sink: inout some FieldSink) {
    sink.integer(versions.minimum)
    sink.integer(versions.maximum)
    sink.integer(role.rawValue)
    sink.integer(0 as UInt8)
    sink.integer(generation)
    sink.integer(maximumFrameBytes)
    sink.integer(maximumBatch)
    precondition(NodeID.isValid(nodeID), "hello: node id: expected \(NodeID.self), received \(nodeID)")
    sink.text8(nodeID)
    sink.text8(software, atMost: Self.maximumSoftwareBytes)
    switch detail {
    case .client, .operator: break
    case .expert(let expert): expert.write(to: &sink)
    case .baseStation(let baseStation): baseStation.write(to: &sink)
    }
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    versions = ProtocolVersions(
      minimum: try reader.integer("minimum version"), maximum: try reader.integer("maximum version"))
    guard versions.minimum >= 1, versions.minimum <= versions.maximum else {
      throw reader.error(
        "versions", expected: "1 <= minimum <= maximum", received: "\(versions.minimum) and \(versions.maximum)")
    }
    let role: Role = try reader.enumeration("role")
    try reader.reserved(UInt8.self)
    generation = try reader.integer("generation")
    maximumFrameBytes = try reader.integer("maximum frame")
    guard maximumFrameBytes >= Self.smallestMaximumFrame else {
      throw reader.error(
        "maximum frame", expected: "at least \(Self.smallestMaximumFrame)", received: "\(maximumFrameBytes)")
    }
    maximumBatch = UInt16(try reader.count("maximum batch", as: UInt16.self, in: 1...Int(UInt16.max)))
    nodeID = try reader.text8("node id", 1...NodeID.maximumBytes)
    guard NodeID.isValid(nodeID) else {
      throw reader.error("node id", expected: "printable ASCII without spaces", received: nodeID)
    }
    software = try reader.text8("software", 0...Self.maximumSoftwareBytes)
    switch role {
    case .client: detail = .client
    case .operator: detail = .operator
    case .expert: detail = .expert(try Expert(reading: &reader))
    case .baseStation: detail = .baseStation(try BaseStation(reading: &reader))
    }
  }

  /// A node that cannot take even this much could not be told an error.
  static let smallestMaximumFrame: UInt32 = 4096
}

extension Hello.Expert {
  package static let maximumDigests = 8

  fileprivate func write(to sink: inout some FieldSink) {
    sink.integer(index)
    sink.integer(expertCount)
    sink.integer(linkProcess)
    sink.integer(coherenceMicroseconds)
    sink.integer(latentCount)
    sink.integer(outputCount)
    sink.integer(clock.rawValue)
    precondition((1...Self.maximumDigests).contains(digests.count), "hello: \(digests.count) digests")
    sink.integer(UInt8(digests.count))
    for digest in digests { sink.digest(digest) }
  }

  fileprivate init(reading reader: inout FieldReader) throws(WireError) {
    index = try reader.integer("expert index")
    expertCount = try reader.integer("expert count")
    guard index < expertCount else {
      throw reader.error("expert index", expected: "less than the count of \(expertCount)", received: "\(index)")
    }
    linkProcess = try reader.integer("link process")
    coherenceMicroseconds = try reader.integer("coherence time")
    latentCount = UInt32(try reader.count("latent count", as: UInt32.self, in: 1...Int(UInt32.max)))
    outputCount = UInt32(try reader.count("output count", as: UInt32.self, in: 1...Int(UInt32.max)))
    clock = try reader.enumeration("clock")
    let count = try reader.count(
      "digests", as: UInt8.self, in: 1...Self.maximumDigests, bytesEach: SHA256Digest.byteCount)
    digests = []
    for index in 0..<count {
      reader.index = index
      digests.append(try reader.digest("digest"))
    }
    reader.index = nil
  }
}

extension Hello.BaseStation {
  static let maximumModelNameBytes = 128

  fileprivate func write(to sink: inout some FieldSink) {
    sink.integer(id)
    sink.integer(link.rawValue)
    sink.integer(0 as UInt8)
    inputShape.write(to: &sink)
    sink.count(classLabels.count, as: UInt16.self, of: "hello: class labels")
    sink.digest(digest)
    sink.text8(modelName, atMost: Self.maximumModelNameBytes)
    sink.text8(gate, atMost: InferenceResult.maximumGateBytes)
    for label in classLabels { sink.text8(label) }
  }

  fileprivate init(reading reader: inout FieldReader) throws(WireError) {
    id = try reader.integer("base station id")
    link = try reader.enumeration("link")
    try reader.reserved(UInt8.self)
    inputShape = try ImageShape(reading: &reader)
    let count = try reader.count("class labels", as: UInt16.self, in: 0...Int(UInt16.max), bytesEach: 1)
    digest = try reader.digest("digest")
    modelName = try reader.text8("model name", 0...Self.maximumModelNameBytes)
    gate = try reader.text8("gate", 0...InferenceResult.maximumGateBytes)
    classLabels = []
    classLabels.reserveCapacity(count)
    for index in 0..<count {
      reader.index = index
      classLabels.append(try reader.text8("class label", 0...255))
    }
    reader.index = nil
  }
}
