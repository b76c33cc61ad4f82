/// Source coding of one model's latents: quantisation, Huffman coding, the check; and its inverse.
///
/// The codeword of n information bytes:
///
///     offset  size  field
///      0       1    coding of the values: 0 Huffman, 1 raw
///      1       4    z_min, float32, big-endian
///      5       4    z_max
///      9       …    the 8-bit values, coded, the first bit in the highest place; zeros to a whole byte
///     n - 4    4    CRC-32 of everything before, big-endian
///
/// The check stands inside, because a wrong bit desynchronises everything after it in a Huffman code and shows in the length
/// in a minority of cases only. A constant vector has z_min = z_max and the value 0 throughout.
public struct LatentCodec: Sendable, Hashable {
  /// The code of the 8-bit values, fitted to the model's training latents.
  public let table: HuffmanTable
  /// The mean of each latent over the training set, shape [N_F]: stands in for what did not arrive.
  public let latentMean: [Float]

  /// N_F.
  public var latentCount: Int { latentMean.count }

  /// The most information bits that a codeword of so many latents has.
  package static func largestBitCount(latentCount: Int) -> Int { 8 * (overhead + latentCount) }

  /// Information bytes besides the values.
  static let overhead = 13
  static let valuesOffset = 9

  public init(table: HuffmanTable, latentMean: [Float]) {
    precondition(
      latentMean.count <= CodedLatent.maximumLatentCount,
      "\(latentMean.count) latents are more than \(CodedLatent.maximumLatentCount)")
    self.table = table
    self.latentMean = latentMean
  }

  /// The base station's half of the digital link: latents to code bits.
  /// - Parameter latents: shape [N_F].
  /// - Throws: ``LatentEncodingError`` when a value is not finite.
  public func encode(_ latents: UnsafeBufferPointer<Float>) throws(LatentEncodingError) -> CodedLatent {
    precondition(latents.count == latentCount, "this model has \(latentCount) latents, not \(latents.count)")
    let range = try LatentRange(of: latents)
    let bytes = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: latentCount) { values in
      range.quantise(latents, into: values)
      let values = UnsafeBufferPointer(values)
      let bits = table.bitCount(of: values)
      let coding: CodedLatent.Coding = bits <= 8 * latentCount ? .huffman : .raw
      let n = Self.overhead + (coding == .huffman ? (bits + 7) / 8 : latentCount)
      return withUnsafeTemporaryAllocation(byteCount: n, alignment: 8) { information in
        write(values, range: range, coding: coding, into: information)
        let length = CodedLatent.headerLength + ConvolutionalCode.codedByteCount(informationBytes: n)
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
          let bytes = UnsafeMutableRawBufferPointer(buffer)
          bytes.storeBytes(of: range.minimum.bitPattern.littleEndian, as: UInt32.self)
          bytes.storeBytes(of: range.maximum.bitPattern.littleEndian, toByteOffset: 4, as: UInt32.self)
          bytes.storeBytes(of: UInt16(latentCount).littleEndian, toByteOffset: 8, as: UInt16.self)
          bytes.storeBytes(of: UInt16(coding.rawValue).littleEndian, toByteOffset: 10, as: UInt16.self)
          ConvolutionalCode.encode(
            UnsafeRawBufferPointer(information),
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[CodedLatent.headerLength...]))
          count = length
        }
      }
    }
    return CodedLatent(trusted: bytes)
  }

  private func write(
    _ values: UnsafeBufferPointer<UInt8>, range: LatentRange, coding: CodedLatent.Coding,
    into information: UnsafeMutableRawBufferPointer
  ) {
    information[0] = coding.rawValue
    information.storeBytes(of: range.minimum.bitPattern.bigEndian, toByteOffset: 1, as: UInt32.self)
    information.storeBytes(of: range.maximum.bitPattern.bigEndian, toByteOffset: 5, as: UInt32.self)
    let check = information.count - 4
    switch coding {
    case .raw:
      UnsafeMutableRawBufferPointer(rebasing: information[Self.valuesOffset..<check]).copyMemory(
        from: UnsafeRawBufferPointer(values))
    case .huffman:
      var bits = BitWriter(information, from: Self.valuesOffset)
      table.encode(values, into: &bits)
      let end = bits.finish()
      assert(end == check, "the values end where the check begins")
    }
    let checksum = CRC32.checksum(UnsafeRawBufferPointer(rebasing: information[..<check]))
    information.storeBytes(of: checksum.bigEndian, toByteOffset: check, as: UInt32.self)
  }

  /// Reads a codeword, trusting its check and nothing else.
  /// - Parameter latents: shape [N_F]; changed only when the codeword is good.
  /// - Returns: whether it is: the check holds, and the content is exactly what an encoder of this model writes.
  public func decode(_ information: UnsafeRawBufferPointer, into latents: UnsafeMutableBufferPointer<Float>) -> Bool {
    precondition(latents.count == latentCount, "this model has \(latentCount) latents, not \(latents.count)")
    guard (Self.overhead...Self.overhead + latentCount).contains(information.count) else { return false }
    let check = information.count - 4
    let body = UnsafeRawBufferPointer(rebasing: information[..<check])
    let checksum = UInt32(bigEndian: information.loadUnaligned(fromByteOffset: check, as: UInt32.self))
    guard CRC32.checksum(body) == checksum, let coding = CodedLatent.Coding(rawValue: body[0]) else { return false }
    let range = LatentRange(
      minimum: Float(bitPattern: UInt32(bigEndian: body.loadUnaligned(fromByteOffset: 1, as: UInt32.self))),
      maximum: Float(bitPattern: UInt32(bigEndian: body.loadUnaligned(fromByteOffset: 5, as: UInt32.self))))
    guard range.minimum <= range.maximum, (range.maximum - range.minimum).isFinite else { return false }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: latentCount) { values in
      let read = readValues(body, coding: coding, into: values)
      guard read.count == latentCount, read.bitsLeft < 8, read.restIsZero else { return false }
      range.reconstruct(UnsafeBufferPointer(values), into: latents)
      return true
    }
  }

  /// Reads a codeword that may be damaged, as the paper does: whatever came is used.
  /// - Parameters:
  ///   - packet: its range and coding are taken as known without error.
  ///   - latents: shape [N_F]; values that did not come are the training mean, surplus bits are dropped.
  /// - Returns: how many values came.
  public func decodeDamaged(
    _ information: UnsafeRawBufferPointer, sideInformation packet: CodedLatent,
    into latents: UnsafeMutableBufferPointer<Float>
  ) -> Int {
    precondition(latents.count == latentCount, "this model has \(latentCount) latents, not \(latents.count)")
    _ = latents.update(fromContentsOf: latentMean)
    let body = UnsafeRawBufferPointer(rebasing: information[..<max(0, information.count - 4)])
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: latentCount) { values in
      let read = readValues(body, coding: packet.coding, into: values)
      packet.range.reconstruct(UnsafeBufferPointer(rebasing: values[..<read.count]), into: latents)
      return read.count
    }
  }

  private func readValues(
    _ body: UnsafeRawBufferPointer, coding: CodedLatent.Coding, into values: UnsafeMutableBufferPointer<UInt8>
  ) -> (count: Int, bitsLeft: Int, restIsZero: Bool) {
    guard body.count >= Self.valuesOffset else { return (0, 0, false) }
    switch coding {
    case .raw:
      let count = min(values.count, body.count - Self.valuesOffset)
      let bytes = UnsafeRawBufferPointer(rebasing: body[Self.valuesOffset..<(Self.valuesOffset + count)])
      UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes)
      return (count, 8 * (body.count - Self.valuesOffset - count), true)
    case .huffman:
      var bits = BitReader(body, from: Self.valuesOffset)
      let count = table.decode(&bits, into: values)
      let rest = min(bits.remaining, 8)
      return (count, bits.remaining, rest == 0 || bits.peek() >> UInt32(32 - rest) == 0)
    }
  }
}
