import MixtureOfExperts

extension ModelDescription {
  /// Refuses a recipe of another network than the model's: stage 2 makes gates alone, and all else stays as stage 1 made it.
  ///
  /// - Throws: `mismatch`, with the first thing that differs.
  func checkNetwork(of recipe: Recipe) throws(TrainingError) {
    func check<Value: Equatable>(_ field: String, _ expected: Value, _ received: Value) throws(TrainingError) {
      guard expected == received else {
        throw .mismatch(field: field, expected: "\(expected)", received: "\(received)")
      }
    }
    try check("backbone of \(name)", recipe.backbone.rawValue, backbone.rawValue)
    try check("number of experts of \(name)", recipe.expertCount, expertCount)
    func widths(_ own: [[Int]]?) -> [[Int]] {
      own ?? [[Int]](repeating: backbone.expertHiddenCounts, count: expertCount)
    }
    try check("hidden widths of \(name)'s experts", widths(recipe.expertHiddenWidths), widths(expertHiddenWidths))
    try check("combination of \(name)", recipe.combination.rawValue, combination.rawValue)
  }
}
