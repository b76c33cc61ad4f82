/// Everything that two nodes say to each other.
package enum Message: Equatable, Sendable {
  indirect case hello(Hello)
  case infer(Infer)
  case result(InferenceResult)
  case dispatch(Dispatch)
  case reply(Reply)
  case channelReport(ChannelReport)
  case subscribe(ChannelSubscription)
  /// The request id says what is cancelled.
  case cancel
  case ping(Ping)
  case pong(Pong)
  case goaway(Goaway)
  case error(ProtocolError)
  case statusRequest
  indirect case status(Status)
  /// Read the model's folder again.
  case reload
  case reloaded(Reloaded)
}
