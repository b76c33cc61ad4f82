import InferenceClient

let client = try await InferenceClient.connect(to: CommandLine.arguments[1])
for path in CommandLine.arguments.dropFirst(2) {
  let answer = try await client.classify(contentsOf: path)
  print(path, answer.label, answer.probability)
}
await client.close()
