// ExpertNode
