/// A convolution as a matrix product: a block of output rows, with every window it sees unrolled into a column
/// ("im2col"), `[in channels × size × size, rows × width]`.
struct Unrolling {
  let geometry: ConvolutionGeometry
  /// Output rows of one block; about 64 columns, so that a block stays in the cache.
  let blockRows: Int
  /// From one row of the unrolled matrix to the next; whole panels, and no power of two, which would map all rows onto
  /// few cache sets.
  let stride: Int

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    blockRows = max(1, min(geometry.outHeight, 64 / max(geometry.outWidth, 1)))
    let columns = (blockRows * geometry.outWidth + Panel.width - 1) / Panel.width * Panel.width
    stride = columns % 32 == 0 ? columns + Panel.width : columns
  }

  var blocks: Int { (geometry.outHeight + blockRows - 1) / blockRows }

  func rows(ofBlock block: Int) -> Range<Int> {
    block * blockRows..<min((block + 1) * blockRows, geometry.outHeight)
  }

  /// Zeroed memory for one block; a partly filled last panel then holds nothing that could slow down arithmetic.
  func makeScratch() -> Scratch { Scratch(zeros: geometry.depth * stride) }

  /// Copies the windows of output rows `rows` of one image into columns.
  func unroll(_ image: UnsafePointer<Float>, rows: Range<Int>, into columns: UnsafeMutablePointer<Float>) {
    let step = geometry.window.stride
    forEachTap(rows) { tap in
      var target = columns + tap.index &* stride
      var source = image + tap.input
      for row in rows {
        if !tap.rows.contains(row) {
          target.update(repeating: 0, count: geometry.outWidth)
        } else if tap.columns.count == geometry.outWidth, step == 1 {
          target.copy(from: source, count: geometry.outWidth)
        } else {
          for column in 0..<geometry.outWidth {
            target[column] = tap.columns.contains(column) ? source[column &* step] : 0
          }
        }
        target += geometry.outWidth
        source += step &* geometry.width
      }
    }
  }

  /// The transpose of `unroll`: adds every column back onto the window it came from.
  func fold(_ columns: UnsafePointer<Float>, rows: Range<Int>, onto image: UnsafeMutablePointer<Float>) {
    let step = geometry.window.stride
    forEachTap(rows) { tap in
      var source = columns + tap.index &* stride
      var target = image + tap.input
      for row in rows {
        if tap.rows.contains(row) {
          if step == 1 {
            (target + tap.columns.lowerBound).add(from: source + tap.columns.lowerBound, count: tap.columns.count)
          } else {
            for column in tap.columns { target[column &* step] += source[column] }
          }
        }
        source += geometry.outWidth
        target += step &* geometry.width
      }
    }
  }

  /// One element of the window, in one channel.
  private struct Tap {
    /// Its row of the unrolled matrix.
    let index: Int
    /// Where the element lies in the image for the first output of the block; on padding that is no place to read.
    let input: Int
    /// The outputs for which the element lies on the picture and not on its padding.
    let rows: Range<Int>
    let columns: Range<Int>
  }

  @inline(__always)
  private func forEachTap(_ rows: Range<Int>, _ body: (Tap) -> Void) {
    let g = geometry
    let size = g.window.size
    for ky in 0..<size {
      let coveredRows = g.positions(ofTap: ky, along: g.height, count: g.outHeight)
      let top = rows.lowerBound * g.window.stride + ky - g.window.padding
      for kx in 0..<size {
        let covered = g.positions(ofTap: kx, along: g.width, count: g.outWidth)
        let left = kx - g.window.padding
        for channel in 0..<g.inChannels {
          body(
            Tap(
              index: (channel &* size &+ ky) &* size &+ kx,
              input: (channel &* g.height &+ top) &* g.width &+ left, rows: coveredRows, columns: covered))
        }
      }
    }
  }
}
