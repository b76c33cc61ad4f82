import FuzzTargets
import Glibc
import TLS

// libFuzzer has the main function. The environment names the target and the folder of certificates that
// deploy/make-certs.sh has made, for libFuzzer's command line is its own.

private let target: FuzzTarget = {
  let name = getenv("MOE_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    fatalError("MOE_FUZZ_TARGET: expected one of \(FuzzTarget.allCases.map(\.rawValue)), received \"\(name)\"")
  }
  return target
}()

private let credentials: FuzzTarget.Credentials = {
  let folder = getenv("MOE_FUZZ_CERTIFICATES").map { String(cString: $0) } ?? "certs"
  func context(_ node: String) -> TLSContext {
    do throws(TLSFileError) {
      return try TLSContext(
        TLSFiles(
          certificate: "\(folder)/\(node).pem", key: "\(folder)/\(node).key", authority: "\(folder)/ca.pem"))
    } catch {
      fatalError("\(error)")
    }
  }
  return FuzzTarget.Credentials(client: context("client"), server: context("bs"))
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do throws(Violation) {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)), credentials)
  } catch {
    fatalError("\(error)")
  }
  return 0
}
