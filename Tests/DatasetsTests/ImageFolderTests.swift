import Datasets
import Testing

struct ImageFolderTests {
  private func pgm(_ value: UInt8) -> [UInt8] { Array("P5 2 2 255 ".utf8) + [value, value, value, value] }
  private let shape = ImageShape(channels: 3, height: 4, width: 4)

  private func writtenFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(pgm(30), to: "ship/b.pgm")
    try folder.write(pgm(20), to: "ship/a.dat")
    try folder.write(pgm(10), to: "car/z.pgm")
    try folder.write(Array("notes".utf8), to: "car/notes.txt")
    try folder.write(pgm(1), to: "car/.hidden.pgm")
    try folder.write(pgm(1), to: "stray.pgm")
    return folder
  }

  @Test func `sub-folders are classes, in the order of their names`() throws {
    let folder = try writtenFolder()
    let set = try ImageSet.folder(folder.path, shape: shape)
    #expect(set.classNames == ["car", "ship"])
    #expect(set.labels == [0, 1, 1])
    #expect(set.pixels == [10, 20, 30].flatMap { [UInt8](repeating: $0, count: 48) })
  }

  @Test func `a model's classes give the labels`() throws {
    let folder = try writtenFolder()
    let set = try ImageSet.folder(folder.path, shape: shape, classNames: ["ship", "bird", "car"])
    #expect(set.labels == [0, 0, 2])
    #expect(set.pixels.prefix(1) == [20])
  }

  @Test func `a class that the model does not know is named`() throws {
    let folder = try writtenFolder()
    let error = #expect(throws: DatasetError.self) {
      try ImageSet.folder(folder.path, shape: shape, classNames: ["car", "bird"])
    }
    #expect(error?.description == "\(folder.path)/ship: expected a sub-folder for one of car, bird, found ship")
  }

  @Test func `of several bad pictures the first in order is named`() throws {
    let folder = try writtenFolder()
    for number in 10..<40 { try folder.write([], to: "ship/c\(number).ppm") }
    let error = #expect(throws: DatasetError.self) { try ImageSet.folder(folder.path, shape: shape) }
    #expect(error?.path == "\(folder.path)/ship/c10.ppm")
  }

  @Test func `folders without classes or pictures are refused`() throws {
    let folder = try TemporaryFolder()
    let expected = "a folder with one sub-folder of pictures for each class"
    func message() -> String? {
      #expect(throws: DatasetError.self) { try ImageSet.folder(folder.path, shape: shape) }?.description
    }
    #expect(message() == "\(folder.path): expected \(expected), found 0 files and no sub-folders")
    try folder.write([1], to: "car/notes.txt")
    #expect(message() == "\(folder.path): expected \(expected), found sub-folders without pictures")
  }
}

struct PictureFilesTests {
  @Test func `a folder stands for the pictures in it, by content or name`() throws {
    let folder = try TemporaryFolder()
    for name in ["b.PNG", "README.md", ".hidden.png", "inner/c.png"] { try folder.write([1], to: name) }
    try folder.write(Array("P6 1 1 255 abc".utf8), to: "a")
    #expect(try PictureFiles.at(folder.path) == ["\(folder.path)/a", "\(folder.path)/b.PNG"])
    #expect(try PictureFiles.at("\(folder.path)/") == ["\(folder.path)/a", "\(folder.path)/b.PNG"])
  }

  @Test func `a file stands for itself, whatever it holds`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], to: "README.md")
    #expect(try PictureFiles.at(path) == [path])
  }

  @Test func `nothing at all and nothing of use are refused`() throws {
    let folder = try TemporaryFolder()
    let empty = #expect(throws: DatasetError.self) { try PictureFiles.at(folder.path) }
    #expect(
      empty?.description
        == "\(folder.path): expected a folder of PNG, JPEG, PPM or PGM pictures, found 0 other files and 0 folders")
    let absent = #expect(throws: DatasetError.self) { try PictureFiles.at("\(folder.path)/no") }
    #expect(absent?.description == "\(folder.path)/no: not found: expected a picture file or a folder")
  }
}
