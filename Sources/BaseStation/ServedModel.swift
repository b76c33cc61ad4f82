import Datasets
package import Digests
package import MixtureOfExperts
import Radio
import Tensors

/// A model that a base station has in hand.
///
/// A class, though it never changes: every image looks its model up several times, and a copy would count the references of
/// all its parts each time.
package final class ServedModel: Sendable {
  /// Numbers the models that one base station has had, from 0.
  package let number: Int
  package let description: ModelDescription
  package let digest: SHA256Digest
  private let head: Head?
  /// What each expert computes for a latent. `[K]`
  let expertMultiplyAdds: [Int]

  package init(number: Int, description: ModelDescription, digest: SHA256Digest, head: Head? = nil) {
    expertMultiplyAdds = description.expertMultiplyAdds
    self.number = number
    self.description = description
    self.digest = digest
    self.head = head
  }

  /// The class scores, `[classes]`, that an expert's output for one image, `[outputs]`, stands for. A head takes some
  /// microseconds, which is less than a way to a worker and back.
  func scores(of output: UnsafeBufferPointer<Float>) -> [Float] {
    head == nil ? Array(output) : classScores(of: Tensor(copying: output, shape: [1, output.count]), by: head).scalars
  }

  /// The shape of the images that clients send.
  var inputShape: ImageShape { description.inputShape }

  /// How likely a digital link loses a latent; where the model does not tell how long its codes are, as long as the uncoded ones.
  var packetErrors: PacketErrorLaw {
    description.packetErrors ?? PacketErrorLaw(messageBits: 8 * Double(description.latentCount))
  }

  /// Why clients of this model cannot go on with `other` unawares; nil if they can.
  func difference(to other: ModelDescription) -> String? {
    if description.expertCount != other.expertCount {
      return "\(other.expertCount) experts in place of \(description.expertCount)"
    }
    if description.inputShape != other.inputShape {
      return "images of \(other.inputShape) in place of \(description.inputShape)"
    }
    return description.classLabels == other.classLabels ? nil : "other class labels"
  }
}
