package sim

// The rules that a run holds a county to. Names stand in reports.
const (
	ruleOpens   = "a folder opens whatever happened to it"
	ruleReads   = "what is held can be read"
	ruleError   = "an error tells a person what to do"
	ruleKept    = "what was saved is kept"
	ruleArrives = "what was saved reaches everybody who is to have it"
	ruleStep    = "all that can meet end in step"
	ruleTruth   = "nobody says more than is so"
	ruleEqual   = "who holds the same shows the same"
	ruleSecret  = "nothing lies where it may not be read"
	ruleNumber  = "no number is used twice"
	ruleWhole   = "what is held is whole and waits for nothing"
	ruleOwner   = "a digest is its owner's, with the case's own figures"
	ruleTold    = "what waits for a person is told"
)
