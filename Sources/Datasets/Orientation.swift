/// How a camera was held: the EXIF orientation, tag 0x0112, with EXIF's numbers.
///
/// Named after where the stored picture's first row and first column belong in the upright one.
enum Orientation: Int {
  case topLeft = 1
  case topRight = 2
  case bottomRight = 3
  case bottomLeft = 4
  case leftTop = 5
  case rightTop = 6
  case rightBottom = 7
  case leftBottom = 8

  var swapsAxes: Bool { rawValue >= 5 }

  /// The stored column and row of the upright picture's pixel, where the *stored* picture is `width` x `height`.
  func source(column: Int, row: Int, width: Int, height: Int) -> (column: Int, row: Int) {
    let (right, bottom) = (width - 1, height - 1)
    return switch self {
    case .topLeft: (column, row)
    case .topRight: (right - column, row)
    case .bottomRight: (right - column, bottom - row)
    case .bottomLeft: (column, bottom - row)
    case .leftTop: (row, column)
    case .rightTop: (row, bottom - column)
    case .rightBottom: (right - row, bottom - column)
    case .leftBottom: (right - row, column)
    }
  }
}

extension Orientation {
  /// Looks through a JPEG's segments for an Exif one; without it, or where it is damaged, the picture is upright.
  init(jpeg bytes: [UInt8]) {
    self = .topLeft
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {  // a fill byte
        position += 1
        continue
      }
      // From the start of the scan on there are no more headers.
      if marker == 0xDA || marker == 0xD9 { return }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      let body = bytes[position + 4..<end]
      let prefix: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", 0, 0
      if marker == 0xE1, body.starts(with: prefix) {
        self = Orientation(tiff: body.dropFirst(prefix.count)) ?? .topLeft
        return
      }
      position = end
    }
  }

  /// Looks through a PNG's chunks for `eXIf`.
  init(png bytes: [UInt8]) {
    self = .topLeft
    var position = 8
    while position + 8 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let (start, end) = (position + 8, position + 8 + length)
      guard end <= bytes.count else { return }
      if bytes[position + 4..<start].elementsEqual("eXIf".utf8) {
        self = Orientation(tiff: bytes[start..<end]) ?? .topLeft
        return
      }
      position = end + 4  // the chunk's CRC
    }
  }

  /// Finds the orientation in the first directory of a TIFF structure (TIFF 6.0, section 2).
  init?(tiff: ArraySlice<UInt8>) {
    guard tiff.count >= 8 else { return nil }
    let isLittle = tiff.starts(with: [0x49, 0x49])
    guard isLittle || tiff.starts(with: [0x4D, 0x4D]) else { return nil }
    func value(_ offset: Int, _ count: Int) -> Int? {
      guard offset >= 0, offset + count <= tiff.count else { return nil }
      let field = tiff.dropFirst(offset).prefix(count)
      return isLittle ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : field.reduce(0) { $0 << 8 | Int($1) }
    }
    let short = 3
    guard value(2, 2) == 42, let directory = value(4, 4), let entries = value(directory, 2) else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = value(offset, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard value(offset + 2, 2) == short, let number = value(offset + 8, 2) else { return nil }
      self.init(rawValue: number)
      return
    }
    return nil
  }
}

extension Picture {
  /// The picture as it was seen, from the picture as the camera stored it.
  func turnedUpright(from orientation: Orientation) -> Picture {
    guard orientation != .topLeft else { return self }
    let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
    let turned = [UInt8](unsafeUninitializedCapacity: rgb.count) { target, initialized in
      rgb.withUnsafeBufferPointer { stored in
        for row in 0..<newHeight {
          for column in 0..<newWidth {
            let from = orientation.source(column: column, row: row, width: width, height: height)
            let (source, pixel) = (3 * (from.row * width + from.column), 3 * (row * newWidth + column))
            for channel in 0..<3 { target[pixel + channel] = stored[source + channel] }
          }
        }
      }
      initialized = rgb.count
    }
    return Picture(width: newWidth, height: newHeight, rgb: turned)
  }
}
