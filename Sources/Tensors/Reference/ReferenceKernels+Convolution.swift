extension ReferenceKernels {
  /// y = W unrolled(x) + b, block by block of output rows.
  func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout,
    filters _: TrainingFilters
  ) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: weight.shape[0], window: window)
    precondition(g.isPlain, "the portable kernels take plain pictures, not \(x.shape)")
    precondition(weight.shape == g.weightShape, "filters \(weight.shape) for input \(x.shape)")
    let unrolling = Unrolling(g)
    return withPointers(x, weight) { x, weight in
      withOptionalPointer(bias) { bias in
        Tensor(g.outputShape) { y in
          guard let y = y.baseAddress else { return }
          Parallel.forEach(below: g.batch * unrolling.blocks, scratch: unrolling.makeScratch) { task, columns in
            let (image, block) = task.quotientAndRemainder(dividingBy: unrolling.blocks)
            let rows = unrolling.rows(ofBlock: block)
            unrolling.unroll(x + image * g.inImage, rows: rows, into: columns.base)
            let count = rows.count * g.outWidth
            let target = y + image * g.outImage + rows.lowerBound * g.outWidth
            for channel in 0..<g.outChannels {
              (target + channel * g.outPlane).update(repeating: bias?[channel] ?? 0, count: count)
            }
            MatrixProduct.accumulate(
              rows: g.outChannels, columns: count, depth: g.depth,
              a: LeftMatrix(base: weight, rowStride: g.depth, step: 1),
              b: RightMatrix(rowMajor: columns.base, stride: unrolling.stride), c: target, cStride: g.outPlane)
            if activation == .relu {
              for channel in 0..<g.outChannels { (target + channel * g.outPlane).rectify(count: count) }
            }
          }
        }
      }
    }
  }

  /// dx = folded(Wᵀ dy).
  func convolutionInputGradient(
    _ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int], filters _: TrainingFilters
  ) -> Tensor {
    let g = ConvolutionGeometry(input: inputShape, outChannels: weight.shape[0], window: window)
    precondition(g.isPlain, "the portable kernels take plain pictures, not \(inputShape)")
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let unrolling = Unrolling(g)
    return withPointers(dy, weight) { dy, weight in
      Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.forEach(
          below: g.batch,
          scratch: { (unrolling.makeScratch(), Scratch(zeros: g.outChannels * unrolling.stride)) }
        ) { image, scratch in
          let (columns, outputs) = scratch
          (dx + image * g.inImage).update(repeating: 0, count: g.inImage)
          for block in 0..<unrolling.blocks {
            let rows = unrolling.rows(ofBlock: block)
            let count = rows.count * g.outWidth
            for channel in 0..<g.outChannels {
              (outputs.base + channel * unrolling.stride).copy(
                from: dy + image * g.outImage + channel * g.outPlane + rows.lowerBound * g.outWidth, count: count)
            }
            columns.base.update(repeating: 0, count: g.depth * unrolling.stride)
            MatrixProduct.accumulate(
              rows: g.depth, columns: count, depth: g.outChannels,
              a: LeftMatrix(base: weight, rowStride: 1, step: g.depth),
              b: RightMatrix(rowMajor: outputs.base, stride: unrolling.stride), c: columns.base,
              cStride: unrolling.stride)
            unrolling.fold(columns.base, rows: rows, onto: dx + image * g.inImage)
          }
        }
      }
    }
  }

  /// dWᵀ = unrolled(x) dyᵀ, summed over the images of each share of the batch and then over the shares.
  ///
  /// The shares do not depend on the number of threads, so neither do the gradients.
  func convolutionWeightGradient(_ dy: Tensor, x: Tensor, window: Window) -> (weight: Tensor, bias: Tensor) {
    let g = ConvolutionGeometry(input: x.shape, outChannels: dy.shape[1], window: window)
    precondition(g.isPlain, "the portable kernels take plain pictures, not \(x.shape)")
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let unrolling = Unrolling(g)
    let paddedOut = (g.outChannels + Panel.width - 1) / Panel.width * Panel.width
    let shares = min(g.batch, Self.gradientShares)
    let sums = Scratch(zeros: shares * g.depth * paddedOut)
    withPointers(dy, x) { dy, x in
      Parallel.forEach(
        below: shares, scratch: { (unrolling.makeScratch(), Scratch(zeros: paddedOut * unrolling.stride)) }
      ) { share, scratch in
        let (columns, transposed) = scratch
        for image in g.batch * share / shares..<g.batch * (share + 1) / shares {
          for block in 0..<unrolling.blocks {
            let rows = unrolling.rows(ofBlock: block)
            let count = rows.count * g.outWidth
            unrolling.unroll(x + image * g.inImage, rows: rows, into: columns.base)
            PanelPacking.transpose(
              dy + image * g.outImage + rows.lowerBound * g.outWidth, rows: g.outChannels, columns: count,
              stride: g.outPlane, into: transposed.base)
            MatrixProduct.accumulate(
              rows: g.depth, columns: paddedOut, depth: count,
              a: LeftMatrix(base: columns.base, rowStride: unrolling.stride, step: 1),
              b: RightMatrix(packed: transposed.base, depth: count),
              c: sums.base + share * g.depth * paddedOut, cStride: paddedOut)
          }
        }
      }
    }
    let weight = Tensor(g.weightShape) { dw in
      for out in 0..<g.outChannels {
        for k in 0..<g.depth {
          dw[out * g.depth + k] = (0..<shares).reduce(0) { $0 + sums.base[($1 * g.depth + k) * paddedOut + out] }
        }
      }
    }
    return (weight, biasGradient(dy))
  }

  /// Into how many sums a batch is cut at most.
  private static var gradientShares: Int { 8 }

  /// The sum of dy `[batch, channels, …]` over everything but the channels.
  private func biasGradient(_ dy: Tensor) -> Tensor {
    let channels = dy.shape[1]
    let plane = dy.shape.dropFirst(2).reduce(1, *)
    return dy.withUnsafeBufferPointer { dy in
      Tensor([channels]) { db in
        for channel in 0..<channels {
          var sum: Float = 0
          for image in 0..<dy.count / max(channels * plane, 1) {
            var part = Panel.zero
            let start = (image * channels + channel) * plane
            let values = UnsafeBufferPointer(rebasing: dy[start..<start + plane])
            var i = 0
            while let base = values.baseAddress, i + Panel.width <= plane {
              part += Panel.load(base + i)
              i += Panel.width
            }
            sum += part.sum()
            while i < plane {
              sum += values[i]
              i += 1
            }
          }
          db[channel] = sum
        }
      }
    }
  }
}
