extension ModelDescription {
  /// The widths of expert k's layers, from the latent to the output.
  package func expertWidths(_ k: Int) -> [Int] {
    [latentCount] + (expertHiddenWidths?[k] ?? backbone.expertHiddenCounts) + [outputCount]
  }

  /// What each expert computes for one latent, in multiply-adds: the weights of its layers. `[K]`
  package var expertMultiplyAdds: [Int] {
    (0..<expertCount).map { k in
      let widths = expertWidths(k)
      return zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}
