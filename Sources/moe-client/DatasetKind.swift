import ArgumentParser
import Datasets

/// The data sets of the command line.
enum DatasetKind: String, ExpressibleByArgument, CaseIterable {
  case cifar10 = "cifar-10"
  case cifar100 = "cifar-100"
  case folder
}
