extension HuffmanTable {
  /// Lengths of the best prefix code with codewords of at most 15 bits, by package-merge.
  ///
  /// Source: Larmore and Hirschberg, "A fast algorithm for optimal length-limited Huffman codes", JACM 37(3), 1990. A
  /// symbol's length is the number of packages it is in among the 2 n - 2 lightest of the last level.
  static func bestLengths(weights: [Double]) -> [UInt8] {
    let symbols = weights.indices.sorted { (weights[$0], $0) < (weights[$1], $1) }
    let leaves = symbols.map { Package(weight: weights[$0], members: [$0]) }
    var level = leaves
    for _ in 1..<maximumLength {
      let pairs = stride(from: 0, to: level.count - 1, by: 2).map { i in
        Package(weight: level[i].weight + level[i + 1].weight, members: level[i].members + level[i + 1].members)
      }
      level = merge(leaves, pairs)
    }
    var lengths = [UInt8](repeating: 0, count: weights.count)
    for package in level.prefix(2 * weights.count - 2) {
      for symbol in package.members { lengths[symbol] += 1 }
    }
    return lengths
  }

  private struct Package {
    let weight: Double
    let members: [Int]
  }

  private static func merge(_ a: [Package], _ b: [Package]) -> [Package] {
    var merged: [Package] = []
    merged.reserveCapacity(a.count + b.count)
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && a[i].weight <= b[j].weight) {
        merged.append(a[i])
        i += 1
      } else {
        merged.append(b[j])
        j += 1
      }
    }
    return merged
  }
}
