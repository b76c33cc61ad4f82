internal import CImageCodecs
internal import Foundation

extension Picture {
  /// More pixels than this are refused before anything is allocated for them.
  package static let pixelLimit = 64 << 20
  /// A larger file is refused unread; 64 megapixels of 16-bit RGB are below it.
  package static let byteLimit = 512 << 20

  /// Reads a PNG, JPEG, PPM or PGM file, whatever its name.
  ///
  /// Grey becomes equal red, green and blue; 16-bit values are rounded to 8; transparent pixels are laid over white; a
  /// four-colour JPEG is converted by the Adobe convention. The picture is turned upright as its EXIF orientation says.
  package static func read(_ path: String) throws(DatasetError) -> Picture {
    let file = try InputFile(path, expected: "a picture file", advice: "expected a picture file")
    guard file.size > 0 else {
      throw DatasetError(path: path, .truncated(expected: "a PNG, JPEG, PPM or PGM picture", received: "an empty file"))
    }
    // A film of some gigabytes is refused by its first bytes.
    let signature = try file.read(min(file.size, PictureFormat.signatureBytes))
    let format = try Picture.format(of: signature, path: path)
    guard file.size <= byteLimit else {
      throw DatasetError(
        path: path, .oversized(expected: "at most \(byteLimit) bytes", received: "\(file.size)"))
    }
    return try Picture(decoding: try file.read(file.size), as: format, name: path)
  }

  /// Decodes the contents of a picture file.
  ///
  /// - Parameter name: what errors call it.
  package init(decoding bytes: [UInt8], name: String) throws(DatasetError) {
    try self.init(decoding: bytes, as: try Picture.format(of: bytes, path: name), name: name)
  }

  private init(decoding bytes: [UInt8], as format: PictureFormat, name: String) throws(DatasetError) {
    switch format {
    case .pnm:
      self = try PNMReader(bytes: bytes, name: name).picture()
    case .png:
      self = try Picture(decoding: bytes, with: .png, name: name).turnedUpright(from: Orientation(png: bytes))
    case .jpeg:
      self = try Picture(decoding: bytes, with: .jpeg, name: name).turnedUpright(from: Orientation(jpeg: bytes))
    }
  }

  private init(decoding bytes: [UInt8], with codec: Codec, name: String) throws(DatasetError) {
    var size = moe_picture()
    try codec.check(codec.measure(bytes, bytes.count, &size), size, name: name)
    let (width, height) = (Int(size.width), Int(size.height))
    try Picture.checkSize(width: width, height: height, name: name)
    var status: Int32 = 0
    let rgb = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, initialized in
      status = codec.decode(bytes, bytes.count, buffer.baseAddress, &size)
      // A failed decoding leaves the buffer as it was, and nobody looks at it.
      initialized = status == 0 ? buffer.count : 0
    }
    try codec.check(status, size, name: name)
    self.init(width: width, height: height, rgb: rgb)
  }

  static func checkSize(width: Int, height: Int, name: String) throws(DatasetError) {
    guard width > 0, height > 0 else {
      throw DatasetError(
        path: name, .malformed(expected: "at least one pixel", received: "a size of \(width) x \(height)"))
    }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, area <= pixelLimit else {
      throw DatasetError(
        path: name, .oversized(expected: "at most \(pixelLimit) pixels", received: "\(width) x \(height)"))
    }
  }

  private static func format(of bytes: [UInt8], path: String) throws(DatasetError) -> PictureFormat {
    if let format = PictureFormat(signature: bytes.prefix(PictureFormat.signatureBytes)) { return format }
    let expected = "a PNG, JPEG, PPM or PGM picture"
    guard !bytes.isEmpty else {
      throw DatasetError(path: path, .truncated(expected: expected, received: "no bytes"))
    }
    let start = bytes.prefix(4).map { String(format: "%02x", $0) }.joined(separator: " ")
    throw DatasetError(path: path, .malformed(expected: expected, received: "a file that begins with bytes \(start)"))
  }
}

/// One of the two C libraries behind CImageCodecs.
private struct Codec {
  let format: PictureFormat
  let developmentPackage: String
  let runtimePackage: String
  let measure: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<moe_picture>?) -> Int32
  let decode: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<moe_picture>?) -> Int32

  static var png: Codec {
    Codec(
      format: .png, developmentPackage: "libpng-dev", runtimePackage: "libpng16-16", measure: moe_png_measure,
      decode: moe_png_decode)
  }
  static var jpeg: Codec {
    Codec(
      format: .jpeg, developmentPackage: "libturbojpeg0-dev", runtimePackage: "libturbojpeg0",
      measure: moe_jpeg_measure, decode: moe_jpeg_decode)
  }

  func check(_ status: Int32, _ picture: moe_picture, name: String) throws(DatasetError) {
    switch Int(status) {
    case MOE_PICTURE_DONE:
      return
    case MOE_PICTURE_NOT_BUILT:
      let remedy = "install the Debian package \(developmentPackage) and build again"
      throw DatasetError(path: name, .codecMissing(format: format.name, remedy: remedy))
    case MOE_PICTURE_NO_CODEC:
      let remedy = "install the Debian package \(runtimePackage)"
      throw DatasetError(path: name, .codecMissing(format: format.name, remedy: remedy))
    case MOE_PICTURE_NO_MEMORY:
      throw DatasetError(path: name, .unreadable(systemError: ENOMEM))
    default:
      let message = withUnsafeBytes(of: picture.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw DatasetError(
        path: name, .malformed(expected: "a whole \(format.name) picture", received: "damage: \(message)"))
    }
  }
}

extension PictureFormat {
  /// Whether this build on this machine can read the format.
  package var isReadable: Bool {
    switch self {
    case .png: moe_png_available() == 1
    case .jpeg: moe_jpeg_available() == 1
    case .pnm: true
    }
  }
}
