package tables

// Answers to a question.
const (
	Yes = "yes"
	No  = "no"
)

// What the program can answer of a question before confirmation by itself.
const (
	AutoSignatures = "signatures"     // all signatures and the seal are there
	AutoInTime     = "in_time"        // within the clock confirmation_apply
	AutoCourt      = "court"          // which courts have jurisdiction
	AutoTermsClear = "terms_clear"    // every obligation names who, what and when
	AutoCategory   = "category"       // the category suggests status or ownership matters
	AutoGuardians  = "guardians"      // a guardian signed for a minor or one without capacity
	AutoAgents     = "agents"         // whoever signed for another has special authority
	AutoMaterials  = "materials"      // the papers of the documents table
	AutoForm       = "agreement_form" // written or oral
)

// Confirmation is the table of what is asked before an application for
// judicial confirmation, and of the grounds on which a court declines.
type Confirmation struct {
	Questions []Question `json:"questions"`
	Refusals  []Ground   `json:"refusals"`   // not accepted (民诉法解释 art. 355)
	Dismissal []Ground   `json:"dismissals"` // dismissed after review (art. 358)
}

// Question is one question before an application.
type Question struct {
	ID      string `json:"id"`
	Zh      string `json:"zh"`
	En      string `json:"en"`
	Good    string `json:"good"`             // the answer with which it can go on: Yes, No
	Blocks  bool   `json:"blocks,omitempty"` // another answer forbids the application; otherwise it warns
	Auto    string `json:"auto,omitempty"`   // what the program can answer itself: one of Auto…
	Help    Text   `json:"help"`             // what to do after another answer
	Article Text   `json:"article"`
	Source  string `json:"source"`
}

// Text is the question in the language.
func (q Question) Text(lang string) string { return Text{q.Zh, q.En}.In(lang) }

func (q Question) rowID() string { return q.ID }

// Ground is a ground on which a court declines.
type Ground struct {
	Named

	Article Text `json:"article"`
}

// Rows of the confirmation table that the program names.
var (
	questionIDs = []string{
		"signed", "in_time", "both", "status", "ownership", "special_procedure", "clear", "third_party", "capacity", "willing",
	}
	refusalIDs   = []string{"scope", "court", "status", "special_procedure", "ownership"}
	dismissalIDs = []string{"law", "interests", "morals", "not_willing", "unclear", "other"}
)

func (t *Confirmation) check() error {
	err := first(
		checkIDs("questions", t.Questions), checkHas("questions", t.Questions, questionIDs),
		checkIDs("refusals", t.Refusals), checkHas("refusals", t.Refusals, refusalIDs),
		checkIDs("dismissals", t.Dismissal), checkHas("dismissals", t.Dismissal, dismissalIDs),
	)
	if err != nil {
		return err
	}
	autos := []string{"", AutoSignatures, AutoInTime, AutoCourt, AutoTermsClear, AutoCategory, AutoGuardians, AutoAgents, AutoMaterials, AutoForm}
	for i, q := range t.Questions {
		row := label("questions", i, q.ID)
		if err := first(checkAmong(row+".good", []string{q.Good}, []string{Yes, No}), checkAmong(row+".auto", []string{q.Auto}, autos)); err != nil {
			return err
		}
	}
	return nil
}
