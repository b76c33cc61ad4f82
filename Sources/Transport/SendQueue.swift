internal import Glibc
internal import WireProtocol

/// What waits to be written to one socket, in pieces that are not copied.
struct SendQueue {
  /// One piece; what `keeper` keeps alive lies at `bytes`.
  struct Piece {
    var bytes: UnsafeRawBufferPointer
    var keeper: AnyObject?
  }

  /// Gathered into one call.
  static let piecesPerCall = 64

  private var pieces: [Piece] = []
  /// Pieces before this have been written.
  private var head = 0
  private(set) var byteCount = 0

  var isEmpty: Bool { byteCount == 0 }
  var pieceCount: Int { pieces.count - head }

  mutating func append(_ piece: Piece) {
    guard !piece.bytes.isEmpty else { return }
    pieces.append(piece)
    byteCount += piece.bytes.count
  }

  /// Forgets so many bytes at the front, which have been written.
  mutating func removeFirst(_ count: Int) {
    precondition(count <= byteCount, "\(count) of \(byteCount) bytes")
    byteCount -= count
    var rest = count
    while rest > 0 {
      let length = pieces[head].bytes.count
      guard rest >= length else {
        pieces[head].bytes = UnsafeRawBufferPointer(rebasing: pieces[head].bytes[rest...])
        break
      }
      rest -= length
      pieces[head].keeper = nil
      head += 1
    }
    if head == pieces.count {
      pieces.removeAll(keepingCapacity: pieces.capacity <= 256)
      head = 0
    } else if head >= 64, head >= pieces.count / 2 {
      pieces.removeFirst(head)
      head = 0
    }
  }

  mutating func removeAll() {
    pieces = []
    head = 0
    byteCount = 0
  }

  /// Calls `body` with the front of the queue as the system takes it; `byteCount` is what lies in the vectors.
  func withVectors(_ body: (UnsafeMutableBufferPointer<iovec>, _ byteCount: Int) -> Int) -> Int {
    let count = min(pieceCount, Self.piecesPerCall)
    return withUnsafeTemporaryAllocation(of: iovec.self, capacity: count) { vectors in
      var total = 0
      for index in 0..<count {
        let bytes = pieces[head + index].bytes
        vectors.initializeElement(
          at: index, to: iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
        total += bytes.count
      }
      return body(vectors, total)
    }
  }
}
