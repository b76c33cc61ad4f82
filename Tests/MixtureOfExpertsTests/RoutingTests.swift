import MixtureOfExperts
import Testing

@Suite struct RoutingTests {
  private let all = ExpertSet.all(4)

  @Test func `experts rank by falling logit and weigh by softmax`() {
    let routing = Routing(logits: [1, 3, 2, 0], eligible: [all], expertCount: 4)
    #expect(routing.top(4, image: 0) == [1, 2, 0, 3])
    #expect(routing.best(image: 0) == 1)
    #expect(abs(routing.weights.reduce(0, +) - 1) < 1e-6)
    #expect(abs(routing.weight(ofExpert: 1, image: 0) - 0.6438) < 1e-3)
  }

  @Test func `an ineligible expert gets no weight, is not chosen, and the others' weights sum to one`() {
    let routing = Routing(logits: [1, 3, 2, 0], eligible: [ExpertSet([0, 2])], expertCount: 4)
    #expect(routing.top(4, image: 0) == [2, 0])
    #expect(routing.weight(ofExpert: 1, image: 0) == 0)
    #expect(abs(routing.weights.reduce(0, +) - 1) < 1e-6)
  }

  @Test func `every image of a batch has its own mask`() {
    let routing = Routing(
      logits: [1, 3, 2, 0, 1, 3, 2, 0], eligible: [all, ExpertSet([3])], expertCount: 4)
    #expect(routing.top(1, image: 0) == [1])
    #expect(routing.top(2, image: 1) == [3])
    #expect(routing.weight(ofExpert: 3, image: 1) == 1)
  }

  @Test func `with nobody eligible nobody is chosen`() {
    let routing = Routing(logits: [1, 3, 2, 0], eligible: [[]], expertCount: 4)
    #expect(routing.best(image: 0) == nil)
    #expect(routing.top(2, image: 0).isEmpty)
    #expect(routing.weights == [0, 0, 0, 0])
  }

  @Test func `of equal logits the lower index leads, and a logit that is not a number comes last`() {
    let routing = Routing(logits: [2, .nan, 2, 5], eligible: [all], expertCount: 4)
    #expect(routing.top(4, image: 0) == [3, 0, 2, 1])
    #expect(routing.weight(ofExpert: 1, image: 0) == 0)
  }

  @Test func `the next-best expert is the most preferred of those still to try`() {
    let routing = Routing(logits: [1, 3, 2, 0], eligible: [ExpertSet([0, 1, 2])], expertCount: 4)
    #expect(routing.next(image: 0, among: ExpertSet([0, 2])) == 2)
    #expect(routing.next(image: 0, among: ExpertSet([0, 3])) == 0)
    #expect(routing.next(image: 0, among: ExpertSet([3])) == 3)
    #expect(routing.next(image: 0, among: []) == nil)
  }

  @Test func `penalties keep the gate's order of experts whose weights have vanished`() {
    let routing = Routing(logits: [0, 400, 200, -50], eligible: [.all(4)], expertCount: 4)
    #expect(routing.weight(ofExpert: 2, image: 0) == 0)
    let free = [Float](repeating: 0, count: 4)
    #expect(routing.next(image: 0, among: ExpertSet([0, 2, 3]), penalties: free) == 2)
    #expect(routing.next(image: 0, among: ExpertSet([0, 3]), penalties: free) == 0)
    #expect(routing.next(image: 0, among: ExpertSet([0, 3]), penalties: [60, 0, 0, 0]) == 3)
  }

  @Test func `sixty-four experts fit`() {
    let logits = (0..<64).map { Float($0) }
    let routing = Routing(logits: logits, eligible: [.all(64)], expertCount: 64)
    #expect(routing.top(2, image: 0) == [63, 62])
  }
}
