extension CounterGenerator {
  /// Shuffles in place, every order equally likely (Fisher-Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for i in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(i, Int(uniform(below: UInt64(i) + 1)))
    }
  }
}

/// The order in which `count` items are visited in an epoch: a permutation of 0..<count that depends on nothing else.
package func permutation(of count: Int, seed: UInt64, epoch: UInt64) -> [Int] {
  var order = Array(0..<count)
  var generator = CounterGenerator(seed: seed, stream: 0x7065_726D, epoch)  // "perm"
  generator.shuffle(&order)
  return order
}
