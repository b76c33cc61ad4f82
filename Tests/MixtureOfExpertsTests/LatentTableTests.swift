import Digests
import Foundation
import MixtureOfExperts
import Radio
import Testing

@Suite struct LatentTableTests {
  private func modelWithTable() throws -> MixtureModel {
    var model = untrainedModel()
    model.description.latentTable = LatentTable(
      try HuffmanTable(histogram: (0..<256).map { 1_000_000 / UInt64(1 + $0) }))
    return model
  }

  @Test func `a model's table reads back as it was written, and codes the model's latents`() throws {
    try withTemporaryFolder { folder in
      let model = try modelWithTable()
      try ModelBundle.write(model, to: folder + "/model")
      let loaded = try ModelBundle(folder: folder + "/model").description
      #expect(loaded.latentTable == model.description.latentTable)
      let codec = try loaded.latentCodec()
      #expect(codec.table == model.description.latentTable?.code)
      #expect(codec.latentMean == loaded.latentMean)
    }
  }

  @Test func `a model without a table loads, and says in one line that it has none`() throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      let loaded = try ModelBundle(folder: folder + "/model").description
      #expect(throws: ModelBundleError.noLatentTable(model: "untrained")) { try loaded.latentCodec() }
      let line = ModelBundleError.noLatentTable(model: "untrained").description
      #expect(
        line
          == "model untrained: latentTable: expected a Huffman table for digital links, not there (stage 2 makes it)")
    }
  }

  @Test func `the digest of a table is that of its 256 lengths as bytes`() throws {
    // printf '\x08%.0s' {1..256} | sha256sum
    #expect(
      LatentTable(.uniform).digest.hex == "219b3d0e4c91f6e4ac9860878750b1cae9f9873946d2c70500612e4834d8a305")
  }

  @Test func `a changed length is refused`() throws {
    try withTemporaryFolder { folder in
      let model = try modelWithTable()
      let lengths = try #require(model.description.latentTable).code.lengths
      // Two symbols of unlike lengths change places: a code as good as any, but not the one that the digest names.
      let other = try #require(lengths.firstIndex { $0 != lengths[0] })
      var swapped = lengths
      swapped.swapAt(0, other)
      func text(_ lengths: [UInt8]) -> String { lengths.map { "      \($0)" }.joined(separator: ",\n") }
      let changed = try messageAfter(replacing: text(lengths), with: text(swapped), in: model, folder)
      #expect(changed.contains("latentTable.lengths: SHA-256: expected") && !changed.contains("\n"))

      var overfull = lengths
      overfull[255] = 1
      let impossible = try messageAfter(replacing: text(lengths), with: text(overfull), in: model, folder)
      #expect(impossible.contains("huffman table: expected lengths that fill the code space"))
    }
  }

  private func messageAfter(
    replacing text: String, with other: String, in model: MixtureModel, _ folder: String
  ) throws -> String {
    try ModelBundle.write(model, to: folder + "/model")
    let path = folder + "/model/model.json"
    let json = try String(contentsOfFile: path, encoding: .utf8)
    #expect(json.contains(text))
    try json.replacingOccurrences(of: text, with: other).write(toFile: path, atomically: true, encoding: .utf8)
    do {
      _ = try ModelBundle(folder: folder + "/model")
      return "accepted"
    } catch {
      return "\(error)"
    }
  }
}
