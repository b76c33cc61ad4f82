extension ReferenceKernels {
  func packLinear(weight: Tensor, bias: Tensor?, activation: Activation) -> any PackedWeights {
    PackedLinear(weight: weight, bias: bias, activation: activation)
  }

  func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation, precision: Precision) -> Tensor {
    PackedLinear(weight: weight, bias: bias, activation: activation)(x)
  }

  func linearInputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int], precision: Precision) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    precondition(dy.shape.last == outputs && inputShape.last == inputs, "\(dy.shape) for weights \(weight.shape)")
    let rows = dy.count / outputs
    let panels = Scratch(zeros: PanelPacking.packedCount(columns: inputs, depth: outputs))
    return withPointers(dy, weight) { dy, weight in
      PanelPacking.pack(weight, depth: outputs, columns: inputs, stride: inputs, into: panels.base)
      return Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(rows, multipleOf: MatrixProduct.tileRows) { rows in
          (dx + rows.lowerBound * inputs).update(repeating: 0, count: rows.count * inputs)
          MatrixProduct.accumulate(
            rows: rows.count, columns: inputs, depth: outputs,
            a: LeftMatrix(base: dy + rows.lowerBound * outputs, rowStride: outputs, step: 1),
            b: RightMatrix(packed: panels.base, depth: outputs), c: dx + rows.lowerBound * inputs, cStride: inputs)
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
    let panels = Scratch(zeros: PanelPacking.packedCount(columns: inputs, depth: rows))
    return withPointers(dy, x) { dy, x in
      PanelPacking.pack(x, depth: rows, columns: inputs, stride: inputs, into: panels.base)
      let weight = Tensor([outputs, inputs]) { dw in
        guard let dw = dw.baseAddress else { return }
        Parallel.split(outputs, multipleOf: MatrixProduct.tileRows) { outs in
          (dw + outs.lowerBound * inputs).update(repeating: 0, count: outs.count * inputs)
          MatrixProduct.accumulate(
            rows: outs.count, columns: inputs, depth: rows,
            a: LeftMatrix(base: dy + outs.lowerBound, rowStride: 1, step: outputs),
            b: RightMatrix(packed: panels.base, depth: rows), c: dw + outs.lowerBound * inputs, cStride: inputs)
        }
      }
      return (weight, sumOfRows(dy, rows: rows, columns: outputs))
    }
  }
}

/// A linear layer's weights as panels of eight outputs.
private struct PackedLinear: PackedWeights {
  /// `[⌈outputs / 8⌉, inputs, 8]`
  private let panels: Tensor
  private let bias: Tensor?
  private let activation: Activation
  private let inputs: Int
  private let outputs: Int

  init(weight: Tensor, bias: Tensor?, activation: Activation) {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    (self.outputs, self.inputs, self.bias, self.activation) = (outputs, inputs, bias, activation)
    panels = weight.withUnsafePointer { weight in
      Tensor([PanelPacking.packedCount(columns: outputs, depth: inputs)]) { panels in
        guard let panels = panels.baseAddress else { return }
        PanelPacking.transpose(weight, rows: outputs, columns: inputs, stride: inputs, into: panels)
      }
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(x.shape.last == inputs, "input \(x.shape) for a linear layer of \(inputs) inputs")
    let count = inputs == 0 ? 0 : x.count / inputs
    let shape = x.shape.dropLast() + [outputs]
    return withPointers(x, panels) { x, panels in
      withOptionalPointer(bias) { bias in
        Tensor(Array(shape)) { y in
          guard let y = y.baseAddress else { return }
          Parallel.split(count, multipleOf: MatrixProduct.tileRows) { rows in
            let target = y + rows.lowerBound * outputs
            for row in 0..<rows.count {
              if let bias {
                (target + row * outputs).copy(from: bias, count: outputs)
              } else {
                (target + row * outputs).update(repeating: 0, count: outputs)
              }
            }
            MatrixProduct.accumulate(
              rows: rows.count, columns: outputs, depth: inputs,
              a: LeftMatrix(base: x + rows.lowerBound * inputs, rowStride: inputs, step: 1),
              b: RightMatrix(packed: panels, depth: inputs), c: target, cStride: outputs)
            if activation == .relu { target.rectify(count: rows.count * outputs) }
          }
        }
      }
    }
  }
}
