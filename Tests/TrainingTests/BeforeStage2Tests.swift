import Datasets
import MixtureOfExperts
import Testing
import Training

/// What stage 2 takes over of a model, and what it notes.
@Suite struct BeforeStage2Tests {
  private let data: TrainingData
  private let others: TrainingData

  init() throws {
    data = try TrainingData(squares(240), validationCount: 40)
    others = try TrainingData(squares(240, seed: 9), validationCount: 40)
  }

  private func finished(_ model: MixtureModel, on data: TrainingData) throws -> MixtureModel {
    let begun = try model.beforeStage2(on: data, dataset: "folder")
    #expect(Set(begun.gates.keys) == [.base])
    #expect(begun.description.training?.stage2 == nil)
    return try Stage2(smallRecipe(), model: begun, data: data).finishedModel()
  }

  @Test func `the record of stage 1 stays, and with it the images that stage 2 wants`() throws {
    let model = try finished(
      Stage1(smallRecipe(), data: data).model(named: "m", dataset: "folder"), on: data)
    let record = try #require(model.description.training)
    #expect(record.stage1 != nil && record.stage2?.hyperparameters["recipe"] == nil)
    #expect(try finished(model, on: data).description.training == record)
    let error = #expect(throws: TrainingError.self) {
      _ = try model.beforeStage2(on: others, dataset: "folder")
    }
    #expect(
      try #require(error).description.hasPrefix(
        "--data: expected the images that stage 1 of model m saw, folder, digest "))
  }

  @Test
  func
    `weights that stage 1 did not make get a record by stage 2, on whatever images, and teach nobody`()
    throws
  {
    let untrained = try MixtureModel(
      untrained: "m", backbone: .leNet5, expertCount: 3, classCount: 4, seed: 1)
    let model = try finished(untrained, on: data)
    let record = try #require(model.description.training)
    #expect(record.stage1 == nil && record.dataset == "folder" && record.dataDigest == data.digest)
    #expect(record.trainingImages == 200 && record.validationImages == 40)
    #expect(record.stage2?.hyperparameters["recipe"] == .text("small"))
    #expect(model.description.recipe == "untrained")
    let again = try finished(model, on: others)
    #expect(again.description.training?.dataDigest == others.digest)
    try withScratchFolder { folder in
      var named = model
      named.description.classLabels = data.training.classNames
      try ModelBundle.write(named, to: folder)
      let error = #expect(throws: TrainingError.self) { _ = try Teacher(folder: folder, for: data) }
      #expect(error?.description.hasSuffix("received no record of them") == true)
    }
  }
}
