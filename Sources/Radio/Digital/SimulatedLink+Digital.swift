internal import Randomness

extension SimulatedLink {
  /// Carries a coded latent over the air: the expert's half of the digital link.
  ///
  /// Modulates, applies the block's fading and the message's noise, equalises, demodulates, decodes, and reconstructs
  /// (eq. 11). 16-QAM with Es = 1 has N0/2 = 1/(2 SNR) of noise per real part; the instantaneous SNR is the state's. After
  /// equalisation only |h| matters, as on the analog link, and noise is keyed by (seed, link, tag, attempt) alike.
  /// - Parameters:
  ///   - packet: coded by this codec's table, with its number of latents.
  ///   - latents: receives z~, shape [N_F]; untouched when the outcome is `lost`.
  public func carry(
    _ packet: CodedLatent, into latents: UnsafeMutableBufferPointer<Float>, codec: LatentCodec,
    onFailure policy: DecodeFailurePolicy = .redispatch, decisions: Decisions = .soft, block: UInt64, tag: UInt64,
    attempt: UInt32
  ) -> DigitalReception {
    precondition(packet.latentCount == codec.latentCount, "packet and codec disagree about the number of latents")
    let state = state(ofBlock: block)
    let n = packet.informationByteCount
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * n) { buffers in
      let information = UnsafeMutableBufferPointer(rebasing: buffers[..<n])
      let sent = UnsafeMutableBufferPointer(rebasing: buffers[n...])
      let channelBitErrors = packet.withUnsafeCode { code in
        ConvolutionalCode.information(ofCode: code, into: UnsafeMutableRawBufferPointer(sent))
        return receive(code, state: state, tag: tag, attempt: attempt, decisions: decisions, into: information)
      }
      let informationBitErrors = zip(information, sent).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }

      let outcome: DigitalReception.Outcome
      let received = UnsafeRawBufferPointer(information)
      if codec.decode(received, into: latents) {
        outcome = .delivered
      } else {
        switch policy {
        case .redispatch:
          outcome = .lost
        case .erasure:
          _ = latents.update(fromContentsOf: codec.latentMean)
          outcome = .erased
        case .raw:
          _ = codec.decodeDamaged(received, sideInformation: packet, into: latents)
          outcome = .damaged
        }
      }
      return DigitalReception(
        outcome: outcome, state: state, valueBits: 8 * codec.latentCount, informationBits: 8 * n,
        codedBits: packet.codedBitCount, symbols: packet.symbolCount, channelBitErrors: channelBitErrors,
        informationBitErrors: informationBitErrors, airtime: configuration.airtime(symbols: packet.symbolCount))
    }
  }

  /// Code bits over the air and through the decoder; returns how many of them a hard demodulator gets wrong.
  private func receive(
    _ code: UnsafeRawBufferPointer, state: BlockState, tag: UInt64, attempt: UInt32, decisions: Decisions,
    into information: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    let levels = ConvolutionalCode.codedBitCount(informationBits: 8 * information.count) / 2
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * levels) { buffers in
      let sent = UnsafeMutableBufferPointer(rebasing: buffers[..<levels])
      let received = UnsafeMutableBufferPointer(rebasing: buffers[levels...])
      QAM16.modulate(code, into: sent)
      _ = received.update(fromContentsOf: sent)
      var generator = noiseGenerator(tag: tag, attempt: attempt)
      generator.addGaussian(scale: QAM16.noiseSigma(relative: state.sigma / state.h), to: received)
      return withUnsafeTemporaryAllocation(of: Int8.self, capacity: 2 * levels) { soft in
        let errors = QAM16.demodulate(
          UnsafeBufferPointer(received), sent: UnsafeBufferPointer(sent), decisions: decisions, into: soft)
        ViterbiDecoder.decode(UnsafeBufferPointer(soft), into: information)
        return errors
      }
    }
  }
}

extension CodedLatent {
  /// Calls `body` with the code bits.
  func withUnsafeCode<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[Self.headerLength...])) }
  }
}
