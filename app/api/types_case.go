package api

import (
	"encoding/json"
	"errors"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// State is where a case stands on its four tracks, in lower case; "none" where
// a track has not begun, "contested" where a person must decide first.
type State struct {
	Mediation    string `json:"mediation"`
	Performance  string `json:"performance"`
	Confirmation string `json:"confirmation"`
	Referral     string `json:"referral"`
}

// Label is a text in both languages.
type Label struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// CaseDocument is a case as `case new` and `import` take it (case.schema.json).
// Codes, lengths, check digits and dates are judged by casework, not here.
type CaseDocument struct {
	ExternalID string   `json:"external_id,omitempty"`
	Category   string   `json:"category"`
	Source     string   `json:"source"`
	Title      string   `json:"title"`
	ReceivedAt string   `json:"received_at" format:"date-time"`
	Facts      string   `json:"facts"`
	Claims     string   `json:"claims,omitempty"`
	AmountFen  *int64   `json:"amount_fen,omitempty"`
	Place      string   `json:"place,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	Parties    []Party  `json:"parties"`
}

// Party is one party of a case.
type Party struct {
	Side                string   `json:"side"`
	Kind                string   `json:"kind"`
	Name                string   `json:"name"`
	Sex                 string   `json:"sex,omitempty"`
	Ethnicity           string   `json:"ethnicity,omitempty"`
	BirthDate           string   `json:"birth_date,omitempty"`
	IDKind              string   `json:"id_kind,omitempty"`
	IDNumber            string   `json:"id_number,omitempty"`
	Phone               string   `json:"phone,omitempty"`
	Contact             string   `json:"contact,omitempty"`
	Address             string   `json:"address,omitempty"`
	Occupation          string   `json:"occupation,omitempty"`
	LegalRepresentative string   `json:"legal_representative,omitempty"`
	Agent               *Agent   `json:"agent,omitempty"`
	Needs               []string `json:"needs,omitempty"`

	Alias         string          `json:"alias,omitempty" doc:"a former or other name"`
	ContactPhone  string          `json:"contact_phone,omitempty"`
	Capacity      string          `json:"capacity,omitempty" doc:"as recorded; left out where it follows from the age"`
	Guardian      *Guardian       `json:"guardian,omitempty"`
	RepresentedBy *Representation `json:"represented_by,omitempty"`
	Delivery      *Delivery       `json:"delivery,omitempty"`
}

// Agent speaks for a party.
type Agent struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Authority  string   `json:"authority"`
	Powers     []string `json:"powers,omitempty"`
	PowersNote string   `json:"powers_note,omitempty"`
	IDKind     string   `json:"id_kind,omitempty"`
	IDNumber   string   `json:"id_number,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	Until      string   `json:"until,omitempty" doc:"last day of the authority"`
}

// Guardian acts for a minor or for an adult without full capacity.
type Guardian struct {
	Name     string `json:"name"`
	Relation string `json:"relation"`
	IDKind   string `json:"id_kind,omitempty"`
	IDNumber string `json:"id_number,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Representation tells whom one of many parties chose to speak for it.
type Representation struct {
	Names     []string `json:"names" doc:"parties of the same side: a name, or #n for the n-th party where two bear one name"`
	MaySettle *bool    `json:"may_settle,omitempty"`
	ChosenOn  string   `json:"chosen_on,omitempty"`
}

// Delivery is where and how papers reach a party.
type Delivery struct {
	Recipient    string `json:"recipient,omitempty"`
	Address      string `json:"address"`
	Phone        string `json:"phone,omitempty"`
	Electronic   *bool  `json:"electronic,omitempty"`
	ElectronicTo string `json:"electronic_to,omitempty"`
	ConfirmedOn  string `json:"confirmed_on,omitempty"`
}

// CaseView is a case as this unit may see it. What depends on who looks
// (allowed steps, who may settle) is not in it.
type CaseView struct {
	ID         string      `json:"id"`
	State      State       `json:"state"`
	Unit       string      `json:"unit" doc:"the owner, as the filter unit takes it"`
	UnitName   string      `json:"unit_name"`
	Access     string      `json:"access" enum:"full,digest" doc:"digest: this unit sees figures and no names"`
	Category   string      `json:"category,omitempty"`
	Source     string      `json:"source,omitempty"`
	ExternalID string      `json:"external_id,omitempty"`
	Title      string      `json:"title,omitempty"`
	ReceivedAt string      `json:"received_at,omitempty"`
	ReceivedOn string      `json:"received_on,omitempty" doc:"the Beijing day of received_at"`
	Facts      string      `json:"facts,omitempty"`
	Claims     string      `json:"claims,omitempty"`
	AmountFen  *int64      `json:"amount_fen,omitempty"`
	Place      string      `json:"place,omitempty"`
	Tags       []string    `json:"tags,omitempty"`
	Parties    []PartyView `json:"parties"`
	Mediators  []string    `json:"mediators,omitempty"`
	AssignedBy string      `json:"assigned_by,omitempty"`
	Meetings   []Meeting   `json:"meetings,omitempty" doc:"sessions held with the parties"`
	Agreement  *Agreement  `json:"agreement,omitempty"`
	Undisputed *Undisputed `json:"undisputed,omitempty"`
	Notes      *CaseNotes  `json:"notes,omitempty" doc:"what the body that mediates keeps for itself, where this unit reads it"`
	Outcome    string      `json:"outcome,omitempty"`
	Digest     *Digest     `json:"digest,omitempty" doc:"where access is digest"`
	Number     string      `json:"number,omitempty" doc:"the file's number"`
	ByParty    bool        `json:"by_party,omitempty" doc:"a party chose to refuse, stop or withdraw: its right, nobody's failure"`
	Clocks     []Clock     `json:"clocks,omitempty"`
	// The tracks beyond mediation as casework shows them, with units by name.
	Referrals    any         `json:"referrals,omitempty" doc:"letters: kind, state, from, to, days, materials, report"`
	Confirmation any         `json:"judicial_confirmation,omitempty"`
	Suit         any         `json:"suit,omitempty"`
	Care         any         `json:"care,omitempty" doc:"risk, visits, who refuses"`
	Events       []StepTaken `json:"events" doc:"steps taken, by causality, then stamp"`
	Conflicts    []Conflict  `json:"conflicts" doc:"what waits for a person"`
	Also         []Also      `json:"also_written,omitempty" doc:"ordinary fields that two wrote while apart: the other values"`
	Unknown      []Unknown   `json:"unknown,omitempty" doc:"what has no effect here, most of it since a newer program wrote it: kept, and read-only"`
	Heads        []string    `json:"heads"`
	UpdatedAt    string      `json:"updated_at"`
}

// Unknown is a change that has no effect on what is shown.
type Unknown struct {
	ID    string `json:"id"`
	Path  string `json:"path" doc:"as patchCase takes it; empty where it can't be read: then the whole case is read-only"`
	Why   string `json:"why" enum:"change,field,kind,waits,key,value,newer,broken" doc:"unknown change or field, a kind or value that the field does not take, waits for what it names, unknown key of the operation, newer operation, broken body"`
	Raw   string `json:"raw" doc:"its bytes in hexadecimal"`
	Value any    `json:"value,omitempty" doc:"what it would have written, where its form is known"`
	By
}

// PartyView is a party with the id that paths use (parties.<id>.phone).
type PartyView struct {
	ID             string `json:"id"`
	CapacityCounts string `json:"capacity_counts,omitempty" doc:"the capacity on the day the case came in: recorded, or by age"`
	Party
}

// Meeting is one mediation session.
type Meeting struct {
	ID    string `json:"id"`
	At    string `json:"at"`
	Place string `json:"place,omitempty"`
}

// Agreement is what the parties agreed.
type Agreement struct {
	Form        string   `json:"form"`
	At          string   `json:"at"`
	Terms       []Term   `json:"terms"`
	Clauses     []string `json:"clauses,omitempty" doc:"agreed besides: what obliges nobody by a day"`
	SignedBy    []string `json:"signed_by,omitempty" doc:"names of those who signed, the mediator last"`
	Missing     []string `json:"missing,omitempty" doc:"names of those whose signature is still to come"`
	Sealed      bool     `json:"sealed"`
	SealedOn    string   `json:"sealed_on,omitempty"`
	EffectiveOn string   `json:"effective_on,omitempty" doc:"follows from signatures and seal"`
	Draft       bool     `json:"draft,omitempty" doc:"of the notes: not entered in the case yet"`
	CompleteOn  string   `json:"complete_on,omitempty" doc:"the day since which a draft lacks nothing: it is to be entered"`
	Contested   bool     `json:"contested,omitempty" doc:"entered, and another desk did what can't stand beside it"`
}

// Undisputed are the facts that all parties confirmed together.
type Undisputed struct {
	On          string   `json:"on"`
	Facts       []string `json:"facts"`
	ConfirmedBy []string `json:"confirmed_by"`
	Contested   bool     `json:"contested,omitempty" doc:"a party that came in meanwhile did not confirm them"`
}

// Term is one thing that somebody promised.
type Term struct {
	ID          string `json:"id"`
	N           int    `json:"n" doc:"from 1: what the step perform names"`
	Who         string `json:"who"`
	What        string `json:"what"`
	AmountFen   *int64 `json:"amount_fen,omitempty"`
	Due         string `json:"due,omitempty"`
	Kind        string `json:"kind,omitempty" doc:"pay, act or refrain"`
	To          string `json:"to,omitempty" doc:"who gets it"`
	How         string `json:"how,omitempty"`
	PaidFen     *int64 `json:"paid_fen,omitempty" doc:"so far, where it is paid in parts"`
	DefaultOn   string `json:"default_on,omitempty" doc:"since when it is in default"`
	PerformedAt string `json:"performed_at,omitempty"`
	Proof       string `json:"proof,omitempty"`
}

// Digest is what a court or supervisor sees of a case: no personal data.
type Digest struct {
	MonthReceived string         `json:"month_received"`
	AmountBand    string         `json:"amount_band,omitempty"`
	Tags          []string       `json:"tags,omitempty"`
	Mediators     []string       `json:"mediators,omitempty" doc:"the numbers of those who mediate, as their unit's register knows them; counts.mediators counts those without one too"`
	Form          string         `json:"form,omitempty" enum:"written,oral" doc:"of the agreement in force; absent: none is"`
	EffectiveOn   string         `json:"effective_on,omitempty" doc:"since when it is in force"`
	AgreedFen     *int64         `json:"agreed_fen,omitempty" doc:"the sum of its terms"`
	DueOn         []string       `json:"due_on,omitempty" doc:"the last day of each of its terms"`
	Counts        map[string]int `json:"counts" doc:"parties, meetings, terms …"`
	Organisations map[string]int `json:"organisation_kinds,omitempty" doc:"parties that are organisations, by the table organisation_kind"`
	Helpers       map[string]int `json:"helpers,omitempty" doc:"who helped to mediate, by the table helper_role"`
}

// By is who did something and when, as the author's clock said.
type By struct {
	Seat     string `json:"seat"`
	SeatName string `json:"seat_name,omitempty"`
	Unit     string `json:"unit"`
	UnitName string `json:"unit_name,omitempty"`
	Written  string `json:"written,omitempty" doc:"the author's clock, a hint"`
}

// StepTaken is one event of the lifecycle.
type StepTaken struct {
	ID          string         `json:"id"`
	Step        string         `json:"step"`
	Track       string         `json:"track"`
	At          string         `json:"at,omitempty" doc:"the day or time that a person gave"`
	Standing    string         `json:"standing,omitempty" enum:"stands,open,aside,rests,unknown" doc:"whether it counts; open: a person must decide; aside: decided against; rests: on what does not stand"`
	Fields      map[string]any `json:"fields,omitempty"`
	Notes       bool           `json:"notes,omitempty" doc:"of the notes of the body that mediates, not of the case"`
	RecordedFor string         `json:"recorded_for,omitempty" doc:"whose act it is, where its author recorded it for somebody"`
	By
}

// Also is an ordinary field that two wrote while apart.
type Also struct {
	Field  string  `json:"field"`
	Values []Value `json:"values" doc:"the values not shown"`
}

// Value is one of several values with who wrote it.
type Value struct {
	Value any `json:"value"`
	By
}

// Conflict is one contradiction that a person must decide.
type Conflict struct {
	Case   string  `json:"case"`
	Title  string  `json:"title,omitempty"`
	Field  string  `json:"field"`
	Kind   string  `json:"kind,omitempty" doc:"field, step, sealed: what contradicts"`
	Values []Value `json:"values"`
}

// Contradiction is a conflict with who decides it and why.
type Contradiction struct {
	Conflict
	// Decider, Because and Heads are of roles, units and operations alone: equal
	// nodes say them byte for byte alike.
	Decider []string `json:"decider" doc:"who may decide: roles (any of them), then ids of units (at any of them)"`
	Decides Label    `json:"decides" doc:"the same in words"`
	Because string   `json:"because" doc:"code of why a person must decide"`
	Why     Label    `json:"why" doc:"the same in words"`
	Heads   []string `json:"heads" doc:"the heads of what is shown here: a settlement names them as its base"`
}

// ConflictList is what waits, with whether this person may decide it.
type ConflictList struct {
	Conflicts []Contradiction `json:"conflicts"`
	MaySettle []string        `json:"may_settle" doc:"ids of the cases among them that this person may settle"`
	LeftOut   []Reason        `json:"left_out,omitempty" doc:"cases that could not be read: the others are all there"`
}

// Settlement decides one contradiction.
type Settlement struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value" doc:"the decided value; of a step: the id of the event that stands"`
	Base  []string        `json:"base,omitempty" doc:"the heads of the contradiction that the person was shown; where other statements stand now, nothing is changed. Left out: those here now"`
}

// CaseRow is a case in a list.
type CaseRow struct {
	ID         string   `json:"id"`
	State      State    `json:"state"`
	Category   string   `json:"category"`
	Title      string   `json:"title,omitempty"`
	Unit       string   `json:"unit"`
	UnitName   string   `json:"unit_name"`
	ReceivedOn string   `json:"received_on" doc:"a Beijing day; of a digest the month"`
	UpdatedAt  string   `json:"updated_at"`
	Conflicts  int      `json:"conflicts"`
	Source     string   `json:"source,omitempty"`
	Place      string   `json:"place,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	PartyCount int      `json:"party_count,omitempty"`
	Next       *Next    `json:"next,omitempty"`
	Unknown    bool     `json:"unknown,omitempty" doc:"something in it this program can't read: see the case"`
}

// Next is what comes next for a case, as code and parameters of a sentence.
type Next struct {
	Code   string            `json:"code" doc:"a step's name, or settle, wait_signature, wait_performance, none"`
	Tone   string            `json:"tone" enum:"plain,due,overdue,waiting,done"`
	Params map[string]string `json:"params,omitempty"`
}

// CaseQuery says which cases.
type CaseQuery struct {
	State    string `query:"state" doc:"matches any track"`
	Category string `query:"category"`
	Unit     string `query:"unit" doc:"owner: id or code"`
	Text     string `query:"query" maxLength:"200" doc:"words of title, parties, place, facts"`
	From     string `query:"from" doc:"received on or after this Beijing day, YYYY-MM-DD"`
	To       string `query:"to" doc:"received on or before"`
	Group    string `query:"group" enum:"all,open,conflicts,performing,closed,digest" doc:"the chips above the list"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	After    string `query:"after" maxLength:"500" doc:"cursor of the page before"`
	Counts   bool   `query:"counts" doc:"also count the groups under the other filters"`
}

// CaseList is one page of cases.
type CaseList struct {
	Cases   []CaseRow   `json:"cases"`
	After   string      `json:"after,omitempty" doc:"cursor, if there are more"`
	Counts  *CaseCounts `json:"counts,omitempty"`
	LeftOut []Reason    `json:"left_out,omitempty" doc:"cases that could not be read: the others are all there"`
}

// CaseCounts is how many cases each group has.
type CaseCounts struct {
	All        int `json:"all"`
	Open       int `json:"open"`
	Conflicts  int `json:"conflicts"`
	Performing int `json:"performing"`
	Closed     int `json:"closed"`
	Digest     int `json:"digest"`
}

// Patch sets fields by path ("claims", "parties.<id>.phone"); a path ending in
// ".+" adds, null clears.
type Patch struct {
	Base   []string `json:"base,omitempty" doc:"the heads that the person saw; left out: those here now"`
	Fields Object   `json:"fields"`
}

// Taking is a step as it is to be taken: its fields, and on what it was decided.
type Taking struct {
	Base   []string `json:"base,omitempty" doc:"the heads that the person saw: where something that the step rests on came since, it is refused as stale; left out: those here now"`
	Fields Object   `json:"fields"`
}

// Object is a JSON object as its exact bytes, so that casework judges what was
// sent and not what a decoder made of it.
type Object json.RawMessage

// MarshalJSON implements json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("{}"), nil
	}
	return o, nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Object) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '{' {
		return errors.New("an object is wanted")
	}
	*o = append((*o)[:0], b...)
	return nil
}

// Schema implements huma.SchemaProvider.
func (Object) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[map[string]any]())
}

// Saved tells what a write made durable.
type Saved struct {
	ID       string   `json:"id" doc:"the case"`
	State    *State   `json:"state,omitempty"`
	Heads    []string `json:"heads"`
	Added    []string `json:"added,omitempty" doc:"ids of the entries that '.+' made, in the order of their paths"`
	Warnings []Reason `json:"warnings,omitempty" doc:"saved all the same: an odd phone number, an unknown division"`
}

// Step is a step of the lifecycle as it stands for this case and person.
type Step struct {
	Step    string      `json:"step"`
	Label   Label       `json:"label"`
	Track   string      `json:"track"`
	Allowed bool        `json:"allowed"`
	Next    bool        `json:"next" doc:"the likely next step: the one filled button"`
	WhyNot  *Reason     `json:"why_not,omitempty"`
	Article *Label      `json:"article,omitempty" doc:"the law that it rests on"`
	Fields  []FieldSpec `json:"fields"`
}

// FieldSpec describes one field of a step, for the page to draw.
type FieldSpec struct {
	Name      string      `json:"name"`
	Kind      string      `json:"kind" enum:"text,long_text,date,datetime,choice,names,list,money,whole,bool,term,party"`
	Required  bool        `json:"required"`
	Label     Label       `json:"label"`
	Hint      *Label      `json:"hint,omitempty"`
	MaxLength int         `json:"max_length,omitempty" doc:"Unicode code points"`
	Choices   []CodeLabel `json:"choices,omitempty"`
	Items     []FieldSpec `json:"items,omitempty" doc:"kind list: the fields of an item"`
	Notes     bool        `json:"notes,omitempty" doc:"kept in the notes of the body that mediates, not in the case"`
}

// Change is one line of a case's history.
type Change struct {
	ID    string `json:"id" doc:"the operation"`
	Kind  string `json:"kind" enum:"create,set,add,remove,text,step,settle,remark,unknown"`
	Notes bool   `json:"notes,omitempty" doc:"of the notes of the body that mediates, not of the case"`
	Field string `json:"field,omitempty"`
	Step  string `json:"step,omitempty"`
	From  any    `json:"from,omitempty"`
	To    any    `json:"to,omitempty"`
	// Remark is the author's reason for the whole operation.
	Remark string `json:"remark,omitempty" doc:"the author's reason, on the first line of the operation"`
	By
}

// Holder is a unit that holds the case, or is to.
type Holder struct {
	Unit       string `json:"unit"`
	UnitName   string `json:"unit_name"`
	Extent     string `json:"extent" enum:"full,digest"`
	Here       bool   `json:"here,omitempty" doc:"this computer"`
	ReceivedAt string `json:"received_at,omitempty" doc:"when its receipt said so; absent: not yet"`
	Waiting    int    `json:"waiting,omitempty" doc:"changes of this case still to reach it"`
}

// NoteSession is what was written down of one session.
type NoteSession struct {
	ID      string `json:"id" doc:"as paths of a patch name it: sessions.<id>.minutes"`
	At      string `json:"at,omitempty"`
	Place   string `json:"place,omitempty"`
	Present string `json:"present,omitempty"`
	Result  string `json:"result,omitempty"`
	Minutes string `json:"minutes,omitempty"`
}

// CaseNotes is what the notes of the bodies that mediate say of a case: no court
// reads it. Drafts, signatures and words stand in the course of the case too.
type CaseNotes struct {
	Minutes   string        `json:"minutes,omitempty"`
	Proposals string        `json:"proposals,omitempty"`
	Sessions  []NoteSession `json:"sessions"`
	Agreement *Agreement    `json:"agreement,omitempty" doc:"the draft that counts, with who signed it so far"`
	Steps     []StepTaken   `json:"steps" doc:"drafts, signatures, refusals and decisions about them"`
	Words     []StepWords   `json:"words"`
}

// StepWords are the fields of a step of the case that the notes keep.
type StepWords struct {
	Step   string         `json:"step" doc:"the step's id"`
	Fields map[string]any `json:"fields"`
}

// NotesView are the body's own notes of a case.
type NotesView struct {
	ID        string        `json:"id,omitempty" doc:"the notes' record; empty: none written yet"`
	Case      string        `json:"case"`
	Unit      string        `json:"unit"`
	Minutes   string        `json:"minutes"`
	Proposals string        `json:"proposals"`
	Sessions  []NoteSession `json:"sessions"`
	Conflicts []Conflict    `json:"conflicts,omitempty"`
	Heads     []string      `json:"heads"`
	UpdatedAt string        `json:"updated_at,omitempty"`
}
