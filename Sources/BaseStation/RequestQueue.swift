import DequeModule

/// A part of a request that one batch takes.
struct RequestSlice {
  let request: UInt64
  let images: Range<Int>
}

/// Parts of requests, oldest first, that wait for a compute worker.
struct RequestQueue {
  private var slices = Deque<RequestSlice>()
  /// How many images they have together.
  private(set) var imageCount = 0

  var isEmpty: Bool { slices.isEmpty }
  var first: RequestSlice? { slices.first }

  mutating func append(_ slice: RequestSlice) {
    slices.append(slice)
    imageCount += slice.images.count
  }

  /// Takes at most so many images off the first slice; nil where nothing waits.
  mutating func takeFirst(_ maximum: Int) -> RequestSlice? {
    guard let slice = slices.popFirst() else { return nil }
    let images = slice.images.prefix(maximum)
    if images.count < slice.images.count {
      slices.prepend(RequestSlice(request: slice.request, images: images.endIndex..<slice.images.endIndex))
    }
    imageCount -= images.count
    return RequestSlice(request: slice.request, images: images)
  }

  /// Gives the first slice up.
  mutating func dropFirst() {
    imageCount -= slices.popFirst()?.images.count ?? 0
  }
}
