import COneDNN

extension OneDNNKernels {
  func packLinear(weight: Tensor, bias: Tensor?, activation: Activation) -> any PackedWeights {
    PlainLinear(weight: weight, bias: bias, activation: activation)
  }

  func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation, precision: Precision) -> Tensor {
    if let product = TokenProduct(
      rows: x.count / weight.shape[1], columns: weight.shape[0], depth: weight.shape[1], precision)
    {
      let y = product.linear(x, weight: weight, bias: bias)
      return activation == .relu ? relu(y) : y
    }
    let layer = PlainLinear(weight: weight, bias: bias, activation: activation)
    return layer(x, rowsPerCall: nil)
  }

  func linearInputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int], precision: Precision) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    precondition(dy.shape.last == outputs && inputShape.last == inputs, "\(dy.shape) for weights \(weight.shape)")
    if let product = TokenProduct(rows: dy.count / outputs, columns: inputs, depth: outputs, precision) {
      return product.inputGradient(dy, weight: weight, inputShape: inputShape)
    }
    return withPointers(dy, weight) { dy, weight in
      Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(inputShape.dropLast().reduce(1, *)) { rows in
          let status = onednn_matrix_product(
            false, false, Int64(rows.count), Int64(inputs), Int64(outputs), dy + rows.lowerBound * outputs,
            Int64(outputs), weight, Int64(inputs), 0, dx + rows.lowerBound * inputs, Int64(inputs))
          Self.check(status, "the input gradient of a linear layer \(inputs) → \(outputs)")
        }
      }
    }
  }

  func linearWeightGradient(_ dy: Tensor, x: Tensor, precision: Precision) -> (weight: Tensor, bias: Tensor) {
    guard let outputs = dy.shape.last, let inputs = x.shape.last else {
      preconditionFailure("a linear layer reads vectors, not scalars")
    }
    let rows = dy.count / outputs
    precondition(x.count == rows * inputs, "gradient \(dy.shape) for input \(x.shape)")
    if let product = TokenProduct(rows: outputs, columns: inputs, depth: rows, precision) {
      return (
        product.weightGradient(dy, x: x), dy.withUnsafePointer { sumOfRows($0, rows: rows, columns: outputs) }
      )
    }
    return withPointers(dy, x) { dy, x in
      let weight = Tensor([outputs, inputs]) { dw in
        guard let dw = dw.baseAddress else { return }
        Parallel.split(outputs, multipleOf: Panel.width) { outs in
          let status = onednn_matrix_product(
            true, false, Int64(outs.count), Int64(inputs), Int64(rows), dy + outs.lowerBound, Int64(outputs), x,
            Int64(inputs), 0, dw + outs.lowerBound * inputs, Int64(inputs))
          Self.check(status, "the weight gradient of a linear layer \(inputs) → \(outputs)")
        }
      }
      return (weight, sumOfRows(dy, rows: rows, columns: outputs))
    }
  }
}

/// A linear layer whose weights oneDNN reads as they are: packing them measured no faster.
private struct PlainLinear: PackedWeights {
  let weight: Tensor
  let bias: Tensor?
  let activation: Activation

  /// One call for the rows of one item of the batch: one for vectors, as many as it has tokens for sequences.
  func callAsFunction(_ x: Tensor) -> Tensor {
    self(x, rowsPerCall: x.shape.dropFirst().dropLast().reduce(1, *))
  }

  func callAsFunction(_ x: Tensor, rowsPerCall: Int?) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    precondition(x.shape.last == inputs, "input \(x.shape) for a linear layer of \(inputs) inputs")
    let rows = x.shape.dropLast().reduce(1, *)
    let shape = x.shape.dropLast() + [outputs]
    return withPointers(x, weight) { x, weight in
      withOptionalPointer(bias) { bias in
        Tensor(Array(shape)) { y in
          guard let y = y.baseAddress else { return }
          Parallel.split(rows, multipleOf: rowsPerCall ?? 1) { share in
            let rowsPerCall = rowsPerCall ?? share.count
            for first in stride(from: share.lowerBound, to: share.upperBound, by: max(rowsPerCall, 1)) {
              let target = y + first * outputs
              let status = onednn_matrix_product(
                false, true, Int64(rowsPerCall), Int64(outputs), Int64(inputs), x + first * inputs, Int64(inputs),
                weight, Int64(inputs), 0, target, Int64(outputs))
              OneDNNKernels.check(status, "a linear layer \(inputs) → \(outputs)")
              if let bias {
                for row in 0..<rowsPerCall { (target + row * outputs).add(from: bias, count: outputs) }
              }
              if activation == .relu { target.rectify(count: rowsPerCall * outputs) }
            }
          }
        }
      }
    }
  }
}
