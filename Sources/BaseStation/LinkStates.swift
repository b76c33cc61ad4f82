/// What a base station knows of one link's state under the `request` clock: whole windows of consecutive blocks.
///
/// An expert reports the state of any block ahead of its use, so the base station asks for aligned windows and keeps a
/// bounded number of them; the oldest is forgotten first.
struct LinkStates {
  /// Blocks in one window; a subscription always names one whole window.
  static let blocksPerWindow: UInt64 = 256
  /// Windows kept for one link.
  static let maximumWindows = 256

  private var windows: [UInt64: [Float]] = [:]
  private var order: [UInt64] = []
  private var requested: Set<UInt64> = []

  /// The window that holds `block`.
  static func window(of block: UInt64) -> UInt64 { block / blocksPerWindow }

  /// Instantaneous SNR in dB of a block, or nil where no report has told it.
  func snrDB(ofBlock block: UInt64) -> Float? {
    guard let window = windows[Self.window(of: block)] else { return nil }
    return window[Int(block % Self.blocksPerWindow)]
  }

  func knows(window: UInt64) -> Bool { windows[window] != nil }

  /// True if the window is neither known nor asked for, and notes that it is asked for now.
  mutating func shouldRequest(window: UInt64) -> Bool {
    windows[window] == nil && requested.insert(window).inserted
  }

  /// Takes a report of a whole window.
  ///
  /// - Returns: false if the report is not exactly one aligned window that was asked for.
  mutating func store(firstBlock: UInt64, snrDB: [Float]) -> Bool {
    let window = Self.window(of: firstBlock)
    guard firstBlock % Self.blocksPerWindow == 0, snrDB.count == Int(Self.blocksPerWindow),
      requested.remove(window) != nil
    else { return false }
    if order.count == Self.maximumWindows { windows[order.removeFirst()] = nil }
    windows[window] = snrDB
    order.append(window)
    return true
  }
}
