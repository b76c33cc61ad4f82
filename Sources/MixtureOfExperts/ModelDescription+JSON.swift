import Datasets
package import Digests
import Foundation

extension ModelDescription {
  /// Decodes `model.json` and checks that its fields agree with each other.
  init(decoding bytes: [UInt8], path: String) throws(ModelBundleError) {
    let decoder = JSONDecoder()
    let data = Data(bytes)
    do {
      // The version first: another format need not have our fields.
      let version = try decoder.decode(VersionOnly.self, from: data).formatVersion
      guard Self.formats.contains(version) else {
        throw ModelBundleError.unsupportedFormat(path: path, expected: Self.formats, received: version)
      }
      self = try decoder.decode(ModelDescription.self, from: data)
    } catch let error as ModelBundleError {
      throw error
    } catch let error as DecodingError {
      throw .malformed(path: path, reason: error.oneLine)
    } catch {
      throw .malformed(path: path, reason: "\(error)")
    }
    try check(path: path)
  }

  /// Keys in alphabetical order, so that equal descriptions have equal bytes and thus equal digests.
  package func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  private struct VersionOnly: Decodable {
    let formatVersion: Int
  }

  private func check(path: String) throws(ModelBundleError) {
    func require<Value: Equatable>(
      _ field: String, _ received: Value, _ expected: Value
    ) throws(ModelBundleError) {
      guard received == expected else {
        throw .malformed(path: path, reason: "\(field): expected \(expected), received \(received)")
      }
    }
    guard (1...ExpertSet.capacity).contains(expertCount) else {
      throw .malformed(path: path, reason: "expertCount: expected 1 to \(ExpertSet.capacity), received \(expertCount)")
    }
    guard !classLabels.isEmpty else {
      throw .malformed(path: path, reason: "classLabels: expected some, received none")
    }
    try require("formatVersion", formatVersion, neededFormat)
    try require("latentCount", latentCount, backbone.latentCount)
    try require("inputShape", inputShape, backbone.inputShape)
    try require("outputCount", outputCount, backbone.outputCount(classCount: classCount))
    if let wrong = hiddenLayersViolation ?? linkEncoding.violation { throw .malformed(path: path, reason: wrong) }
    try require("latentMean: count", latentMean.count, latentCount)
    guard latentMean.allSatisfy(\.isFinite) else {
      throw .malformed(path: path, reason: "latentMean: expected finite numbers")
    }
    try require("normalisation.mean: count", normalisation.mean.count, inputShape.channels)
    try require("normalisation.deviation: count", normalisation.deviation.count, inputShape.channels)
    guard normalisation.deviation.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .malformed(path: path, reason: "normalisation.deviation: expected positive numbers")
    }
    guard powerScaling > 0, powerScaling.isFinite else {
      throw .malformed(path: path, reason: "powerScaling: expected a positive number, received \(powerScaling)")
    }
  }
}

extension ModelDescription {
  private var hiddenLayersViolation: String? {
    let experts = expertHiddenWidths.flatMap {
      HiddenLayers.violation("expertHiddenWidths", $0, expertCount: expertCount)
    }
    if let experts { return experts }
    for (name, widths) in (gateHiddenWidths ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard GateKind(rawValue: name) != nil else {
        let names = GateKind.allCases.map(\.rawValue).joined(separator: ", ")
        return "gateHiddenWidths: expected one of \(names), received \(name)"
      }
      if let wrong = HiddenLayers.violation("gateHiddenWidths.\(name)", widths) { return wrong }
    }
    return nil
  }
}

extension DecodingError {
  /// The field and what is wrong with it, without Foundation's nesting.
  package var oneLine: String {
    func name(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    return switch self {
    case .keyNotFound(let key, let context): "\(name(context.codingPath + [key])): expected, not there"
    case .valueNotFound(let type, let context): "\(name(context.codingPath)): expected \(type), received null"
    case .typeMismatch(let type, let context): "\(name(context.codingPath)): expected \(type)"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "not valid JSON" : "\(name(context.codingPath)): \(context.debugDescription)"
    @unknown default: "cannot be decoded"
    }
  }
}

extension ModelDescription {
  /// Digest of the backbone's, the experts' and the head's files: what stage 2 builds upon.
  package var weightsDigest: SHA256Digest {
    let parts = digests.filter { !$0.key.hasPrefix("gate-") }.sorted { $0.key < $1.key }
    return SHA256Digest.of(Array(parts.map { "\($0.key) \($0.value.hex)\n" }.joined().utf8))
  }
}
