import Digests
import Foundation
import Layers

extension ModelBundle {
  /// Stores a whole model in `folder`: complete beside it first, then put in its place, so that no folder ever holds half a model.
  ///
  /// Files of the old folder that are no part of a model (a model card, say) are carried over.
  /// - Returns: the description as stored, with the files' digests.
  @discardableResult
  package static func write(_ model: MixtureModel, to folder: String) throws(ModelBundleError) -> ModelDescription {
    let target = URL(fileURLWithPath: folder).standardizedFileURL
    let parent = target.deletingLastPathComponent()
    let fresh = parent.appendingPathComponent(".\(target.lastPathComponent).\(getpid())")
    let files = FileManager.default
    do {
      try? files.removeItem(at: fresh)
      try files.createDirectory(at: fresh, withIntermediateDirectories: true)
      defer { try? files.removeItem(at: fresh) }
      let description = try writeFiles(of: model, to: fresh)
      for name in (try? files.contentsOfDirectory(atPath: target.path)) ?? [] where !isPart(name) {
        try files.copyItem(at: target.appendingPathComponent(name), to: fresh.appendingPathComponent(name))
      }
      try exchange(fresh, target)
      return description
    } catch let error as ModelBundleError {
      throw error
    } catch {
      throw .unwritable(path: folder, reason: "\(error)")
    }
  }

  private static func writeFiles(of model: MixtureModel, to folder: URL) throws -> ModelDescription {
    var description = model.description
    description.digests = [:]
    func store(_ network: some Parameterised, _ part: ModelPart) throws {
      let path = folder.appendingPathComponent(part.file).path
      let file = Safetensors(network.namedTensors)
      try file.write(to: path, as: file.losslessType)
      description.digests[part.file] = try SHA256Digest.ofFile(path)
    }
    try store(model.backbone, .backbone)
    for (kind, gate) in model.gates { try store(gate, .gate(kind)) }
    for (k, expert) in model.experts.enumerated() { try store(expert, .expert(k)) }
    if let head = model.head { try store(head, .head) }
    try Data(try description.encoded()).write(to: folder.appendingPathComponent(descriptionFile))
    return description
  }

  private static func isPart(_ name: String) -> Bool {
    name == descriptionFile || ModelPart(file: name) != nil
  }

  /// Puts `fresh` in the place of `target` by two renames.
  private static func exchange(_ fresh: URL, _ target: URL) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: target.path) else { return try files.moveItem(at: fresh, to: target) }
    let old = fresh.appendingPathExtension("old")
    try? files.removeItem(at: old)
    try files.moveItem(at: target, to: old)
    try files.moveItem(at: fresh, to: target)
    try files.removeItem(at: old)
  }
}
