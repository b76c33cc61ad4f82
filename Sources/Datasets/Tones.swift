/// What becomes of each of the values 0 ... 255.
struct Tones {
  /// `[256]`
  private var table: [UInt8]

  /// Results beyond 0 ... 255 are cut off there.
  init(_ tone: (Int) -> Int) { table = (0..<256).map { UInt8(clamping: tone($0)) } }

  static let unchanged = Tones { $0 }

  func apply(to values: UnsafeMutableBufferPointer<UInt8>) {
    table.withUnsafeBufferPointer { table in
      for i in values.indices { values[i] = table[Int(values[i])] }
    }
  }
}

/// How often each of the values 0 ... 255 occurs.
struct Histogram {
  /// `[256]`
  private var counts = [Int](repeating: 0, count: 256)

  init(_ values: UnsafeMutableBufferPointer<UInt8>) {
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values { counts[Int(value)] += 1 }
    }
  }

  private var least: Int { counts.firstIndex { $0 > 0 } ?? 0 }
  private var greatest: Int { counts.lastIndex { $0 > 0 } ?? 0 }

  /// The least value to 0, the greatest to 255, those between in proportion.
  var spreading: Tones {
    let (least, greatest) = (least, greatest)
    guard greatest > least else { return .unchanged }
    let scale = 255 / Double(greatest - least)
    let offset = -Double(least) * scale
    return Tones { Int(Double($0) * scale + offset) }
  }

  /// Each value to the number of smaller ones, as a share: all values then occur about equally often.
  var equalising: Tones {
    let step = (counts.reduce(0, +) - counts[greatest]) / 255
    guard greatest > least, step > 0 else { return .unchanged }
    var below = step / 2
    return Tones { value in
      defer { below += counts[value] }
      return below / step
    }
  }
}
