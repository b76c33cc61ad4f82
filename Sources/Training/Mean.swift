extension Sequence<Double> {
  /// 0 of nothing.
  var mean: Double {
    let (sum, count) = reduce(into: (0.0, 0)) {
      $0.0 += $1
      $0.1 += 1
    }
    return sum / Double(Swift.max(count, 1))
  }
}
