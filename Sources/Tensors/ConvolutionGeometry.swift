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
  /// Channels side by side, before and after.
  let inBlock: Int
  let outBlock: Int

  init(input: [Int], outChannels: Int, window: Window, outBlock: Int = 1) {
    let picture = PictureShape(input)
    (batch, inChannels, height, width) = (picture.batch, picture.channels, picture.height, picture.width)
    (inBlock, self.outBlock) = (picture.block, outBlock)
    self.outChannels = outChannels
    outHeight = window.positions(along: height)
    outWidth = window.positions(along: width)
    self.window = window
  }

  private init(_ other: ConvolutionGeometry, batch: Int) {
    self.batch = batch
    (inChannels, height, width) = (other.inChannels, other.height, other.width)
    (outChannels, outHeight, outWidth) = (other.outChannels, other.outHeight, other.outWidth)
    (window, inBlock, outBlock) = (other.window, other.inBlock, other.outBlock)
  }

  /// The same for so many images.
  func with(batch: Int) -> ConvolutionGeometry { ConvolutionGeometry(self, batch: batch) }

  var isPlain: Bool { inBlock == 1 && outBlock == 1 }
  var outputShape: [Int] {
    outBlock == 1
      ? [batch, outChannels, outHeight, outWidth] : [batch, outChannels / outBlock, outHeight, outWidth, outBlock]
  }
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
