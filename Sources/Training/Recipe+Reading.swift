import Datasets
import Foundation
import MixtureOfExperts

extension Recipe {
  /// Reads and checks a recipe; a wrong one is refused before anything is computed.
  ///
  /// - Throws: `recipe`, naming the field, what was expected and what came.
  package init(path: String) throws(TrainingError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .recipe(path: path, reason: "cannot be read: no such file, or not permitted")
    }
    do {
      let written = try JSONDecoder().decode(Fields.self, from: data).flattened()
      if let misfit = Self.misfit(in: written) { throw TrainingError.recipe(path: path, reason: misfit) }
      self = try JSONDecoder().decode(Recipe.self, from: data)
      let known = try Self.settings(of: self)
      if let stranger = written.keys.filter({ known[$0] == nil }).min() {
        throw TrainingError.recipe(path: path, reason: "\(stranger): no such field")
      }
    } catch let error as DecodingError {
      throw .recipe(path: path, reason: error.oneLine)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .recipe(path: path, reason: "\(error)")
    }
    if let wrong = firstViolation { throw .recipe(path: path, reason: wrong) }
  }

  /// The first field that is out of range, as a sentence; nil if none is.
  package var firstViolation: String? {
    func field<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) -> String? {
      range.contains(value)
        ? nil : "\(name): expected \(range.lowerBound) to \(range.upperBound), received \(value)"
    }
    func optimiser(_ stage: String, _ settings: OptimiserSettings) -> String? {
      field("\(stage).optimiser.peakLearningRate", settings.peakLearningRate, 1e-9...100)
        ?? field("\(stage).optimiser.weightDecay", settings.weightDecay, 0...1)
    }
    func pairs(_ name: String, _ mixing: PairMixing?) -> String? {
      guard let mixing else { return nil }
      func share(_ part: String, _ alpha: Double) -> String? {
        alpha == 0 || (0.01...1).contains(alpha)
          ? nil : "\(name).\(part): expected 0 (none) or 0.01 to 1.0, received \(alpha)"
      }
      return share("mixup", mixing.mixup) ?? share("cutmix", mixing.cutmix)
        ?? field("\(name).share", mixing.share, 0...1)
    }
    let findings: [String?] = [
      field("expertCount", expertCount, 1...ExpertSet.capacity),
      field("stage1.epochs", stage1.epochs, 1...100_000),
      field("stage1.batchSize", stage1.batchSize, 1...65_536),
      optimiser("stage1", stage1.optimiser),
      field("stage1.balanceWeight", stage1.balanceWeight, 0...1_000),
      field("stage1.gatedExpertWeight", stage1.gatedExpertWeight, 0...1_000),
      field("stage1.meanExpertWeight", stage1.meanExpertWeight, 0...1_000),
      field("stage1.downShare", stage1.downShare, 0...0.99),
      field("stage1.labelSmoothing", stage1.labelSmoothing, 0...0.5),
      field("stage1.augmentation.cutout", stage1.augmentation.cutout, 0...64),
      field("stage1.augmentation.padding", stage1.augmentation.padding, 0...16),
      pairs("stage1.pairs", stage1.pairs),
      field("stage1.dropout", stage1.dropout ?? 0, 0...0.9),
      field("stage1.averageDecay", stage1.averageDecay ?? 0, 0...0.99999),
      field("stage2.epochs", stage2.epochs, 1...100_000),
      field("stage2.batchSize", stage2.batchSize, 1...65_536),
      optimiser("stage2", stage2.optimiser),
      field("stage2.balanceWeight", stage2.balanceWeight, 0...1_000),
      field("number of stage2.snrLaws", stage2.snrLaws.count, 1...16),
      field("stage2.digitalShare", stage2.digitalShare, 0...1),
      field("stage2.messageBits", stage2.messageBits, 1...1e6),
      field("stage2.downShare", stage2.downShare, 0...0.99),
      field("stage2.augmentedViews", stage2.augmentedViews, 0...64),
    ]
    let laws = stage2.snrLaws.enumerated().map { place, law in
      field("stage2.snrLaws.\(place).meanDB", law.meanDB, -200...200)
        ?? field("stage2.snrLaws.\(place).stdDB", law.stdDB, 0...100)
        ?? field("stage2.snrLaws.\(place).share", law.share, 1e-6...1e6)
    }
    return (findings + laws).compactMap(\.self).first
  }

  /// A value's fields under dotted names, for the training record.
  static func settings(of value: some Encodable) throws -> [String: TrainingRecord.Setting] {
    try JSONDecoder().decode(Fields.self, from: try JSONEncoder().encode(value)).flattened()
  }

  /// JSON as it is written, whatever the fields.
  private indirect enum Fields: Decodable {
    case nested([String: Fields])
    case list([Fields])
    case one(TrainingRecord.Setting)

    init(from decoder: any Decoder) throws {
      if let nested = try? decoder.singleValueContainer().decode([String: Fields].self) {
        self = .nested(nested)
      } else if let list = try? decoder.singleValueContainer().decode([Fields].self) {
        self = .list(list)
      } else {
        self = .one(try TrainingRecord.Setting(from: decoder))
      }
    }

    private static func flattened(
      _ fields: [(key: String, value: Fields)], under prefix: String
    ) -> [String: TrainingRecord.Setting] {
      fields.reduce(into: [:]) { flat, field in
        flat.merge(field.value.flattened(under: prefix.isEmpty ? field.key : prefix + "." + field.key)) { $1 }
      }
    }

    func flattened(under prefix: String = "") -> [String: TrainingRecord.Setting] {
      switch self {
      case .one(let setting): [prefix: setting]
      case .nested(let fields): Self.flattened(fields.map { ($0.key, $0.value) }, under: prefix)
      case .list(let fields): Self.flattened(fields.enumerated().map { ("\($0.offset)", $0.element) }, under: prefix)
      }
    }
  }
}
