import Datasets
package import MixtureOfExperts
import Tensors

extension Recipe {
  /// The first value that a decoder would refuse without saying what is expected; nil if there is none.
  ///
  /// - Parameter written: the fields of a recipe's file under dotted names.
  package static func misfit(in written: [String: TrainingRecord.Setting]) -> String? {
    written.sorted { $0.key < $1.key }.lazy.compactMap { misfit($0.key, $0.value) }.first
  }

  private static func misfit(_ name: String, _ value: TrainingRecord.Setting) -> String? {
    switch value {
    case .text(let word):
      guard let words = words[name], !words.contains(word) else { return nil }
      return "\(name): expected one of \(words.joined(separator: ", ")), received \(word)"
    case .number(let number):
      let isSeed = name.hasSuffix(".seed")
      guard
        isWhole(name) && number != number.rounded() || isSeed && !(0...greatestSeed).contains(number)
      else { return nil }
      return "\(name): expected a whole number\(isSeed ? " from 0" : ""), received \(number)"
    case .flag: return nil
    }
  }

  /// Where a word is expected: which ones.
  private static let words = [
    "backbone": rawValues(BackboneKind.self), "combination": rawValues(Combination.self),
    "backbonePrecision": rawValues(Precision.self),
    "stage1.precision": rawValues(Precision.self), "stage1.optimiser.kind": rawValues(OptimiserSettings.Kind.self),
    "stage1.augmentation.border": rawValues(Augmentation.Border.self),
    "stage2.optimiser.kind": rawValues(OptimiserSettings.Kind.self), "stage2.mixing": rawValues(Combination.self),
    "stage2.linkEncoding": rawValues(LinkEncodingName.self),
  ]

  private static let wholeNumbers: Set = [
    "expertCount", "stage1.seed", "stage1.epochs", "stage1.batchSize", "stage1.augmentation.padding",
    "stage1.augmentation.cutout", "stage1.augmentation.randAugment.operations",
    "stage1.augmentation.randAugment.magnitude", "stage1.frozenBackboneViews",
    "stage1.patchDropout.wholeEpochs", "stage2.seed", "stage2.epochs", "stage2.batchSize", "stage2.augmentedViews",
  ]

  /// Whether the field, or the list that it is in, is of whole numbers.
  private static func isWhole(_ name: String) -> Bool {
    wholeNumbers.contains(name) || wholeLists.contains { name.hasPrefix($0 + ".") }
  }

  private static let wholeLists = ["expertHiddenWidths", "stage2.gateHiddenWidths"]

  /// JSON's numbers are exact so far.
  private static let greatestSeed = 0x1p53

  private static func rawValues<Word: CaseIterable & RawRepresentable<String>>(_ type: Word.Type) -> [String] {
    type.allCases.map(\.rawValue)
  }
}
