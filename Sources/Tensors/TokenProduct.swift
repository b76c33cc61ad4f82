import CTransformer

/// A matrix product of many rows, as training makes for the tokens of whole batches, by our own kernels: [rows, depth]
/// times [depth, columns].
///
/// Each number of a result is one sum along the depth, so that it depends on no other row and on no number of threads.
struct TokenProduct {
  let rows: Int
  let columns: Int
  let depth: Int
  private let isHalf: Bool

  /// Below, packing the right matrix takes longer than it saves.
  private static let fewestRows = 64
  /// Rows that go through all panels together; with a panel they stay in the second-level cache.
  private static let rowBlock = 64
  /// The depth that a weight gradient sums in one go, and the outputs that it does so for.
  private static let depthBlock = 256
  private static let outputBlock = 192

  private static let panel = transformer_lanes() > 0 ? Int(transformer_panel()) : 0

  /// Nil where there are no kernels for it, or others are better.
  init?(rows: Int, columns: Int, depth: Int, _ precision: Precision) {
    guard Self.panel > 0, columns % Self.panel == 0, rows >= Self.fewestRows, depth > 0 else { return nil }
    self.rows = rows
    self.columns = columns
    self.depth = depth
    isHalf = precision == .bf16 && transformer_has_bfloat16() && depth % 2 == 0
  }

  /// Floats that hold so many numbers, at least.
  private func space(_ count: Int) -> Int { isHalf ? (count + 1) / 2 : count }

  /// x Wᵀ + b.
  func linear(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
    precondition(x.shape.last == depth, "input \(x.shape) for a linear layer of \(depth) inputs")
    let shape = Array(x.shape.dropLast()) + [columns]
    return withPointers(x, weight) { x, weight in
      withOptionalPointer(bias) { bias in
        product(
          x, TransformerMatrix(base: weight, depthStride: 1, otherStride: Int64(depth)), bias: bias, shape: shape)
      }
    }
  }

  /// dy W.
  func inputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int]) -> Tensor {
    withPointers(dy, weight) { dy, weight in
      product(
        dy, TransformerMatrix(base: weight, depthStride: Int64(columns), otherStride: 1), bias: nil, shape: inputShape)
    }
  }

  private func product(
    _ x: UnsafePointer<Float>, _ right: TransformerMatrix, bias: UnsafePointer<Float>?, shape: [Int]
  ) -> Tensor {
    let panels = Scratch(uninitialized: space(columns * depth))
    transformer_pack(isHalf, Int64(columns), Int64(depth), right, panels.base)
    return Tensor(shape) { y in
      guard let y = y.baseAddress else { return }
      Parallel.split(rows, multipleOf: Self.rowBlock) { share in
        let halves = Scratch(uninitialized: isHalf ? Self.rowBlock * depth / 2 : 1)
        for first in stride(from: share.lowerBound, to: share.upperBound, by: Self.rowBlock) {
          let count = min(Self.rowBlock, share.upperBound - first)
          var left = UnsafeRawPointer(x + first * depth)
          if isHalf {
            transformer_round(Int64(count * depth), x + first * depth, halves.as(UInt16.self))
            left = UnsafeRawPointer(halves.base)
          }
          transformer_product(
            isHalf, Int64(count), Int64(columns), Int64(depth), left, panels.base, bias, false, y + first * columns)
        }
      }
    }
  }

  /// dyᵀ x, `[outputs, inputs]`: the rows are outputs, the columns inputs, and the depth is that of the batch.
  func weightGradient(_ dy: Tensor, x: Tensor) -> Tensor {
    withPointers(dy, x) { dy, x in
      Tensor([rows, columns]) { dw in
        guard let dw = dw.baseAddress else { return }
        Parallel.split(rows, multipleOf: Self.outputBlock) { outputs in
          let right = Scratch(uninitialized: space(columns * Self.depthBlock))
          let left = Scratch(uninitialized: space(Self.outputBlock * Self.depthBlock))
          for start in stride(from: 0, to: depth, by: Self.depthBlock) {
            let steps = Int64(min(Self.depthBlock, depth - start))
            transformer_pack(
              isHalf, Int64(columns), steps,
              TransformerMatrix(base: x + start * columns, depthStride: Int64(columns), otherStride: 1), right.base)
            for first in stride(from: outputs.lowerBound, to: outputs.upperBound, by: Self.outputBlock) {
              let count = Int64(min(Self.outputBlock, outputs.upperBound - first))
              transformer_pack_left(
                isHalf, count, steps,
                TransformerMatrix(base: dy + start * rows + first, depthStride: Int64(rows), otherStride: 1), left.base)
              transformer_product_packed(
                isHalf, count, Int64(columns), steps, left.base, right.base, start > 0, dw + first * columns)
            }
          }
        }
      }
    }
  }
}

extension Scratch {
  /// The same memory for numbers of another kind.
  func `as`<Number>(_ type: Number.Type) -> UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(base).assumingMemoryBound(to: Number.self)
  }
}
