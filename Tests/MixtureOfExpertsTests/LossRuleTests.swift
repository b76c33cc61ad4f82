import MixtureOfExperts
import Radio
import Testing

@Suite struct LossRuleTests {
  private let routing = Routing(logits: [1, 3, 2, 0], eligible: [.all(4)], expertCount: 4)

  @Test func `rounds go down the gate's ranking, and the last answers from the training mean`() {
    let rule = LossRule(policy: .redispatch, maximumAttempts: 3)
    var left = ExpertSet.all(4)
    var rounds: [LossRule.Round] = []
    for number in 1...3 {
      let round = rule.round(number, of: 0, wanting: 1, among: left, by: routing)
      for expert in round.experts { left.remove(expert: expert) }
      rounds.append(round)
    }
    #expect(rounds.map(\.experts) == [[1], [2], [0]])
    #expect(rounds.map(\.onFailure) == [.redispatch, .redispatch, .erasure])
  }

  @Test func `a round that leaves nobody untried is the last`() {
    let rule = LossRule(policy: .redispatch, maximumAttempts: 9)
    #expect(rule.round(1, of: 0, wanting: 3, among: .all(4), by: routing).onFailure == .redispatch)
    let last = rule.round(1, of: 0, wanting: 4, among: .all(4), by: routing)
    #expect(last.experts == [1, 2, 0, 3] && last.onFailure == .erasure)
    #expect(rule.round(2, of: 0, wanting: 2, among: ExpertSet([3]), by: routing).experts == [3])
  }

  @Test(arguments: [DecodeFailurePolicy.erasure, .raw]) func `the other policies hold in every round`(
    policy: DecodeFailurePolicy
  ) {
    let rule = LossRule(policy: policy, maximumAttempts: 1)
    #expect(rule.round(1, of: 0, wanting: 1, among: .all(4), by: routing).onFailure == policy)
    #expect(rule.round(1, of: 0, wanting: 4, among: .all(4), by: routing).onFailure == policy)
  }
}
