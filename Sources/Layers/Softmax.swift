package import Tensors

/// exp(x) normalised over the innermost axis.
package func softmax(_ x: Tensor) -> Tensor { Kernels.current.softmax(x) }

package func softmaxPulledBack(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Tensor) {
  let kernels = Kernels.current
  let y = kernels.softmax(x)
  return (y, { dy in kernels.softmaxGradient(dy, y: y) })
}

/// log softmax(x) over the innermost axis, without overflow.
package func logSoftmax(_ x: Tensor) -> Tensor { Kernels.current.logSoftmax(x) }

package func logSoftmaxPulledBack(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Tensor) {
  let kernels = Kernels.current
  let y = kernels.logSoftmax(x)
  return (y, { dy in kernels.logSoftmaxGradient(dy, y: y) })
}
