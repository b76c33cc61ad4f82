import Tensors
import Testing

struct TensorTests {
  @Test func `fresh tensors are aligned to 64 bytes`() {
    for count in [0, 1, 3, 1000, 20_000, 1_000_003] {
      Tensor(zeros: [count]).withUnsafeBufferPointer { floats in
        #expect(floats.count == count && UInt(bitPattern: floats.baseAddress) % 64 == 0)
      }
    }
  }

  @Test func `a write to shared memory copies, a write to memory of one's own does not`() {
    var a = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    var b = a
    let row = a.rows(1..<2)
    let flat = a.reshaped([6])
    b[0, 0] = 9
    a[1, 1] = 8
    #expect(a.scalars == [1, 2, 3, 8, 5, 6] && b.scalars == [9, 2, 3, 4, 5, 6])
    #expect(row.scalars == [3, 4] && row.shape == [1, 2] && flat.scalars == [1, 2, 3, 4, 5, 6])

    let place = b.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    b[2, 1] = 7
    #expect(b.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } == place)
  }

  @Test func `a part that outlives the whole may be written and writes only itself`() {
    var part = Tensor([1, 2, 3, 4], shape: [4, 1]).rows(1..<3)
    part *= 2
    #expect(part.scalars == [4, 6] && part.shape == [2, 1])
  }

  final class Frame: @unchecked Sendable {
    let floats: UnsafeMutableBufferPointer<Float>
    init(_ values: [Float]) {
      floats = .allocate(capacity: values.count)
      _ = floats.initialize(from: values)
    }
    deinit { floats.deallocate() }
  }

  @Test func `a view keeps its owner and copies before it writes`() {
    weak var weakFrame: Frame?
    func view() -> Tensor {
      let frame = Frame([1, 2, 3])
      weakFrame = frame
      return Tensor(viewing: UnsafeBufferPointer(frame.floats), owner: frame, shape: [3])
    }
    var tensor = view()
    #expect(weakFrame != nil && tensor.scalars == [1, 2, 3])
    let original = tensor
    tensor[0] = 5
    #expect(tensor.scalars == [5, 2, 3] && original.scalars == [1, 2, 3])
    var last = view()
    last[1] = 0
    #expect(weakFrame == nil && last.scalars == [1, 0, 3])
  }

  @Test func `rows stack in order and know their largest elements`() {
    let a = Tensor([1, 5, 5, 0], shape: [2, 2])
    let all = Tensor(stacking: [a, Tensor([7, 8], shape: [1, 2]), a.rows(0..<1)])
    #expect(all.shape == [4, 2] && all.scalars == [1, 5, 5, 0, 7, 8, 1, 5])
    #expect(all.argmaxOfRows == [1, 0, 1, 1])
    #expect(Tensor([2, 2, 1], shape: [1, 3]).argmaxOfRows == [0])
  }

  @Test func `arithmetic goes element by element`() {
    let (a, b) = (Tensor([1, -2, 3], shape: [3]), Tensor([4, 5, 6], shape: [3]))
    #expect((a + b).scalars == [5, 3, 9] && (a - b).scalars == [-3, -7, -3] && (a * b).scalars == [4, -10, 18])
    #expect((2 * a).scalars == [2, -4, 6] && a.sum == 2)
    var c = a
    c.add(b, scaledBy: -0.5)
    #expect(c.scalars == [-1, -4.5, 0])
    c += a
    c *= 2
    #expect(c.scalars == [0, -13, 6])
  }

  @Test func `memory that is used again holds no surprises`() {
    for round in 0..<50 {
      let tensor = Tensor(repeating: Float(round), shape: [50_000 + round])
      #expect(tensor.scalars.allSatisfy { $0 == Float(round) })
      #expect(Tensor(zeros: [50_000 + round]).sum == 0)
    }
  }
}
