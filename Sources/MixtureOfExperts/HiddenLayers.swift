/// What is allowed of the hidden layers that a gate or an expert has instead of those of Table I.
package enum HiddenLayers {
  private static let depths = 0...8
  private static let widths = 1...8192

  /// The sentence for a list of widths, from the first hidden layer to the last, that is none; nil if it is one.
  package static func violation(_ name: String, _ list: [Int]) -> String? {
    guard depths.contains(list.count) else {
      return "\(name): expected \(depths.lowerBound) to \(depths.upperBound) hidden layers, received \(list.count)"
    }
    guard let bad = list.first(where: { !widths.contains($0) }) else { return nil }
    return "\(name): expected widths from \(widths.lowerBound) to \(widths.upperBound), received \(bad)"
  }

  /// The same of all experts, one list an expert.
  package static func violation(_ name: String, _ lists: [[Int]], expertCount: Int) -> String? {
    guard lists.count == expertCount else {
      return "\(name): expected \(expertCount) lists, one an expert, received \(lists.count)"
    }
    return lists.enumerated().lazy.compactMap { k, list in violation("\(name).\(k)", list) }.first
  }
}
