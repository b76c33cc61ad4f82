extension Float {
  /// The nearest bfloat16, the upper half of a float's bits; halfway cases to even, numbers beyond the largest infinite.
  package var bfloat16Bits: UInt16 {
    guard !isNaN else { return 0x7FC0 }
    let rounding = (bitPattern >> 16 & 1) + 0x7FFF
    return UInt16((bitPattern + rounding) >> 16)
  }

  package init(bfloat16Bits bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }
}

extension Tensor {
  /// Every number the nearest bfloat16.
  package var roundedToBFloat16: Tensor {
    Tensor(shape) { rounded in
      withUnsafeBufferPointer { x in
        for i in x.indices { rounded[i] = Float(bfloat16Bits: x[i].bfloat16Bits) }
      }
    }
  }
}
