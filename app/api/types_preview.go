package api

// StepPreview is what a step would do. Nothing of it was done: no number is
// taken, no clock runs, nobody was given anything.
type StepPreview struct {
	Case     string     `json:"case"`
	Step     string     `json:"step"`
	State    State      `json:"state" doc:"the tracks after it"`
	Next     []NextStep `json:"next" doc:"what this person could do after it"`
	Started  []Clock    `json:"started" doc:"the clocks that it would start"`
	Ended    []Clock    `json:"ended" doc:"the clocks that it would meet or stop"`
	Number   string     `json:"number,omitempty" doc:"the number that the file would take, if nobody takes it before"`
	Opens    *Opening   `json:"opens,omitempty" doc:"to whom it would open the case; absent: to nobody"`
	Warnings []Reason   `json:"warnings,omitempty" doc:"it would be taken all the same"`
}

// NextStep is a step that is lawful then.
type NextStep struct {
	Step  string `json:"step"`
	Label Label  `json:"label"`
	Track string `json:"track"`
	Usual bool   `json:"usual,omitempty" doc:"the likely next one"`
}

// Opening is what a letter or an application gives, and to whom. What was given
// can't be taken back.
type Opening struct {
	Readers    []UnitNamed `json:"readers" doc:"units that can read the case then and can't now"`
	Carriers   []UnitNamed `json:"carriers" doc:"units on the way, on whose computers it would lie encrypted, unreadable for them"`
	Unnamed    int         `json:"unnamed,omitempty" doc:"places on the way of which no unit is known here"`
	Operations int         `json:"operations" doc:"changes of the case that go along, from the first to this step"`
	Since      string      `json:"since" doc:"the day on which the first of them was written"`
	Digest     bool        `json:"digest" doc:"its figures go along"`
	Never      []CodeLabel `json:"never" doc:"what stays with the body that wrote it, and is never given"`
	Final      Label       `json:"final" doc:"that it can't be taken back, in words"`
}

// UnitNamed is a unit as people know it.
type UnitNamed struct {
	Unit string `json:"unit"`
	Code string `json:"code"`
	Name string `json:"name"`
}
