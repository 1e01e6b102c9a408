package docket

import "hejie/app/casework"

// Format and Version are what a cover says of itself. A program that reads
// covers refuses a greater version; new fields do not raise it.
const (
	Format  = "hejie-docket-cover"
	Version = 1
)

// CoverFile is the cover's name, at the folder's top.
const CoverFile = "cover.json"

// Cover is the cover sheet for machines: cover.schema.json describes it.
type Cover struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	MadeAt  string `json:"made_at"` // RFC 3339
	MadeBy  Maker  `json:"made_by"`
	CaseID  string `json:"case_id"`
	// Heads name the operations that it was made from.
	Heads []string `json:"heads"`
	Kind  string   `json:"kind"` // suit or confirmation
	Court *Unit    `json:"court,omitempty"`
	// CourtNumbers are the court's numbers on record, the newest last.
	CourtNumbers []CourtNumber `json:"court_numbers"`
	// Case holds the parties with their numbers, addresses, agents, guardians,
	// representatives and addresses for service, the category, claims, facts and
	// amount, as a case document (case.schema.json).
	Case      casework.Document `json:"case"`
	Category  Label             `json:"category"`
	Mediation Mediation         `json:"mediation"`
	Letters   []Letter          `json:"letters"`
	Clocks    []Clock           `json:"clocks"`
	Outcome   *Outcome          `json:"outcome,omitempty"`
	// Undisputed are the facts that the parties confirmed in writing.
	Undisputed   *Undisputed            `json:"undisputed,omitempty"`
	Agreement    *Agreement             `json:"agreement,omitempty"`
	Application  *Application           `json:"application,omitempty"`
	Confirmation *casework.Confirmation `json:"judicial_confirmation,omitempty"`
	Suit         *casework.Suit         `json:"suit,omitempty"`
	Notices      []Notice               `json:"notices"`
	// Unsettled are fields of which two desks said different things: the shown
	// value is one of them until a person decides.
	Unsettled []string `json:"unsettled"`
	Folders   []Folder `json:"folders"`
	Documents []Paper  `json:"documents"`
	Files     []File   `json:"files"` // all but cover.json
}

// Label is a name in both languages.
type Label struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Unit is a unit of the tree; the code is empty where only a name is on record.
type Unit struct {
	Code string `json:"code,omitempty"`
	Name string `json:"name"`
}

// Maker is who made the folder.
type Maker struct {
	Unit
	Seat     string `json:"seat"`
	SeatName string `json:"seat_name"`
}

// CourtNumber is a court's number taken apart; only the text where it fits no
// pattern of court numbers.
type CourtNumber struct {
	Text  string `json:"text"`
	Of    string `json:"of"` // referral, confirmation or suit
	Year  int    `json:"year,omitempty"`
	Court string `json:"court,omitempty"` // the court's code, such as 浙0102
	Type  string `json:"type,omitempty"`
	N     string `json:"n,omitempty"`
	Sub   string `json:"sub,omitempty"`
}

// Mediation is who mediated, under which number.
type Mediation struct {
	Unit      Unit     `json:"unit"`
	Number    string   `json:"number,omitempty"`
	Mediators []string `json:"mediators"`
	State     string   `json:"state"`
}

// Letter is a letter with a court, or one by which the case came to who mediated.
type Letter struct {
	ID         string  `json:"id"`
	Kind       string  `json:"kind"`
	KindLabel  Label   `json:"kind_label"`
	State      string  `json:"state"`
	From       Unit    `json:"from"`
	To         Unit    `json:"to"`
	LetterNo   string  `json:"letter_no,omitempty"`
	CourtNo    string  `json:"court_no,omitempty"`
	SentOn     string  `json:"sent_on,omitempty"`
	ReceivedOn string  `json:"received_on,omitempty"`
	AcceptedOn string  `json:"accepted_on,omitempty"`
	DeclinedOn string  `json:"declined_on,omitempty"`
	Consents   any     `json:"consents,omitempty"`
	Report     *Report `json:"report,omitempty"`
}

// Report is what came back with a letter (在线调解规则 art. 21).
type Report struct {
	On       string `json:"on"`
	Result   string `json:"result"`
	LetterNo string `json:"letter_no,omitempty"`
	Why      string `json:"why,omitempty"`
	Focus    string `json:"focus,omitempty"`
	Conduct  string `json:"conduct,omitempty"`
	Hints    string `json:"hints,omitempty"`
	// Undisputed are the facts as the letter has them.
	Undisputed []string `json:"undisputed_facts,omitempty"`
	Simple     *bool    `json:"simple,omitempty"` // the body suggests the simplified procedure
}

// Clock is a time limit that a court looks at.
type Clock struct {
	Clock      string `json:"clock"`
	Label      Label  `json:"label"`
	Article    Label  `json:"article"`
	About      string `json:"about,omitempty"` // id of the letter
	StartedOn  string `json:"started_on"`
	DueOn      string `json:"due_on,omitempty"`
	ExtendedTo string `json:"extended_to,omitempty"`
	EndedOn    string `json:"ended_on,omitempty"`
}

// Outcome is how mediation ended.
type Outcome struct {
	Code      string   `json:"code"` // agreed, or why there is no agreement
	Label     Label    `json:"label"`
	Step      string   `json:"step,omitempty"`
	On        string   `json:"on"`
	Article   Label    `json:"article"`
	ByParty   bool     `json:"by_party,omitempty"` // a party's right, nobody's failure
	Advised   []string `json:"advised,omitempty"`  // of which other ways the parties were told
	AdvisedOn string   `json:"advised_on,omitempty"`
}

// Undisputed are confirmed facts.
type Undisputed struct {
	On          string   `json:"on"`
	Facts       []string `json:"facts"`
	ConfirmedBy []string `json:"confirmed_by"`
}

// Agreement is one that took effect.
type Agreement struct {
	Form         string          `json:"form"`
	Number       string          `json:"number,omitempty"`
	AgreedOn     string          `json:"agreed_on"`
	EffectiveOn  string          `json:"effective_on"`
	Signed       []string        `json:"signed"` // names of parties
	MediatorOn   string          `json:"mediator_signed_on,omitempty"`
	SealedOn     string          `json:"sealed_on,omitempty"`
	Facts        string          `json:"facts,omitempty"`
	Terms        []casework.Term `json:"terms"`
	Clauses      []string        `json:"clauses,omitempty"`
	Acceleration bool            `json:"acceleration,omitempty"`
	InterestBP   int64           `json:"interest_bp,omitempty"`
}

// Application is the joint application for confirmation.
type Application struct {
	On      string                 `json:"on"`
	By      []string               `json:"by"`
	Oral    bool                   `json:"oral,omitempty"`
	Answers []casework.CheckAnswer `json:"answers"`
}

// Notice is what parties were told, on paper that the body keeps.
type Notice struct {
	What  string   `json:"what"`
	Label Label    `json:"label"`
	On    string   `json:"on"`
	To    []string `json:"to"`
	How   string   `json:"how"`
}

// Folder is one of the court's folders.
type Folder struct {
	Position int    `json:"position"`
	ID       string `json:"id"`
	Label    Label  `json:"label"`
	Path     string `json:"path"`
}

// Where a paper is.
const (
	Made     = "made"     // laid out here from the record, unsigned
	Enclosed = "enclosed" // its file is in the folder
	OnPaper  = "paper"    // no file was ever listed
	Missing  = "missing"  // a file is listed and not here
)

// Paper is one paper of the folder.
type Paper struct {
	N      int    `json:"n"`
	Folder string `json:"folder"` // id of the folder
	Name   string `json:"name"`
	Pages  int64  `json:"pages,omitempty"`
	Copies int64  `json:"copies,omitempty"`
	Copy   string `json:"copy,omitempty"` // original, copy or verified_copy
	SHA256 string `json:"sha256,omitempty"`
	Where  string `json:"where"`
	Path   string `json:"path,omitempty"`   // of Made and Enclosed
	Letter string `json:"letter,omitempty"` // id of the letter that lists it
}

// File is one file of the folder.
type File struct {
	Path   string `json:"path"` // with slashes
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}
