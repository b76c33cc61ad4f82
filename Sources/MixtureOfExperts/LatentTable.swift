package import Digests
package import Radio

/// The Huffman code of a model's quantised latents, made once from the training latents, and the digest that names it.
package struct LatentTable: Hashable, Sendable {
  package let code: HuffmanTable
  /// SHA-256 of the 256 codeword lengths, one byte each.
  package let digest: SHA256Digest

  package init(_ code: HuffmanTable) {
    self.code = code
    digest = SHA256Digest.of(code.bytes)
  }
}

extension LatentTable: Codable {
  private enum CodingKeys: String, CodingKey { case digest, lengths }

  /// - Throws: where the lengths define no code, or not the one that the digest names.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try container.decode(HuffmanTable.self, forKey: .lengths))
    let expected = try container.decode(SHA256Digest.self, forKey: .digest)
    guard digest == expected else {
      throw DecodingError.dataCorruptedError(
        forKey: .lengths, in: container,
        debugDescription: "SHA-256: expected \(expected.hex), received \(digest.hex)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(digest, forKey: .digest)
    try container.encode(code, forKey: .lengths)
  }
}

extension ModelDescription {
  /// Source coding of this model's latents, for digital links.
  /// - Throws: `noLatentTable` where the model was made without one.
  package func latentCodec() throws(ModelBundleError) -> LatentCodec {
    guard let latentTable else { throw .noLatentTable(model: name) }
    return LatentCodec(table: latentTable.code, latentMean: latentMean)
  }
}
