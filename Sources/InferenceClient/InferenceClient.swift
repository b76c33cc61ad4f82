import Datasets

/// A connection to a base station that classifies images.
///
///     let client = try await InferenceClient.connect(to: "127.0.0.1:7000")
///     let answer = try await client.classify(contentsOf: "horse.png")
///     print(answer.label, answer.probability)
///
/// Any number of requests may be under way at once. A request that the base station cannot take at the moment, or whose
/// connection is lost, is sent again within the request's time; a lost connection is made anew by the next request. A client
/// that is let go ends its connection by itself, as soon as what it has asked is answered.
public final class InferenceClient: Sendable {
  /// How long and how often the client tries, and whom it is.
  public struct Options: Sendable {
    /// Resolving, connecting and the handshake together.
    public var connectTimeout: Duration = .seconds(2)
    /// A request with all its retries.
    public var requestTimeout: Duration = .seconds(10)
    /// How often a request is sent again at most, waiting longer each time.
    public var maximumRetries = 10

    /// Credentials: with them the connection is TLS 1.3, and the client takes the role that its certificate names.
    public var tls: Credentials?
    /// Without credentials: whether the client takes the role of an operator, who may have models loaded again.
    public var isOperator = false

    public init() {}
  }

  /// Where the client's credentials lie, all of them PEM files.
  public struct Credentials: Sendable {
    /// The client's certificate, whose URI is `urn:moe-edge:client` or `urn:moe-edge:operator`.
    public var certificate: String
    /// Its private key.
    public var key: String
    /// The authority that signs base stations' certificates.
    public var authority: String
    /// SHA-256 fingerprints, 64 hexadecimal digits, of certificates that may be found at any host.
    public var pins: Set<String> = []

    public init(certificate: String, key: String, authority: String) {
      self.certificate = certificate
      self.key = key
      self.authority = authority
    }
  }

  /// What the base station said of itself when the client connected.
  public let model: ServedModel
  private let session: Session

  init(session: Session, model: ServedModel) {
    self.session = session
    self.model = model
  }

  // The session would live on: its connection holds it.
  deinit { session.end() }

  /// Connects to a base station at HOST:PORT.
  ///
  /// - Throws: ``InferenceError/malformedAddress(_:)``, ``InferenceError/unusableCredentials(_:)``,
  ///   ``InferenceError/unreachable(address:reason:)``, or
  ///   ``InferenceError/refused(code:message:isRetryable:retryAfter:)``.
  public static func connect(
    to address: String, options: Options = Options()
  ) async throws(InferenceError) -> InferenceClient {
    let session = try Session(address: address, options: options)
    return InferenceClient(session: session, model: try await session.connected())
  }

  /// Classifies one picture file: PNG, JPEG, PPM or PGM of any size.
  ///
  /// - Throws: what ``prepare(contentsOf:)`` and ``answer(to:)`` throw.
  public func classify(contentsOf path: String) async throws(InferenceError) -> Classification {
    try await classify(pixels: prepare(contentsOf: path))
  }

  /// Classifies one image: planar 8-bit pixels, `[channels, height, width]`, as the model takes them.
  ///
  /// - Throws: what ``answer(to:)`` throws, and the image's own error.
  public func classify(pixels: [UInt8]) async throws(InferenceError) -> Classification {
    let answer = try await answer(to: InferenceRequest(pixels: pixels))
    guard let outcome = answer.outcomes.first else { throw .badRequest("no image") }
    return try outcome.get()
  }

  /// Classifies the images of one request. Images fail one by one, among the answer's outcomes.
  ///
  /// - Throws: ``InferenceError/badRequest(_:)`` for a request that is wrong by itself; where the whole request failed within
  ///   its time and retries, why the last attempt did.
  public func answer(to request: InferenceRequest) async throws(InferenceError) -> InferenceAnswer {
    let result = await withCheckedContinuation { continuation in
      submit(request) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Classifies the images of one request, for callers that live with Dispatch: `completion` is called once, on a
  /// serial queue of the client's own, and must not block it.
  public func submit(
    _ request: InferenceRequest, completion: @escaping @Sendable (Result<InferenceAnswer, InferenceError>) -> Void
  ) {
    do throws(InferenceError) {
      try request.check(for: model)
      session.submit(request) { answer in
        // Whoever waits for an answer need not hold the client.
        withExtendedLifetime(self) { completion(answer) }
      }
    } catch {
      session.complete { completion(.failure(error)) }
    }
  }

  /// How the base station and its experts are.
  ///
  /// - Throws: why it could not be asked: ``InferenceError/unreachable(address:reason:)``,
  ///   ``InferenceError/refused(code:message:isRetryable:retryAfter:)``, ``InferenceError/closed`` and others.
  public func status() async throws(InferenceError) -> BaseStationStatus {
    let result = await withCheckedContinuation { continuation in
      session.requestStatus { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Has the base station and its experts read their model's folders again; only an operator may.
  ///
  /// - Returns: the digest of the model that is served then, SHA-256 in hexadecimal. ``model`` stays what it was when the
  ///   client connected; shape and labels are the same.
  /// - Throws: ``InferenceError/refused(code:message:isRetryable:retryAfter:)`` where the old model stays in use.
  public func reload(within timeout: Duration = .seconds(120)) async throws(InferenceError) -> String {
    let result = await withCheckedContinuation { continuation in
      session.requestReload(within: timeout) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Ends the connection; requests under way fail with ``InferenceError/closed``.
  public func close() async { await session.ended() }

  /// Reads a picture and brings it to the model's shape: the largest centred part of the right proportions, resized.
  ///
  /// - Returns: planar 8-bit pixels, `[channels, height, width]`.
  /// - Throws: ``InferenceError/unreadablePicture(_:)``, or ``InferenceError/badRequest(_:)`` where the model takes no pictures.
  public func prepare(contentsOf path: String) throws(InferenceError) -> [UInt8] {
    guard model.channels == 3 || model.channels == 1 else {
      throw .badRequest("the model takes \(model.channels) channels, pictures have 3 or 1")
    }
    do {
      return try Picture.read(path).fitted(to: model.shape)
    } catch {
      throw .unreadablePicture("\(error)")
    }
  }
}
