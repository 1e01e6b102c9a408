package api

// The states of a data folder.
const (
	SetupEmpty    = "empty"
	SetupAwaiting = "awaiting_certificate"
	SetupReady    = "ready"
)

// SetupState tells how far a data folder is.
type SetupState struct {
	State    string   `json:"state" enum:"empty,awaiting_certificate,ready"`
	Demo     bool     `json:"demo" doc:"belongs to a demonstration tree"`
	Unit     string   `json:"unit,omitempty" doc:"the unit's id, once there is one"`
	UnitCode string   `json:"unit_code,omitempty"`
	UnitName string   `json:"unit_name,omitempty"`
	Seat     string   `json:"seat,omitempty" doc:"while awaiting a certificate: the seat that asked"`
	SeatName string   `json:"seat_name,omitempty"`
	Words    []string `json:"words,omitempty" doc:"while awaiting a certificate: the six words of the request"`
	Version  string   `json:"version" doc:"of the program"`
}

// RootRequest makes the first unit of a tree.
type RootRequest struct {
	Unit     string   `json:"unit" doc:"unit code: 12-digit division code, '-', body code and serial"`
	UnitName string   `json:"unit_name"`
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles" doc:"mediator, director, clerk, judge, supervisor, admin, auditor"`
	Secret   string   `json:"secret" doc:"at least eight characters"`
	Demo     bool     `json:"demo,omitempty"`
}

// EnrolmentRequest makes keys for a unit that a parent is to admit.
type EnrolmentRequest struct {
	Unit     string   `json:"unit"`
	UnitName string   `json:"unit_name"`
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles"`
	Secret   string   `json:"secret"`
	Replace  bool     `json:"replace,omitempty" doc:"discard an earlier request of this folder that was never answered"`
}

// File is a small file that a person saves or hands over.
type File struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Data      []byte `json:"data" doc:"base64"`
}

// RequestFile is an enrolment request with the words to compare.
type RequestFile struct {
	Unit     string         `json:"unit"`
	Seat     string         `json:"seat"`
	Words    []string       `json:"words" doc:"six words"`
	File     File           `json:"file"`
	Recovery *RecoverySheet `json:"recovery,omitempty" doc:"given once, with a unit's first folder"`
}

// RecoverySheet is what a person prints and locks away.
type RecoverySheet struct {
	UnitName string `json:"unit_name"`
	Text     string `json:"text" doc:"the whole sheet as plain text, to print"`
	Code     string `json:"code" doc:"the part that opens, in groups"`
}

// JoinRequest brings back what the parent issued.
type JoinRequest struct {
	Certificate []byte `json:"certificate" doc:"the certificate file, base64"`
	Secret      string `json:"secret,omitempty" doc:"of the seat that asked, where the folder was closed since"`
}

// JoinPreview is what a person compares before joining.
type JoinPreview struct {
	Unit     string     `json:"unit"`
	UnitName string     `json:"unit_name"`
	SeatName string     `json:"seat_name"`
	Roles    []string   `json:"roles"`
	Demo     bool       `json:"demo"`
	Root     NamedWords `json:"root"`
	Parent   NamedWords `json:"parent"`
}

// NamedWords are the six words of a unit.
type NamedWords struct {
	Unit  string   `json:"unit"`
	Name  string   `json:"name"`
	Words []string `json:"words"`
}

// SetupDone tells what was made.
type SetupDone struct {
	Unit     string         `json:"unit"`
	Seat     string         `json:"seat"`
	Role     string         `json:"role" doc:"roles, separated by commas"`
	Recovery *RecoverySheet `json:"recovery,omitempty" doc:"given once, with a unit's first folder"`
	Second   *RecoverySheet `json:"second,omitempty" doc:"a root's second sheet, given once: with it alone its issuing key can be replaced"`
}

// RecoverRequest opens a folder by its recovery sheet for a new seat.
type RecoverRequest struct {
	Sheet    string   `json:"sheet" doc:"the code on the sheet; spaces and line breaks do not matter"`
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles,omitempty"`
	Secret   string   `json:"secret" doc:"the new seat's secret"`
}

// AddSeatRequest makes one more seat on this folder.
type AddSeatRequest struct {
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles"`
	Secret   string   `json:"secret" doc:"of the new person"`
}

// EnrolmentPreview is what an admin compares before admitting.
type EnrolmentPreview struct {
	Kind     string   `json:"kind" enum:"unit,seat" doc:"what the request asks for"`
	Unit     string   `json:"unit" doc:"id of the unit that asks (of a new unit: the one it will have)"`
	UnitCode string   `json:"unit_code"`
	UnitName string   `json:"unit_name"`
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles"`
	Words    []string `json:"words"`
	Taken    bool     `json:"taken" doc:"a unit of this code is admitted already: say seat or another_body"`
	Warnings []Reason `json:"warnings,omitempty"`
}

// EnrolRequest admits a unit or a seat.
type EnrolRequest struct {
	Request     []byte `json:"request" doc:"the request file, base64"`
	SeatOf      string `json:"seat_of,omitempty" doc:"unit id or code: one more seat of that unit"`
	AnotherBody bool   `json:"another_body,omitempty" doc:"admit a second body under a code that is taken"`
	Court       string `json:"court,omitempty" doc:"unit id or code: the court that guides the new unit; absent: its parent's"`
	Bureau      string `json:"bureau,omitempty" doc:"unit id or code: the justice bureau that supervises it; absent: its parent's"`
}

// RelateRequest names the court that guides a unit and the justice bureau that
// supervises it; one of them at least.
type RelateRequest struct {
	Unit   string `json:"unit" minLength:"1" maxLength:"100" doc:"unit id or code"`
	Court  string `json:"court,omitempty" maxLength:"100" doc:"unit id or code"`
	Bureau string `json:"bureau,omitempty" maxLength:"100" doc:"unit id or code"`
}

// Related is what came of it.
type Related struct {
	Unit    string `json:"unit"`
	Waiting int    `json:"waiting" doc:"cases of the unit held here whose figures reach the unit named with their next change"`
}

// Enrolled is the certificate file to carry back.
type Enrolled struct {
	Unit   string     `json:"unit"`
	Seat   string     `json:"seat"`
	Issuer string     `json:"issuer" doc:"the unit that admitted"`
	File   File       `json:"file"`
	Root   NamedWords `json:"root"`
	Parent NamedWords `json:"parent"`
}

// SeatHere is a seat that can sign in on this folder.
type SeatHere struct {
	Seat     string   `json:"seat"`
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles"`
	Awaiting bool     `json:"awaiting,omitempty" doc:"its certificate has not come yet"`
}

// Person is who is signed in.
type Person struct {
	Seat      string   `json:"seat"`
	SeatName  string   `json:"seat_name"`
	Roles     []string `json:"roles"`
	Unit      string   `json:"unit"`
	UnitCode  string   `json:"unit_code"`
	UnitName  string   `json:"unit_name"`
	Demo      bool     `json:"demo"`
	Rules     Rules    `json:"rules"`
	Abilities []string `json:"abilities" doc:"what this person may do here, sorted: new_case, import, export, settle, enrol, add_seat, names (sees names, not digests only)"`
}
