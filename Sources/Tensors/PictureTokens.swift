/// Pictures as sequences: a token for each place, made of its channels.
extension Tensor {
  /// `[batch, channels, height, width]` or in blocks of channels, to `[batch, places, channels]`.
  package var tokens: Tensor {
    let picture = PictureShape(shape)
    let (block, plane) = (picture.block, picture.plane)
    return withUnsafePointer { x in
      Tensor([picture.batch, plane, picture.channels]) { tokens in
        guard let tokens = tokens.baseAddress else { return }
        for image in 0..<picture.batch {
          for group in 0..<picture.channels / block {
            let source = x + (image * picture.channels + group * block) * plane
            let target = tokens + image * plane * picture.channels + group * block
            for place in 0..<plane {
              (target + place * picture.channels).copy(from: source + place * block, count: block)
            }
          }
        }
      }
    }
  }

  /// The pictures of `shape` whose tokens these are.
  package func pictures(_ shape: [Int]) -> Tensor {
    let picture = PictureShape(shape)
    precondition(
      self.shape == [picture.batch, picture.plane, picture.channels], "tokens \(self.shape) of pictures \(shape)")
    let (block, plane) = (picture.block, picture.plane)
    return withUnsafePointer { tokens in
      Tensor(shape) { x in
        guard let x = x.baseAddress else { return }
        for image in 0..<picture.batch {
          for group in 0..<picture.channels / block {
            let target = x + (image * picture.channels + group * block) * plane
            let source = tokens + image * plane * picture.channels + group * block
            for place in 0..<plane {
              (target + place * block).copy(from: source + place * picture.channels, count: block)
            }
          }
        }
      }
    }
  }

  /// The mean of every sequence's tokens, `[batch, tokens, width]` to `[batch, width]`.
  package var meanOfTokens: Tensor {
    let (count, width) = (shape[1], shape[2])
    let batch = shape[0]
    return withUnsafePointer { x in
      Tensor([batch, width]) { mean in
        guard let mean = mean.baseAddress else { return }
        mean.initialize(repeating: 0, count: batch * width)
        for image in 0..<batch {
          let sum = mean + image * width
          for token in 0..<count { sum.add(from: x + (image * count + token) * width, count: width) }
          for i in 0..<width { sum[i] /= Float(count) }
        }
      }
    }
  }

  /// `[batch, width]` spread evenly over so many tokens.
  package func spreadOverTokens(_ count: Int) -> Tensor {
    let (batch, width) = (shape[0], shape[1])
    return withUnsafePointer { mean in
      Tensor([batch, count, width]) { x in
        for i in x.indices { x[i] = mean[i / (count * width) * width + i % width] / Float(count) }
      }
    }
  }
}
