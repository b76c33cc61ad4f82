internal import Radio

// Use:
//      | transmissions u16 | decode failures u16 | value bits u32 | information bits u32 | coded bits u32 | symbols u32 |
//      | channel bit errors u32 | information bit errors u32 | airtime us f32 |
extension LinkUse {
  static let byteCount = 32

  /// Writes it; what does not fit a field is sent as the field's largest number.
  func write(to sink: inout some FieldSink) {
    sink.integer(UInt16(clamping: transmissions))
    sink.integer(UInt16(clamping: decodeFailures))
    for count in [valueBits, informationBits, codedBits, symbols, channelBitErrors, informationBitErrors] {
      sink.integer(UInt32(clamping: count))
    }
    sink.float(min(Float(1e6 * airtime), .greatestFiniteMagnitude))
  }

  init(reading reader: inout FieldReader) throws(WireError) {
    self.init()
    transmissions = Int(try reader.integer("transmissions", as: UInt16.self))
    decodeFailures = Int(try reader.integer("decode failures", as: UInt16.self))
    valueBits = Int(try reader.integer("value bits", as: UInt32.self))
    informationBits = Int(try reader.integer("information bits", as: UInt32.self))
    codedBits = Int(try reader.integer("coded bits", as: UInt32.self))
    symbols = Int(try reader.integer("symbols", as: UInt32.self))
    channelBitErrors = Int(try reader.integer("channel bit errors", as: UInt32.self))
    informationBitErrors = Int(try reader.integer("information bit errors", as: UInt32.self))
    let microseconds = try reader.float("airtime")
    guard microseconds >= 0 else {
      throw reader.error("airtime", expected: "at least 0", received: "\(microseconds)")
    }
    airtime = Double(microseconds) / 1e6
    guard decodeFailures <= transmissions else {
      throw reader.error(
        "decode failures", expected: "at most \(transmissions)", received: "\(decodeFailures)")
    }
  }
}
