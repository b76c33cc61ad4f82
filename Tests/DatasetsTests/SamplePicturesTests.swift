import Datasets
import Foundation
import Testing

struct SamplePicturesTests {
  @Test func `the sample pictures can be read and fitted`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized
    let files = try PictureFiles.at(root.appendingPathComponent("scripts/samples").path)
    #expect(files.count == 8)
    for file in files where !file.hasSuffix(".png") || PictureFormat.png.isReadable {
      let picture = try Picture.read(file)
      #expect((picture.width, picture.height) == (128, 128))
      #expect(Set(picture.fitted(to: .cifar)).count > 64)
    }
  }
}
