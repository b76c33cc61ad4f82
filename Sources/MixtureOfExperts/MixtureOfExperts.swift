// MixtureOfExperts
