/// What a base station knows of one link's state under the `request` clock: whole windows of consecutive blocks.
///
/// An expert reports the state of any block ahead of its use, so the base station asks for aligned windows and keeps a
/// bounded number of them; the oldest that no request needs is forgotten first.
struct LinkStates {
  /// Blocks in one window; a subscription always names one whole window.
  static let blocksPerWindow: UInt64 = 256
  /// Windows kept for one link.
  static let maximumWindows = 256
  /// Windows that one request's blocks may lie in.
  static let maximumWindowsOfRequest = 64
  /// Windows that all requests in hand may need together; the rest of those kept is for what comes next.
  static let maximumNeededWindows = 192

  private var windows: [UInt64: [Float]] = [:]
  private var order: [UInt64] = []
  /// Windows that were asked for and have not come, by when they were asked for.
  private var requested: [UInt64: UInt64] = [:]

  /// The window that holds `block`.
  static func window(of block: UInt64) -> UInt64 { block / blocksPerWindow }

  /// Instantaneous SNR in dB of a block, or nil where no report has told it.
  func snrDB(ofBlock block: UInt64) -> Float? {
    guard let window = windows[Self.window(of: block)] else { return nil }
    return window[Int(block % Self.blocksPerWindow)]
  }

  /// When a window was asked for that has not come yet; nil of others.
  func requestTime(ofWindow window: UInt64) -> UInt64? { requested[window] }

  enum WindowState {
    case known, awaited, missing
  }

  /// What is known of a window; one that is missing is taken for asked for from now on.
  mutating func lookUp(window: UInt64, now: UInt64) -> WindowState {
    if windows[window] != nil { return .known }
    if requested[window] != nil { return .awaited }
    requested[window] = now
    return .missing
  }

  /// Takes a report of a whole window.
  ///
  /// - Parameter needed: windows that are not forgotten, and how many requests in hand need each.
  /// - Returns: false if the report is not exactly one aligned window that was asked for.
  mutating func store(firstBlock: UInt64, snrDB: [Float], keeping needed: [UInt64: Int]) -> Bool {
    let window = Self.window(of: firstBlock)
    guard firstBlock % Self.blocksPerWindow == 0, snrDB.count == Int(Self.blocksPerWindow),
      requested.removeValue(forKey: window) != nil
    else { return false }
    if order.count >= Self.maximumWindows, let oldest = order.firstIndex(where: { needed[$0] == nil }) {
      windows[order.remove(at: oldest)] = nil
    }
    windows[window] = snrDB
    order.append(window)
    return true
  }
}
