/// The left matrix of a product: element (i, k) lies at `base[i * rowStride + k * step]`.
struct LeftMatrix {
  let base: UnsafePointer<Float>
  let rowStride: Int
  let step: Int
}

/// The right matrix of a product, cut into panels of 8 columns: element (k, 8 p + j) lies at
/// `base[p * panelStride + k * step + j]`.
///
/// A row-major matrix is the case `panelStride` 8; packed panels, the case `step` 8, are read from front to back.
struct RightMatrix {
  let base: UnsafePointer<Float>
  let panelStride: Int
  let step: Int

  init(base: UnsafePointer<Float>, panelStride: Int, step: Int) {
    self.base = base
    self.panelStride = panelStride
    self.step = step
  }

  init(rowMajor base: UnsafePointer<Float>, stride: Int) {
    self.init(base: base, panelStride: Panel.width, step: stride)
  }

  init(packed base: UnsafePointer<Float>, depth: Int) {
    self.init(base: base, panelStride: depth * Panel.width, step: Panel.width)
  }

  func panel(_ index: Int) -> UnsafePointer<Float> { base + index * panelStride }
}

/// Eight columns: two 128-bit registers of the oldest x86-64 and of arm64.
typealias Panel = SIMD8<Float>

extension Panel {
  static let width = 8

  @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>) -> Panel {
    UnsafeRawPointer(pointer).loadUnaligned(as: Panel.self)
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Panel.self)
  }

  /// Fused where every processor of the architecture can; on x86-64 that would call a library function.
  @inline(__always)
  mutating func add(_ a: Float, times b: Panel) {
    #if arch(arm64)
      addProduct(a, b)
    #else
      self += a * b
    #endif
  }
}

/// Matrix products by register blocking: C += A B.
///
/// Every element of C is one sum over k in ascending order, whatever its neighbours and the extents are. That is what
/// makes inference batch-invariant.
enum MatrixProduct {
  /// Six rows of eight columns fill 12 of 16 vector registers.
  static let tileRows = 6
  /// Steps of k that run before the next tile: a panel of B (8 KB) stays in the first-level cache.
  private static let depthBlock = 256
  /// Rows of A that run before the next panel: A's block (128 KB) stays in the second-level cache.
  private static let rowBlock = 20 * tileRows

  /// `columns` of B beyond the last full panel are read as a full panel: B must be padded to one.
  static func accumulate(
    rows: Int, columns: Int, depth: Int, a: LeftMatrix, b: RightMatrix, c: UnsafeMutablePointer<Float>, cStride: Int
  ) {
    for k in stride(from: 0, to: depth, by: depthBlock) {
      let steps = min(depthBlock, depth - k)
      for top in stride(from: 0, to: rows, by: rowBlock) {
        let bottom = min(top + rowBlock, rows)
        let block = Block(
          columns: columns, depth: steps,
          a: LeftMatrix(base: a.base + k * a.step, rowStride: a.rowStride, step: a.step),
          b: RightMatrix(base: b.base + k * b.step, panelStride: b.panelStride, step: b.step), c: c, cStride: cStride)
        let fullTiles = (bottom - top) / tileRows
        block.run(firstRow: top, tiles: fullTiles, tile: Tile<6, 1>.self)
        let rest = top + fullTiles * tileRows
        switch bottom - rest {
        case 1: block.run(firstRow: rest, tiles: 1, tile: Tile<1, 4>.self)
        case 2: block.run(firstRow: rest, tiles: 1, tile: Tile<2, 2>.self)
        case 3: block.run(firstRow: rest, tiles: 1, tile: Tile<3, 2>.self)
        case 4: block.run(firstRow: rest, tiles: 1, tile: Tile<4, 1>.self)
        case 5: block.run(firstRow: rest, tiles: 1, tile: Tile<5, 1>.self)
        default: break
        }
      }
    }
  }

  private struct Block {
    let columns: Int
    let depth: Int
    let a: LeftMatrix
    let b: RightMatrix
    let c: UnsafeMutablePointer<Float>
    let cStride: Int

    @inline(__always)
    func run<let rows: Int, let panels: Int>(firstRow: Int, tiles: Int, tile: Tile<rows, panels>.Type) {
      let fullPanels = columns / Panel.width
      var panel = 0
      while panel + panels <= fullPanels {
        for index in 0..<tiles { run(tile, row: firstRow + index * rows, panel: panel) }
        panel += panels
      }
      while panel < fullPanels {
        for index in 0..<tiles { run(Tile<rows, 1>.self, row: firstRow + index * rows, panel: panel) }
        panel += 1
      }
      let rest = columns - panel * Panel.width
      if rest > 0 {
        for index in 0..<tiles {
          runPartly(Tile<rows, 1>.self, row: firstRow + index * rows, panel: panel, columns: rest)
        }
      }
    }

    @inline(__always)
    private func run<let rows: Int, let panels: Int>(_ tile: Tile<rows, panels>.Type, row: Int, panel: Int) {
      let target = c + row * cStride + panel * Panel.width
      var sums = Tile<rows, panels>(loading: target, stride: cStride)
      sums.accumulate(depth: depth, a: a, row: row, b: b, panel: panel)
      sums.store(to: target, stride: cStride)
    }

    /// A tile of which only the first `columns` exist in C.
    @inline(__always)
    private func runPartly<let rows: Int>(_ tile: Tile<rows, 1>.Type, row: Int, panel: Int, columns: Int) {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * Panel.width) { scratch in
        guard let scratch = scratch.baseAddress else { return }
        let target = c + row * cStride + panel * Panel.width
        for i in 0..<rows {
          Panel.zero.store(to: scratch + i * Panel.width)
          for j in 0..<columns { scratch[i * Panel.width + j] = target[i * cStride + j] }
        }
        var sums = Tile<rows, 1>(loading: scratch, stride: Panel.width)
        sums.accumulate(depth: depth, a: a, row: row, b: b, panel: panel)
        sums.store(to: scratch, stride: Panel.width)
        for i in 0..<rows {
          for j in 0..<columns { target[i * cStride + j] = scratch[i * Panel.width + j] }
        }
      }
    }
  }
}

/// A block of C held in registers.
private struct Tile<let rows: Int, let panels: Int> {
  private var sums: InlineArray<rows, InlineArray<panels, Panel>>

  @inline(__always)
  init(loading c: UnsafeMutablePointer<Float>, stride: Int) {
    sums = InlineArray { i in InlineArray { j in Panel.load(c + i * stride + j * Panel.width) } }
  }

  @inline(__always)
  mutating func accumulate(depth: Int, a: LeftMatrix, row: Int, b: RightMatrix, panel: Int) {
    var left = a.base + row * a.rowStride
    var right = b.panel(panel)
    for _ in 0..<depth {
      for j in 0..<panels {
        let columns = Panel.load(right + j &* b.panelStride)
        for i in 0..<rows { sums[i][j].add(left[i &* a.rowStride], times: columns) }
      }
      left += a.step
      right += b.step
    }
  }

  @inline(__always)
  func store(to c: UnsafeMutablePointer<Float>, stride: Int) {
    for i in 0..<rows {
      for j in 0..<panels { sums[i][j].store(to: c + i * stride + j * Panel.width) }
    }
  }
}
