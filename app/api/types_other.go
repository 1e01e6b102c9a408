package api

import "encoding/json"

// Sheet is a case laid out for print.
type Sheet struct {
	Case     string         `json:"case"`
	Title    string         `json:"title"`
	Subtitle string         `json:"subtitle,omitempty"`
	Lang     string         `json:"lang" enum:"zh,en"`
	Sections []SheetSection `json:"sections"`
}

// SheetSection is one part of a sheet; which fields count depends on Kind.
type SheetSection struct {
	Key        string      `json:"key"`
	Heading    string      `json:"heading"`
	Kind       string      `json:"kind" enum:"pairs,text,table"`
	Pairs      []SheetPair `json:"pairs,omitempty"`
	Paragraphs []string    `json:"paragraphs,omitempty"`
	Columns    []string    `json:"columns,omitempty"`
	Rows       [][]string  `json:"rows,omitempty"`
}

// SheetPair is a label and what stands beside it.
type SheetPair struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// FormFile is a rendered form.
type FormFile struct {
	Pages int  `json:"pages"`
	File  File `json:"file"`
}

// ImportResult tells what became of each row.
type ImportResult struct {
	Added   int          `json:"added"`
	Same    int          `json:"same"`
	Refused []RefusedRow `json:"refused"`
}

// RefusedRow is a row that changed nothing, and why.
type RefusedRow struct {
	Row   int    `json:"row" doc:"from 1"`
	Why   string `json:"why"`
	Code  string `json:"code,omitempty"`
	Field string `json:"field,omitempty"`
	Texts *Label `json:"texts,omitempty"`
}

// ExportPage is some cases as lines of case documents.
type ExportPage struct {
	Cases   int      `json:"cases" doc:"in this page"`
	Lines   string   `json:"lines" doc:"one JSON document a line"`
	After   string   `json:"after,omitempty" doc:"cursor, if there are more"`
	LeftOut []Reason `json:"left_out,omitempty" doc:"cases that could not be read and are not in the lines"`
}

// DraftInfo names a draft.
type DraftInfo struct {
	Name    string `json:"name"`
	SavedAt string `json:"saved_at"`
}

// Draft is what was typed and not yet saved.
type Draft struct {
	DraftInfo
	Value json.RawMessage `json:"value" doc:"any JSON"`
}

// SyncState is every fact of the sync sentence.
type SyncState struct {
	Saved    bool      `json:"saved" doc:"everything made here is durable here"`
	Road     string    `json:"road" enum:"none,local,network" doc:"whether any partner can be reached now"`
	Running  bool      `json:"running" doc:"an exchange is under way"`
	Unsent   int       `json:"unsent" doc:"own changes for which some unit has given no receipt"`
	Partners []Partner `json:"partners"`
	Rules    Rules     `json:"rules"`
}

// Rules are the rules for verdicts on cases and digests: where the tree's number
// is greater than what this program knows, what is shown here may differ from what
// others see until the program is updated.
type Rules struct {
	Tree  uint64 `json:"tree" doc:"what the tree's root names"`
	Known uint64 `json:"known" doc:"what this program knows"`
}

// Newer reports whether the tree has rules that this program does not know.
func (r Rules) Newer() bool { return r.Tree > r.Known }

// Partner is a unit that this one exchanges with.
type Partner struct {
	Unit       string  `json:"unit"`
	UnitName   string  `json:"unit_name"`
	Relation   string  `json:"relation" enum:"parent,child,ancestor,descendant,other"`
	InStepAt   string  `json:"in_step_at,omitempty" doc:"fingerprints were equal then and nothing changed since"`
	CheckedAt  string  `json:"checked_at,omitempty" doc:"last finished exchange"`
	ReceivedAt string  `json:"received_at,omitempty" doc:"when its newest receipt was made"`
	Waiting    int     `json:"waiting" doc:"own changes still to reach it"`
	Refused    int     `json:"refused,omitempty"`
	Reachable  bool    `json:"reachable"`
	Running    bool    `json:"running,omitempty"`
	Trouble    *Reason `json:"trouble,omitempty" doc:"why the last try failed"`
}

// SyncRequest names whom to exchange with.
type SyncRequest struct {
	Peer string `json:"peer" minLength:"1" maxLength:"500" doc:"a unit id or code, a multiaddr with /p2p/…, or an https:// address"`
}

// SyncResult is what one exchange did.
type SyncResult struct {
	Peer          string  `json:"peer"`
	Sent          int     `json:"sent"`
	Received      int     `json:"received"`
	BytesSent     int64   `json:"bytes_sent"`
	BytesReceived int64   `json:"bytes_received"`
	RoundTrips    int     `json:"round_trips"`
	Refused       int     `json:"refused"`
	InStep        bool    `json:"in_step"`
	Seconds       float64 `json:"seconds"`
}

// Peer is where a unit can be reached.
type Peer struct {
	Unit      string   `json:"unit,omitempty" doc:"id; empty: not known yet"`
	UnitName  string   `json:"unit_name,omitempty"`
	Addresses []string `json:"addresses"`
	Found     []string `json:"found,omitempty" doc:"addresses seen on the network just now; not kept"`
}

// Unit is a unit that this node knows.
type Unit struct {
	Unit    string `json:"unit"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Body    string `json:"body,omitempty"`
	Parent  string `json:"parent,omitempty"`
	Station string `json:"station,omitempty" doc:"the unit that supervises its files"`
	Court   string `json:"court,omitempty" doc:"the court that guides it"`
	Bureau  string `json:"bureau,omitempty" doc:"the justice bureau that supervises it"`
	Own     bool   `json:"own,omitempty"`
	Demo    bool   `json:"demo,omitempty"`
}

// Seat is a seat that this node knows.
type Seat struct {
	Seat     string   `json:"seat"`
	SeatName string   `json:"seat_name"`
	Roles    []string `json:"roles"`
	Unit     string   `json:"unit"`
	UnitName string   `json:"unit_name"`
	Here     bool     `json:"here,omitempty" doc:"can sign in on this folder"`
	Machine  bool     `json:"machine,omitempty"`
	Forked   bool     `json:"forked,omitempty"`
}

// Status is how this node is.
type Status struct {
	Operations int       `json:"operations"`
	Records    int       `json:"records"`
	Conflicts  int       `json:"conflicts"`
	Late       int       `json:"late"`
	Waiting    int       `json:"waiting" doc:"operations that lack something"`
	Refused    int       `json:"refused"`
	Newer      int       `json:"newer" doc:"what newer programs wrote: kept and handed on, without effect here"`
	Unsent     int       `json:"unsent" doc:"own operations for which some unit of their audience has given no receipt"`
	Owed       int       `json:"owed" doc:"wraps still to be made"`
	Peers      []Partner `json:"peers"`
	Unit       string    `json:"unit"`
	UnitCode   string    `json:"unit_code"`
	UnitName   string    `json:"unit_name"`
	Demo       bool      `json:"demo"`
	Version    string    `json:"version"`
	Clock      string    `json:"clock" doc:"what this machine's clock says"`
	PackBytes  int64     `json:"pack_bytes"`
	FreeBytes  int64     `json:"free_bytes" doc:"-1: unknown"`
	Senders    []Sender  `json:"senders,omitempty" doc:"who brought what waits here for what nobody brought"`
	Listening  []string  `json:"listening" doc:"full addresses"`
	Rules      Rules     `json:"rules"`
	Wrong      []Reason  `json:"wrong" doc:"what is wrong, worst first"`
}

// Sender is a machine that brought operations which wait.
type Sender struct {
	Machine  string `json:"machine"`
	Unit     string `json:"unit,omitempty"`
	UnitName string `json:"unit_name,omitempty"`
	Waiting  int    `json:"waiting"`
}

// VerifyResult tells what the check of everything found.
type VerifyResult struct {
	Operations int      `json:"operations"`
	Bad        []Damage `json:"bad" doc:"what is missing or wrong now"`
	Healed     []Damage `json:"healed" doc:"what was damaged and is whole again"`
	Newer      []Damage `json:"newer" doc:"what newer programs wrote: no damage"`
}

// Damage is one bad thing.
type Damage struct {
	Where string `json:"where"`
	What  string `json:"what"`
	ID    string `json:"id,omitempty"`
}

// LossResult tells what loss was accepted.
type LossResult struct {
	Operations int `json:"operations" doc:"how many operations that were saved on this computer are given up"`
}

// RebuildResult tells what a rebuild did.
type RebuildResult struct {
	Records int     `json:"records"`
	Seconds float64 `json:"seconds"`
}

// Codes are all codes with their words.
type Codes struct {
	Categories  []CodeLabel            `json:"categories"`
	Sources     []CodeLabel            `json:"sources"`
	Tags        []CodeLabel            `json:"tags"`
	Needs       []CodeLabel            `json:"needs"`
	Sides       []CodeLabel            `json:"sides"`
	PartyKinds  []CodeLabel            `json:"party_kinds"`
	Sexes       []CodeLabel            `json:"sexes"`
	Ethnicities []CodeLabel            `json:"ethnicities"`
	IDKinds     []CodeLabel            `json:"id_kinds"`
	AgentKinds  []CodeLabel            `json:"agent_kinds"`
	Authorities []CodeLabel            `json:"authorities"`
	AgentPowers []CodeLabel            `json:"agent_powers"`
	Capacities  []CodeLabel            `json:"capacities"`
	Relations   []CodeLabel            `json:"guardian_relations"`
	Bodies      []CodeLabel            `json:"bodies"`
	Roles       []CodeLabel            `json:"roles"`
	States      map[string][]CodeLabel `json:"states" doc:"by track: mediation, performance, confirmation, referral"`
	Steps       []CodeLabel            `json:"steps"`
	Fields      []CodeLabel            `json:"fields" doc:"the fields of a case, with parties.name and the like"`
	AmountBands []CodeLabel            `json:"amount_bands"`
	// What digests show by code.
	OrganisationKinds []CodeLabel `json:"organisation_kinds"`
	HelperRoles       []CodeLabel `json:"helper_roles"`
	AgreementForms    []CodeLabel `json:"agreement_forms"`
	// What the choices of steps are called, also of steps that nobody can take now.
	StepTables map[string]string      `json:"step_tables" doc:"the table of a step's choice, by step.field, in a row step.rows.field"`
	Tables     map[string][]CodeLabel `json:"tables" doc:"the tables that step_tables names"`
}

// CodeLabel is a code with its words.
type CodeLabel struct {
	Code string `json:"code"`
	Label
}

// Division is an administrative division.
type Division struct {
	Code string `json:"code" doc:"12 digits"`
	Name string `json:"name"`
	Leaf bool   `json:"leaf,omitempty" doc:"nothing lies under it"`
}

// UnitCode is what a unit code says.
type UnitCode struct {
	Code     string   `json:"code"`
	Division []string `json:"division" doc:"names from the province down, as far as known"`
	Body     *Label   `json:"body,omitempty"`
	Warnings []Reason `json:"warnings,omitempty"`
}

// The kinds of hints.
const (
	HintCase     = "case"     // a case changed; ID is its id
	HintConflict = "conflict" // what waits for a person changed; ID is the case
	HintSync     = "sync"     // the sync sentence changed
	HintStatus   = "status"   // something is wrong, or mended
	HintSeat     = "seat"     // seats or units changed
	HintSetup    = "setup"    // the folder's setup changed
	HintLock     = "lock"     // this session ended
	HintResync   = "resync"   // hints were lost: reload what is shown
	HintAlive    = "alive"    // nothing changed; the stream works
)

// Hint says that something changed: reload what shows it.
type Hint struct {
	Kind string `json:"kind" enum:"case,conflict,sync,status,seat,setup,lock,resync,alive"`
	ID   string `json:"id,omitempty"`
}
