public import ArgumentParser
public import Logging
public import Radio

extension LinkKind: ExpressibleByArgument {}
extension LinkClock: ExpressibleByArgument {}
extension SNRReference: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
