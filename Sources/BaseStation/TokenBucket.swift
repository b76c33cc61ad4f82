/// Bounds extra work by a share of the work that it comes with, and by a reserve for bursts.
struct TokenBucket {
  private let share: Double
  private let capacity: Double
  private var tokens: Double

  /// - Parameters:
  ///   - share: tokens that each unit of work brings.
  ///   - capacity: the most that can be saved; it starts full.
  init(share: Double, capacity: Int) {
    self.share = share
    self.capacity = Double(capacity)
    tokens = self.capacity
  }

  mutating func deposit(work count: Int) { tokens = min(tokens + share * Double(count), capacity) }

  /// Takes as many of `count` tokens as there are.
  ///
  /// - Returns: how many were taken.
  mutating func withdraw(_ count: Int) -> Int {
    let taken = min(count, Int(tokens))
    tokens -= Double(taken)
    return taken
  }
}
