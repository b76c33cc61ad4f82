/// The file formats of pictures, told apart by their first bytes; names and extensions do not matter.
package enum PictureFormat: Sendable, CaseIterable {
  case png
  case jpeg
  case pnm

  /// The bytes that ``init(signature:)`` wants to see.
  static let signatureBytes = 8

  package init?(signature bytes: some Collection<UInt8>) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.count >= 2, bytes.first == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(bytes.dropFirst().first ?? 0)
    {
      self = .pnm
    } else {
      return nil
    }
  }

  package var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .pnm: "PPM or PGM"
    }
  }
}
