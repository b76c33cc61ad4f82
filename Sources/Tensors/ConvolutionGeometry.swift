/// The extents of one convolution or pooling.
struct ConvolutionGeometry: Hashable {
  let batch: Int
  let inChannels: Int
  let height: Int
  let width: Int
  let outChannels: Int
  let outHeight: Int
  let outWidth: Int
  let window: Window

  init(input: [Int], outChannels: Int, window: Window) {
    precondition(input.count == 4, "pictures are [batch, channels, height, width], not \(input)")
    (batch, inChannels, height, width) = (input[0], input[1], input[2], input[3])
    self.outChannels = outChannels
    outHeight = window.positions(along: height)
    outWidth = window.positions(along: width)
    self.window = window
  }

  private init(_ other: ConvolutionGeometry, batch: Int) {
    self.batch = batch
    (inChannels, height, width) = (other.inChannels, other.height, other.width)
    (outChannels, outHeight, outWidth) = (other.outChannels, other.outHeight, other.outWidth)
    window = other.window
  }

  /// The same for so many images.
  func with(batch: Int) -> ConvolutionGeometry { ConvolutionGeometry(self, batch: batch) }

  var outputShape: [Int] { [batch, outChannels, outHeight, outWidth] }
  var weightShape: [Int] { [outChannels, inChannels, window.size, window.size] }

  /// Elements of one channel of one image, before and after.
  var inPlane: Int { height * width }
  var outPlane: Int { outHeight * outWidth }
  /// Elements of one image, before and after.
  var inImage: Int { inChannels * inPlane }
  var outImage: Int { outChannels * outPlane }

  /// How many products make one output: the rows of the unrolled image.
  var depth: Int { inChannels * window.size * window.size }

  /// The output positions along an axis of `extent` inputs for which tap `offset` of the window falls on the picture and
  /// not on its padding.
  func positions(ofTap offset: Int, along extent: Int, count: Int) -> Range<Int> {
    let shift = window.padding - offset
    let first = shift > 0 ? (shift + window.stride - 1) / window.stride : 0
    let end = extent + shift > 0 ? (extent + shift - 1) / window.stride + 1 : 0
    return min(first, count)..<max(min(first, count), min(end, count))
  }
}
