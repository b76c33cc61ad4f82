import CConvolution

/// How our own convolutions want their pictures.
enum ConvolutionBlock {
  /// Channels side by side; 0 where the processor has no kernels for it.
  static let size = Int(convolution_block())

  /// Whether pictures lie so, before and after a convolution.
  static func suits(_ g: ConvolutionGeometry) -> Bool {
    size > 0 && g.inBlock == size && g.outBlock == size && g.outChannels % (2 * size) == 0
  }
}
