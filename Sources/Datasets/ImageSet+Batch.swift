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
    let width = shape.width
    writeRows(indices, augmentation, stream, outputCount: output.count, threads: threads) { row, _, start in
      _ = UnsafeMutableBufferPointer(rebasing: output[start..<start + width]).update(fromContentsOf: row)
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
    writeRows(indices, augmentation, stream, outputCount: output.count, threads: threads) { row, channel, start in
      let (scale, offset) = (scale[channel], offset[channel])
      for x in 0..<row.count { output[start + x] = scale * Float(row[x]) + offset }
    }
  }

  /// Calls `emit` with each finished row, its channel, and where it begins in the output.
  @inline(__always)
  private func writeRows(
    _ indices: ArraySlice<Int>, _ augmentation: Augmentation, _ stream: StreamKey, outputCount: Int, threads: Int,
    emit: (UnsafeBufferPointer<UInt8>, Int, Int) -> Void
  ) {
    precondition(
      outputCount == indices.count * shape.count,
      "\(indices.count) images of \(shape) into \(outputCount) values")
    precondition(
      augmentation.padding < min(shape.height, shape.width), "a padding of \(augmentation.padding) around \(shape)")
    pixels.withUnsafeBufferPointer { pixels in
      withoutActuallyEscaping(emit) { emit in
        // Both outlive the call; the pixels are only read, and each task emits the rows of its own images only.
        nonisolated(unsafe) let (pixels, emit) = (pixels, emit)
        let tasks = max(1, min(threads, indices.count))
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
          let first = indices.startIndex + indices.count * task / tasks
          let last = indices.startIndex + indices.count * (task + 1) / tasks
          let cutter = RowCutter(shape: shape, augmentation: augmentation)
          withUnsafeTemporaryAllocation(of: UInt8.self, capacity: cutter.scratchCount) { scratch in
            for position in first..<last {
              let index = indices[position]
              precondition(labels.indices.contains(index), "\(name): image \(index) of \(count)")
              let image = UnsafeBufferPointer(rebasing: pixels[index * shape.count..<(index + 1) * shape.count])
              let draw = augmentation.draw(image: index, from: stream)
              var start = (position - indices.startIndex) * shape.count
              for channel in 0..<shape.channels {
                for row in 0..<shape.height {
                  emit(cutter.cut(channel: channel, row: row, of: image, draw, scratch: scratch), channel, start)
                  start += shape.width
                }
              }
            }
          }
        }
      }
    }
  }
}

/// Cuts rows out of an image with its border, without making the bordered image.
private struct RowCutter {
  let shape: ImageShape
  let augmentation: Augmentation

  /// Room for one row with its border on both sides, and for that row mirrored.
  var scratchCount: Int { 2 * (shape.width + augmentation.padding) }

  /// The row, in `scratch` until the next call.
  @inline(__always)
  func cut(
    channel: Int, row: Int, of image: UnsafeBufferPointer<UInt8>, _ draw: Augmentation.Draw,
    scratch: UnsafeMutableBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let (width, padding) = (shape.width, augmentation.padding)
    let bordered = UnsafeMutableBufferPointer(rebasing: scratch[..<(width + 2 * padding)])
    let mirrored = UnsafeMutableBufferPointer(rebasing: scratch[(width + 2 * padding)...])
    guard let y = sourceRow(row + draw.down) else {
      mirrored.update(repeating: 0)
      return UnsafeBufferPointer(mirrored)
    }
    let source = UnsafeBufferPointer(rebasing: image[((channel * shape.height + y) * width)...].prefix(width))
    for x in 0..<width { bordered[padding + x] = source[x] }
    for x in 0..<padding {
      let isReflected = augmentation.border == .reflected
      bordered[padding - 1 - x] = isReflected ? source[1 + x] : 0
      bordered[padding + width + x] = isReflected ? source[width - 2 - x] : 0
    }
    let start = padding + draw.right
    guard draw.isFlipped else { return UnsafeBufferPointer(rebasing: bordered[start..<start + width]) }
    for x in 0..<width { mirrored[x] = bordered[start + width - 1 - x] }
    return UnsafeBufferPointer(mirrored)
  }

  /// The row of the image that lies at `row`, nil beyond a black border's edge.
  private func sourceRow(_ row: Int) -> Int? {
    if (0..<shape.height).contains(row) { return row }
    guard augmentation.border == .reflected else { return nil }
    return row < 0 ? -row : 2 * (shape.height - 1) - row
  }
}
