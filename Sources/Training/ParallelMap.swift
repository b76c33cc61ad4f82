import Dispatch

/// `body(0)` … `body(count - 1)` on all cores, in order.
///
/// Training cuts a batch into shards of fixed size and adds their gradients in order, so that the weights do not depend
/// on how many cores took part.
func parallelMap<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { results, initialized in
    withoutActuallyEscaping(body) { body in
      // Both outlive the call, and each iteration writes its own element.
      nonisolated(unsafe) let (results, body) = (results, body)
      DispatchQueue.concurrentPerform(iterations: count) { i in
        results.initializeElement(at: i, to: body(i))
      }
    }
    initialized = count
  }
}

/// 0..<count in pieces of `size`, the last one perhaps shorter.
func shards(of count: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
