package import Tensors

/// What a parameter is to the optimiser.
package enum ParameterRole: Sendable {
  /// A matrix or filter bank: trained, and shrunk by weight decay.
  case weight
  /// A bias, or the gain of a normalisation: trained; optimisers may spare it weight decay.
  case bias
  /// State that training updates but no gradient does, such as a running mean: in its place in a gradient stands its
  /// next value.
  case buffer
}

/// A value made of named tensors: a layer, a network, a gradient of one, the state of an optimiser.
///
/// One visitor serves checkpoints, optimisers and counting. Conforming types name each of their tensors once, in a fixed
/// order and with PyTorch's names, and pass parts on under a prefix:
///
///     mutating func visitParameters(_ visit: ParameterVisitor) {
///       conv1.visitParameters(visit.under("conv1"))
///       fc1.visitParameters(visit.under("fc1"))
///     }
package protocol Parameterised: Sendable {
  mutating func visitParameters(_ visit: ParameterVisitor)
}

/// Called with every parameter's full name, role and place.
package struct ParameterVisitor {
  package typealias Body = (_ name: String, _ role: ParameterRole, _ value: inout Tensor) -> Void

  private let prefix: String
  private let body: Body

  package init(_ body: @escaping Body) {
    self.init(prefix: "", body: body)
  }

  private init(prefix: String, body: @escaping Body) {
    self.prefix = prefix
    self.body = body
  }

  package func callAsFunction(_ name: String, _ role: ParameterRole, _ value: inout Tensor) {
    body(prefix + name, role, &value)
  }

  /// A parameter that may be absent.
  package func callAsFunction(_ name: String, _ role: ParameterRole, _ value: inout Tensor?) {
    guard var present = value.take() else { return }
    body(prefix + name, role, &present)
    value = present
  }

  /// The visitor for a part called `name`; its parameters become `name.weight` and so on.
  package func under(_ name: String) -> ParameterVisitor {
    ParameterVisitor(prefix: prefix + name + ".", body: body)
  }

  package func under(_ index: Int) -> ParameterVisitor { under(String(index)) }
}

/// A named tensor, as it stands in a checkpoint.
package struct Parameter: Sendable {
  package let name: String
  package let role: ParameterRole
  package let value: Tensor
}

extension Parameterised {
  /// All parameters and buffers in visiting order.
  package var parameters: [Parameter] {
    var parameters: [Parameter] = []
    var copy = self
    withoutActuallyEscaping({ (name: String, role: ParameterRole, value: inout Tensor) in
      parameters.append(Parameter(name: name, role: role, value: value))
    }) { copy.visitParameters(ParameterVisitor($0)) }
    return parameters
  }

  /// How many numbers are trained.
  package var trainableCount: Int { parameters.reduce(0) { $0 + ($1.role == .buffer ? 0 : $1.value.count) } }

  /// Changes every parameter in place.
  package mutating func updateParameters(_ body: (_ name: String, _ role: ParameterRole, _ value: inout Tensor) -> Void)
  {
    withoutActuallyEscaping(body) { visitParameters(ParameterVisitor($0)) }
  }

  /// Changes every parameter in place, given the parameter of the same name of another value of the same structure.
  package mutating func updateParameters(
    with other: Self, _ body: (_ name: String, _ role: ParameterRole, _ value: inout Tensor, _ other: Tensor) -> Void
  ) {
    let others = other.parameters
    var next = 0
    updateParameters { name, role, value in
      precondition(next < others.count && others[next].name == name, "no counterpart of parameter \(name)")
      precondition(others[next].value.shape == value.shape, "\(name): \(value.shape), not \(others[next].value.shape)")
      body(name, role, &value, others[next].value)
      next += 1
    }
    precondition(next == others.count, "no counterpart of parameter \(others[next].name)")
  }

  /// Adds another gradient; a buffer takes the other's value.
  package static func += (sum: inout Self, term: Self) {
    sum.updateParameters(with: term) { _, role, value, other in
      if role == .buffer { value = other } else { value += other }
    }
  }
}
