/// Floats for intermediate results of one worker.
final class Scratch {
  let base: UnsafeMutablePointer<Float>
  private let count: Int

  convenience init(zeros count: Int) {
    self.init(uninitialized: count)
    base.initialize(repeating: 0, count: count)
  }

  init(uninitialized count: Int) {
    self.count = count
    base = FloatMemory.allocate(count)
  }

  deinit { FloatMemory.free(base, count: count) }
}

extension UnsafeMutablePointer<Float> {
  /// Copies a run too short for a call of `memcpy` to pay; the last vector overlaps the one before.
  @inline(__always)
  func copy(from source: UnsafePointer<Float>, count: Int) {
    guard count >= Panel.width else {
      for i in 0..<count { self[i] = source[i] }
      return
    }
    var i = 0
    while i &+ Panel.width < count {
      Panel.load(source + i).store(to: self + i)
      i &+= Panel.width
    }
    let last = count &- Panel.width
    Panel.load(source + last).store(to: self + last)
  }

  @inline(__always)
  func add(from source: UnsafePointer<Float>, count: Int) {
    var i = 0
    while i &+ Panel.width <= count {
      (Panel.load(self + i) + Panel.load(source + i)).store(to: self + i)
      i &+= Panel.width
    }
    while i < count {
      self[i] += source[i]
      i &+= 1
    }
  }

  @inline(__always)
  func rectify(count: Int) {
    for i in 0..<count { self[i] = Swift.max(self[i], 0) }
  }
}

/// Both tensors' elements, for as long as `body` runs.
@inline(__always)
func withPointers<Result>(
  _ a: Tensor, _ b: Tensor, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Result
) -> Result {
  a.withUnsafePointer { a in b.withUnsafePointer { b in body(a, b) } }
}

@inline(__always)
func withOptionalPointer<Result>(_ tensor: Tensor?, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
  guard let tensor else { return body(nil) }
  return tensor.withUnsafePointer { body($0) }
}

/// The sum of the rows of a matrix `[rows, columns]`: the gradient of a bias.
func sumOfRows(_ matrix: UnsafePointer<Float>, rows: Int, columns: Int) -> Tensor {
  Tensor([columns]) { sum in
    guard let sum = sum.baseAddress else { return }
    sum.initialize(repeating: 0, count: columns)
    for row in 0..<rows { sum.add(from: matrix + row * columns, count: columns) }
  }
}
