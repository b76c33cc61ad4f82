import Layers
import Tensors

/// LeNet-5 for three-channel pictures of 32 × 32, with the names that the recorded PyTorch tensors have.
func leNet5(using generator: inout some RandomNumberGenerator) -> Sequential {
  [
    "conv1": Convolution(3, 6, kernel: 5, activation: .relu, using: &generator),
    "pool1": MaxPool(2),
    "conv2": Convolution(6, 16, kernel: 5, activation: .relu, using: &generator),
    "pool2": MaxPool(2),
    "flatten": Flatten(),
    "fc1": Linear(400, 120, activation: .relu, using: &generator),
    "fc2": Linear(120, 84, activation: .relu, using: &generator),
    "fc3": Linear(84, 10, using: &generator),
  ]
}
