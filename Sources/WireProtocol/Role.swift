/// What a node is in the system, as it says in its HELLO.
package enum Role: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case client = 1
  case baseStation = 2
  case expert = 3
  case `operator` = 4

  package var description: String {
    switch self {
    case .client: "client"
    case .baseStation: "base station"
    case .expert: "expert"
    case .operator: "operator"
    }
  }
}
