extension ReferenceKernels {
  func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    precondition(x.shape.last == inputs, "input \(x.shape) for weights \(weight.shape)")
    let rows = x.count / inputs
    return x.withUnsafeBufferPointer { x in
      weight.withUnsafeBufferPointer { w in
        Tensor(self.replacingLast(of: x.count, rows: rows, outputs: outputs)) { y in
          for r in 0..<rows {
            for o in 0..<outputs {
              var sum: Float = 0
              for i in 0..<inputs { sum += x[r * inputs + i] * w[o * inputs + i] }
              y[r * outputs + o] = sum
            }
          }
        }
      }
    }
    .reshaped(x.shape.dropLast() + [outputs])
    .addingBias(bias, activation: activation)
  }

  private func replacingLast(of count: Int, rows: Int, outputs: Int) -> [Int] { [rows, outputs] }

  func linearInputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int]) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let rows = dy.count / outputs
    return dy.withUnsafeBufferPointer { dy in
      weight.withUnsafeBufferPointer { w in
        Tensor(inputShape) { dx in
          dx.initialize(repeating: 0)
          for r in 0..<rows {
            for o in 0..<outputs {
              let d = dy[r * outputs + o]
              for i in 0..<inputs { dx[r * inputs + i] += d * w[o * inputs + i] }
            }
          }
        }
      }
    }
  }

  func linearWeightGradient(_ dy: Tensor, x: Tensor) -> (weight: Tensor, bias: Tensor) {
    guard let outputs = dy.shape.last, let inputs = x.shape.last else { preconditionFailure("scalars") }
    let rows = dy.count / outputs
    var weight = Tensor(zeros: [outputs, inputs])
    var bias = Tensor(zeros: [outputs])
    dy.withUnsafeBufferPointer { dy in
      x.withUnsafeBufferPointer { x in
        weight.withUnsafeMutableBufferPointer { dw in
          bias.withUnsafeMutableBufferPointer { db in
            for r in 0..<rows {
              for o in 0..<outputs {
                let d = dy[r * outputs + o]
                db[o] += d
                for i in 0..<inputs { dw[o * inputs + i] += d * x[r * inputs + i] }
              }
            }
          }
        }
      }
    }
    return (weight, bias)
  }
}

extension Tensor {
  func addingBias(_ bias: Tensor?, activation: Activation) -> Tensor {
    var y = self
    let outputs = shape.last ?? 1
    y.withUnsafeMutableBufferPointer { y in
      if let bias {
        bias.withUnsafeBufferPointer { b in for i in y.indices { y[i] += b[i % outputs] } }
      }
      if activation == .relu { for i in y.indices { y[i] = max(y[i], 0) } }
    }
    return y
  }
}
