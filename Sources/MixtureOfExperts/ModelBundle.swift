package import Digests
import Foundation
import Layers

/// What a base station loads of a model: everything but the experts, which it needs only to stand in for them.
package struct BaseStationModel: Sendable {
  package let description: ModelDescription
  /// Digest of `model.json`, which names the digests of all other files: it names the model.
  package let digest: SHA256Digest
  /// F.
  package let backbone: Backbone
  package let gates: [GateKind: Gate]
  package let head: Head?
  /// Q_0 … Q_{K-1}, or none.
  package let experts: [Expert]
}

/// What an edge host loads of a model: its description and one expert.
package struct ExpertModel: Sendable {
  package let description: ModelDescription
  package let digest: SHA256Digest
  /// k.
  package let index: Int
  /// Q_k.
  package let expert: Expert
}

/// A whole model in memory.
package struct MixtureModel: Sendable {
  package var description: ModelDescription
  package var backbone: Backbone
  package var gates: [GateKind: Gate]
  /// Q_0 … Q_{K-1}.
  package var experts: [Expert]
  /// Where the experts do not answer with class scores.
  package var head: Head?

  package init(
    description: ModelDescription, backbone: Backbone, gates: [GateKind: Gate], experts: [Expert], head: Head? = nil
  ) {
    precondition(experts.count == description.expertCount, "\(experts.count) experts, K = \(description.expertCount)")
    precondition((head != nil) == description.backbone.hasHead, "a head is for models of some backbones")
    self.description = description
    self.backbone = backbone
    self.gates = gates
    self.experts = experts
    self.head = head
  }
}

/// A model's folder: `model.json` and one safetensors file for each part.
///
/// Each reader needs the files of its part only, and refuses a file whose digest is not the one in `model.json`.
package struct ModelBundle {
  package static let descriptionFile = "model.json"

  package let folder: String
  package let description: ModelDescription
  package let digest: SHA256Digest

  /// Reads and checks `model.json`.
  package init(folder: String) throws(ModelBundleError) {
    let path = folder + "/" + Self.descriptionFile
    let bytes = try Self.bytes(of: path)
    self.folder = folder
    description = try ModelDescription(decoding: bytes, path: path)
    digest = SHA256Digest.of(bytes)
  }

  package static func loadBaseStation(
    _ folder: String, withExperts: Bool = false
  ) throws(ModelBundleError) -> BaseStationModel {
    let bundle = try ModelBundle(folder: folder)
    return BaseStationModel(
      description: bundle.description, digest: bundle.digest, backbone: try bundle.backbone(),
      gates: try bundle.gates(), head: try bundle.head(), experts: withExperts ? try bundle.experts() : [])
  }

  package static func loadExpert(_ k: Int, _ folder: String) throws(ModelBundleError) -> ExpertModel {
    let bundle = try ModelBundle(folder: folder)
    return ExpertModel(
      description: bundle.description, digest: bundle.digest, index: k, expert: try bundle.expert(k))
  }

  package static func loadAll(_ folder: String) throws(ModelBundleError) -> MixtureModel {
    let bundle = try ModelBundle(folder: folder)
    return MixtureModel(
      description: bundle.description, backbone: try bundle.backbone(), gates: try bundle.gates(),
      experts: try bundle.experts(), head: try bundle.head())
  }

  private func backbone() throws(ModelBundleError) -> Backbone {
    var generator = NoDraws()
    return try weights(ModelPart.backbone.file, into: Backbone(description.backbone, using: &generator))
  }

  /// The gates that the bundle has: `base` after stage 1, all three after stage 2.
  private func gates() throws(ModelBundleError) -> [GateKind: Gate] {
    var gates: [GateKind: Gate] = [:]
    for kind in GateKind.allCases where description.digests[ModelPart.gate(kind).file] != nil {
      var generator = NoDraws()
      gates[kind] = try weights(ModelPart.gate(kind).file, into: Gate(kind, of: description, using: &generator))
    }
    return gates
  }

  private func head() throws(ModelBundleError) -> Head? {
    var generator = NoDraws()
    guard let head = description.backbone.makeHead(classCount: description.classCount, using: &generator) else {
      return nil
    }
    return try weights(ModelPart.head.file, into: head)
  }

  private func experts() throws(ModelBundleError) -> [Expert] {
    var experts: [Expert] = []
    for k in 0..<description.expertCount { experts.append(try expert(k)) }
    return experts
  }

  private func expert(_ k: Int) throws(ModelBundleError) -> Expert {
    guard (0..<description.expertCount).contains(k) else {
      throw .noSuchExpert(folder: folder, index: k, count: description.expertCount)
    }
    var generator = NoDraws()
    let expert = Expert(
      expertFor: description.backbone, hidden: description.expertHiddenWidths?[k],
      outputCount: description.outputCount, using: &generator)
    return try weights(ModelPart.expert(k).file, into: expert)
  }

  /// `network` with the weights of a file whose digest is the one that `model.json` names.
  private func weights<Network: Parameterised>(
    _ file: String, into network: Network
  ) throws(ModelBundleError) -> Network {
    let path = folder + "/" + file
    guard let expected = description.digests[file] else {
      throw .malformed(path: folder + "/" + Self.descriptionFile, reason: "digests: expected \(file), not there")
    }
    let bytes = try Self.bytes(of: path)
    let received = SHA256Digest.of(bytes)
    guard received == expected else { throw .digestMismatch(path: path, expected: expected, received: received) }
    let decoded = bytes.withUnsafeBytes { bytes in
      Result { () throws(SafetensorsError) in try Safetensors(decoding: bytes) }
    }
    switch decoded {
    case .success(let tensors): return try network.loading(tensors, from: path)
    case .failure(let error): throw .malformed(path: path, reason: error.description)
    }
  }

  private static func bytes(of path: String) throws(ModelBundleError) -> [UInt8] {
    do {
      return try WholeFile.read(path)
    } catch {
      guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
      throw .unreadable(path: path, reason: error.description)
    }
  }
}
