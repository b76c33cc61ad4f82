/// Pending timers in the order in which they are due: a heap, so that a request may have one without costing anything.
///
/// Pure: it neither reads a clock nor waits.
package struct TimerQueue<Action> {
  package typealias ID = UInt64

  private struct Entry {
    var due: MonotonicTime
    /// Later timers have larger numbers: of two that are due together the earlier one comes first.
    var id: ID

    func precedes(_ other: Entry) -> Bool { (due, id) < (other.due, other.id) }
  }

  /// A binary heap; entries of cancelled timers stay until they come up or are half of all.
  private var heap: [Entry] = []
  private var actions: [ID: Action] = [:]
  private var nextID: ID = 0

  package init() {}

  /// The timers that are neither fired nor cancelled.
  package var count: Int { actions.count }

  /// When the first timer is due, or a little earlier where that timer was cancelled.
  package var earliest: MonotonicTime? { heap.first?.due }

  package mutating func add(due: MonotonicTime, _ action: Action) -> ID {
    nextID += 1
    actions[nextID] = action
    heap.append(Entry(due: due, id: nextID))
    siftUp(heap.count - 1)
    return nextID
  }

  package mutating func cancel(_ id: ID) {
    guard actions.removeValue(forKey: id) != nil, heap.count > 64, actions.count < heap.count / 2 else { return }
    heap.removeAll { actions[$0.id] == nil }
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
  }

  /// The timers that are due at `now`, in their order; each is to be fired by ``fire(_:)``, and can be cancelled until then.
  package mutating func popDue(now: MonotonicTime) -> [ID] {
    var due: [ID] = []
    while let first = heap.first, first.due <= now {
      let last = heap.removeLast()
      if !heap.isEmpty {
        heap[0] = last
        siftDown(0)
      }
      due.append(first.id)
    }
    return due
  }

  /// What a timer that was due does; nil where it has been cancelled.
  package mutating func fire(_ id: ID) -> Action? { actions.removeValue(forKey: id) }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[first]) {
        first = child
      }
      guard first != parent else { return }
      heap.swapAt(parent, first)
      parent = first
    }
  }
}
