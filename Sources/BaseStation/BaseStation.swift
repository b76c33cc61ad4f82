// BaseStation
