public import ArgumentParser
public import Datasets
public import Logging
public import Radio

extension DatasetKind: ExpressibleByArgument {}
extension LinkKind: ExpressibleByArgument {}
extension LinkClock: ExpressibleByArgument {}
extension SNRReference: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
