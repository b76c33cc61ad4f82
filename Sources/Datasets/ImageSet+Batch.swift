internal import Dispatch
package import Randomness

extension ImageSet {
  /// Writes the images at `indices`, varied by `augmentation`. `output: [indices.count, channels, height, width]`
  ///
  /// The result depends on the stream and the indices only, not on `threads`.
  package func writeBatch(
    _ indices: ArraySlice<Int>, augmentation: Augmentation, stream: StreamKey,
    to output: UnsafeMutableBufferPointer<UInt8>, threads: Int
  ) {
    let cutter = ImageCutter(shape: shape, augmentation: augmentation, stream: stream)
    forEachImage(indices, outputCount: output.count, threads: threads) { position, index, image in
      let target = UnsafeMutableBufferPointer(rebasing: output[position * shape.count..<(position + 1) * shape.count])
      cutter.cut(image, index: index, to: target)
    }
  }

  /// The same as floats, `scale[c] * pixel + offset[c]` in channel `c`: scale 1 / (255 σ), offset -µ / σ normalise.
  package func writeBatch(
    _ indices: ArraySlice<Int>, augmentation: Augmentation, stream: StreamKey, scale: [Float], offset: [Float],
    to output: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {
    precondition(
      scale.count == shape.channels && offset.count == shape.channels,
      "\(scale.count) scales and \(offset.count) offsets for \(shape.channels) channels")
    let cutter = ImageCutter(shape: shape, augmentation: augmentation, stream: stream)
    let area = shape.height * shape.width
    forEachImage(indices, outputCount: output.count, threads: threads) { position, index, image in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: shape.count) { bytes in
        cutter.cut(image, index: index, to: bytes)
        for channel in 0..<shape.channels {
          let (scale, offset) = (scale[channel], offset[channel])
          let plane = UnsafeMutableBufferPointer(rebasing: bytes[(channel * area)...].prefix(area))
          let target = UnsafeMutableBufferPointer(
            rebasing: output[(position * shape.count + channel * area)...].prefix(area))
          for pixel in 0..<area { target[pixel] = scale * Float(plane[pixel]) + offset }
        }
      }
    }
  }

  /// Calls `body` on `threads` threads with each position in the batch, the index of its image, and the image.
  private func forEachImage(
    _ indices: ArraySlice<Int>, outputCount: Int, threads: Int,
    _ body: (_ position: Int, _ index: Int, _ image: UnsafeBufferPointer<UInt8>) -> Void
  ) {
    precondition(
      outputCount == indices.count * shape.count, "\(indices.count) images of \(shape) into \(outputCount) values")
    precondition(indices.allSatisfy(labels.indices.contains), "\(name): an image outside 0..<\(count)")
    let size = shape.count
    let tasks = max(1, min(threads, indices.count))
    pixels.withUnsafeBufferPointer { pixels in
      withoutActuallyEscaping(body) { body in
        // Both outlive the call; the pixels are only read, and each position has its own part of the output.
        nonisolated(unsafe) let (pixels, body) = (pixels, body)
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
          for position in indices.count * task / tasks..<indices.count * (task + 1) / tasks {
            let index = indices[indices.startIndex + position]
            body(position, index, UnsafeBufferPointer(rebasing: pixels[index * size..<(index + 1) * size]))
          }
        }
      }
    }
  }
}

/// Cuts a varied image out of an image and its border, without making the bordered image.
private struct ImageCutter {
  private let shape: ImageShape
  private let augmentation: Augmentation
  private let stream: StreamKey

  init(shape: ImageShape, augmentation: Augmentation, stream: StreamKey) {
    precondition(
      augmentation.padding < min(shape.height, shape.width), "a padding of \(augmentation.padding) around \(shape)")
    self.shape = shape
    self.augmentation = augmentation
    self.stream = stream
  }

  func cut(_ image: UnsafeBufferPointer<UInt8>, index: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
    let draw = augmentation.draw(image: index, from: stream)
    crop(image, draw, to: target)
    if let randAugment = augmentation.randAugment {
      let operations = randAugment.draw(image: index, width: shape.width, height: shape.height, from: stream)
      for operation in operations { operation.apply(to: target, shape: shape) }
    }
    if let target = target.baseAddress { cutOut(draw, of: target) }
  }

  private func crop(
    _ image: UnsafeBufferPointer<UInt8>, _ draw: Augmentation.Draw, to target: UnsafeMutableBufferPointer<UInt8>
  ) {
    let width = shape.width
    guard let image = image.baseAddress, let target = target.baseAddress else { return }
    for channel in 0..<shape.channels {
      for row in 0..<shape.height {
        let result = target + (channel * shape.height + row) * width
        if let y = source(row + draw.down, of: shape.height) {
          cutRow(image + (channel * shape.height + y) * width, draw, to: result)
        } else {
          result.update(repeating: 0, count: width)
        }
      }
    }
  }

  /// Blackens the part of the square that lies inside the image.
  private func cutOut(_ draw: Augmentation.Draw, of target: UnsafeMutablePointer<UInt8>) {
    let cutout = augmentation.cutout
    guard cutout > 0 else { return }
    func extent(_ centre: UInt16, _ count: Int) -> Range<Int> {
      let first = ((Int(centre) * count) >> 16) - cutout / 2
      return max(0, first)..<min(count, first + cutout)
    }
    let (columns, rows) = (extent(draw.holeX, shape.width), extent(draw.holeY, shape.height))
    for channel in 0..<shape.channels {
      for row in rows {
        (target + (channel * shape.height + row) * shape.width + columns.lowerBound)
          .update(repeating: 0, count: columns.count)
      }
    }
  }

  /// Copies the row's columns that lie inside the image in one run, then fills in the border.
  private func cutRow(_ row: UnsafePointer<UInt8>, _ draw: Augmentation.Draw, to result: UnsafeMutablePointer<UInt8>) {
    let width = shape.width
    let inside = max(0, -draw.right)..<min(width, width - draw.right)
    let first = row + (inside.lowerBound + draw.right)
    if draw.isFlipped {
      let last = result + (width - 1 - inside.lowerBound)
      for x in 0..<inside.count { last[0 &- x] = first[x] }
    } else {
      (result + inside.lowerBound).update(from: first, count: inside.count)
    }
    guard inside.count < width else { return }
    for x in draw.right < 0 ? 0..<inside.lowerBound : inside.upperBound..<width {
      result[draw.isFlipped ? width - 1 - x : x] = source(x + draw.right, of: width).map { row[$0] } ?? 0
    }
  }

  /// The row or column of the image that is seen at `position`, nil beyond a black border's edge.
  private func source(_ position: Int, of count: Int) -> Int? {
    if position >= 0 && position < count { return position }
    guard augmentation.border == .reflected else { return nil }
    return position < 0 ? -position : 2 * (count - 1) - position
  }
}
