/// A dense, row-major array of float32 with value semantics.
///
/// Fresh tensors are 64-byte aligned. Reshaping and taking rows share memory; the first write to shared memory copies.
package struct Tensor: Sendable {
  /// The extent of each axis, outermost first: `[batch, channels, height, width]` for pictures.
  package let shape: [Int]
  /// The product of the extents.
  package let count: Int
  private var storage: TensorStorage
  private var offset: Int

  private init(shape: [Int], storage: TensorStorage, offset: Int) {
    self.shape = shape
    self.count = Tensor.count(of: shape)
    self.storage = storage
    self.offset = offset
  }

  /// A tensor whose every element `fill` must write.
  package init<Failure: Error>(
    _ shape: [Int], initializedBy fill: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(shape: shape, storage: TensorStorage(uninitialized: Tensor.count(of: shape)), offset: 0)
    try fill(UnsafeMutableBufferPointer(start: storage.base, count: count))
  }

  package init(zeros shape: [Int]) {
    self.init(repeating: 0, shape: shape)
  }

  package init(repeating value: Float, shape: [Int]) {
    self.init(shape) { $0.initialize(repeating: value) }
  }

  package init(_ scalars: [Float], shape: [Int]) {
    self = scalars.withUnsafeBufferPointer { Tensor(copying: $0, shape: shape) }
  }

  package init(copying scalars: UnsafeBufferPointer<Float>, shape: [Int]) {
    precondition(scalars.count == Tensor.count(of: shape), "\(scalars.count) scalars do not fill shape \(shape)")
    self.init(shape) { _ = $0.initialize(from: scalars) }
  }

  /// A tensor over memory that `owner` keeps alive and nobody changes any more, such as a received frame.
  package init(viewing scalars: UnsafeBufferPointer<Float>, owner: any AnyObject & Sendable, shape: [Int]) {
    precondition(scalars.count == Tensor.count(of: shape), "\(scalars.count) scalars do not fill shape \(shape)")
    guard let base = scalars.baseAddress else {
      self.init(zeros: shape)
      return
    }
    self.init(shape: shape, storage: TensorStorage(viewing: base, owner: owner), offset: 0)
  }

  private static func count(of shape: [Int]) -> Int {
    shape.reduce(1) { product, extent in
      precondition(extent >= 0, "negative extent in shape \(shape)")
      return product * extent
    }
  }
}

// MARK: - Memory

extension Tensor {
  package func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.base + offset, count: count))
  }

  /// The first element's place; kernels count on their own.
  @inline(__always)
  func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return body(storage.base + offset)
  }

  package mutating func withUnsafeMutableBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if !(storage.isWritable && isKnownUniquelyReferenced(&storage)) {
      self = withUnsafeBufferPointer { Tensor(copying: $0, shape: shape) }
    }
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.base + offset, count: count))
  }

  /// All elements, copied out in row-major order.
  package var scalars: [Float] { withUnsafeBufferPointer { Array($0) } }
}

// MARK: - Shapes

extension Tensor {
  /// The extent of the outermost axis: the batch size.
  package var rowCount: Int { shape.first ?? 1 }

  /// The number of elements in one row, that is all axes but the outermost.
  package var rowLength: Int { shape.dropFirst().reduce(1, *) }

  /// The same elements under another shape, without a copy.
  package func reshaped(_ shape: [Int]) -> Tensor {
    precondition(Tensor.count(of: shape) == count, "cannot reshape \(self.shape) to \(shape)")
    return Tensor(shape: shape, storage: storage, offset: offset)
  }

  /// Rows along the outermost axis, without a copy.
  package func rows(_ range: Range<Int>) -> Tensor {
    precondition(!shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows \(range) of \(shape)")
    return Tensor(
      shape: [range.count] + shape.dropFirst(), storage: storage, offset: offset + range.lowerBound * rowLength)
  }

  /// Tensors of equal row shape, one below the other.
  package init(stacking parts: [Tensor]) {
    guard let first = parts.first else { preconditionFailure("nothing to stack") }
    precondition(parts.allSatisfy { $0.shape.dropFirst() == first.shape.dropFirst() }, "rows of different shapes")
    self.init([parts.reduce(0) { $0 + $1.rowCount }] + first.shape.dropFirst()) { all in
      var start = 0
      for part in parts {
        part.withUnsafeBufferPointer { source in
          _ = all[start..<start + source.count].initialize(from: source)
          start += source.count
        }
      }
    }
  }

  /// One element; for tests and small tensors, kernels use pointers.
  package subscript(_ index: Int...) -> Float {
    get { withUnsafeBufferPointer { $0[flatIndex(index)] } }
    set {
      let position = flatIndex(index)
      withUnsafeMutableBufferPointer { $0[position] = newValue }
    }
  }

  private func flatIndex(_ index: [Int]) -> Int {
    precondition(index.count == shape.count, "\(index.count) indices into \(shape)")
    return zip(index, shape).reduce(0) { flat, axis in
      precondition(axis.0 >= 0 && axis.0 < axis.1, "index \(index) outside of \(shape)")
      return flat * axis.1 + axis.0
    }
  }
}

extension Tensor: Equatable {
  package static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape
      && a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in a.elementsEqual(b) } }
  }
}

extension Tensor: CustomStringConvertible {
  package var description: String {
    let shown = withUnsafeBufferPointer { $0.prefix(8).map { "\($0)" }.joined(separator: ", ") }
    return "Tensor\(shape)[\(shown)\(count > 8 ? ", …" : "")]"
  }
}
