package station

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"

	"hejie/app/casework"
	"hejie/app/register"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
	"hejie/sync/seal"
)

// policy tells the replica what casework knows, and which rows to show.
type policy struct{ o *Options }

var _ replica.Policy = policy{}

func (p policy) probe(id string) error {
	if p.o == nil {
		return nil
	}
	return p.o.probe(id)
}

// rowsVersion is raised when the rows below change shape.
const rowsVersion = 8

// Version implements replica.Policy: it changes with the rows and with every
// schema, since snapshots of records were made under one.
func (policy) Version() uint32 { return version() }

var version = sync.OnceValue(func() uint32 { return versionOf(schemas) })

func versionOf(schemas map[oplog.Kind]crdt.Schema) uint32 {
	h := crc32.NewIEEE()
	fmt.Fprintln(h, rowsVersion)
	for _, k := range slices.Sorted(maps.Keys(schemas)) {
		fmt.Fprintln(h, k, schemas[k].Hash())
	}
	return h.Sum32() >> 8 // the replica's own version takes the first byte
}

var schemas = map[oplog.Kind]crdt.Schema{
	oplog.KindCase:     casework.CaseSchema(),
	oplog.KindNotes:    casework.NotesSchema(),
	oplog.KindDigest:   casework.DigestSchema(),
	oplog.KindDocument: casework.DocumentSchema(),
	oplog.KindRegister: register.Schema(),
}

// Schema implements replica.Policy.
func (policy) Schema(kind oplog.Kind) crdt.Schema { return schemas[kind] }

// Judge implements replica.Policy: what no honest program writes has no effect
// until a director adopts it.
func (policy) Judge(kind oplog.Kind, a replica.Author, body crdt.Body, grants []store.ID) string {
	return judge(func() string { return verdictOn(kind, a, body, grants) })
}

func verdictOn(kind oplog.Kind, a replica.Author, body crdt.Body, grants []store.ID) string {
	if schemas[kind] == nil {
		return "" // a later program's record: its rules are not known here
	}
	if kind == oplog.KindRegister {
		return judgeRegister(a, body)
	}
	if kind == oplog.KindNotes && a.Relation != replica.Owner {
		return "notes are written by the body that keeps them" // its station reads them
	}
	if kind == oplog.KindNotes {
		if r := casework.JudgeNotes(body.Changes, actorOf(a)); r != nil {
			return r.Error()
		}
		return ""
	}
	if r := casework.Judge(body.Changes, actorOf(a), grants); r != nil {
		return r.Error()
	}
	return ""
}

// Adopts implements replica.Policy: directors of the owner and of its station,
// whose logs alone say so.
func (policy) Adopts(a replica.Author) string {
	if r := casework.MayAdopt(actorOf(a)); r != nil {
		return r.Error()
	}
	return ""
}

func actorOf(a replica.Author) casework.Actor {
	return casework.Actor{Relation: casework.Relation(a.Relation), Roles: roleStrings(a.Roles), Unit: a.Unit, Seat: a.Seat}
}

// The station's rows. Ids are 32 bytes.
var (
	rowCasePrefix   = []byte("case/") // case → caseRow of the whole case
	rowDigestPrefix = []byte("dig/")  // case → caseRow of its digest
	rowOrderPrefix  = []byte("ord/")  // day received, complemented; case → nothing: the order of lists
	rowNumberPrefix = []byte("ext/")  // external number, 0, case → nothing
	rowSamePrefix   = []byte("same/") // hash of the document, case → nothing
	rowOpenPrefix   = []byte("conf/") // case → nothing: something waits for a person
)

// caseRow is a line of the list with what filters look at. Unit is the owner's
// id; the rest is a function of the record's state.
type caseRow struct {
	casework.Row
	Digest  bool     `json:"digest,omitempty"`
	Number  string   `json:"number,omitempty"`
	Hash    []byte   `json:"hash,omitempty"`
	Source  string   `json:"source,omitempty"`
	Place   string   `json:"place,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	Parties int      `json:"parties,omitempty"`
	Missing int      `json:"missing,omitempty"` // signatures still to come
	Unknown bool     `json:"unknown,omitempty"` // something in it this program can't read
	// Complete is the day since which an agreement lacks nothing that is not
	// entered yet.
	Complete string `json:"complete,omitempty"`
	NextDue  string `json:"next_due,omitempty"`
	// Mediators are those assigned to the case, for loads and hand-overs.
	Mediators []string `json:"mediators,omitempty"`
	Text      string   `json:"text,omitempty"` // what a query looks through
	// Numbers are the numbers of its unit's series that the file bears.
	Numbers []usedNumber `json:"numbers,omitempty"`
	// People are the hashes of personKeys, Marks those of a digest in hexadecimal.
	People [][]byte `json:"people,omitempty"`
	Marks  []string `json:"marks,omitempty"`
}

// Limits of a row, in bytes. Documents keep theirs when they are made; what a
// modified program wrote beyond them must fit into a row all the same.
const (
	maxRowField = 1 << 10
	maxRowTags  = 100
	maxRowText  = 512 << 10
	// maxRowNumber: a longer number is no key by which a case is found.
	maxRowNumber = 300
)

// bounded cuts what no honest program writes.
func (row caseRow) bounded() caseRow {
	for _, field := range []*string{&row.Category, &row.Title, &row.ReceivedOn, &row.Source, &row.Place, &row.NextDue} {
		*field = cutText(*field, maxRowField)
	}
	row.Text = cutText(row.Text, maxRowText)
	if len(row.Number) > maxRowNumber {
		row.Number = ""
	}
	row.Tags, row.Mediators = boundedList(row.Tags), boundedList(row.Mediators)
	return row
}

func boundedList(list []string) []string {
	if len(list) > maxRowTags {
		list = list[:maxRowTags]
	}
	for i, s := range list {
		if len(s) > maxRowField {
			list = slices.Clone(list)
			list[i] = cutText(s, maxRowField)
		}
	}
	return list
}

// cutText keeps at most n bytes of a text, whole characters.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Rows implements replica.Policy.
func (p policy) Rows(rec replica.Record, s *crdt.State, rows replica.Rows) error {
	switch rec.Kind {
	case oplog.KindCase:
		return p.fencedRows(rec, rows, rowBadCasePrefix, func() (func() error, error) {
			row, asked := caseRowOf(rec, s), casework.Asked(s)
			return func() error { return caseRows(rec, row, asked, rows) }, nil
		})
	case oplog.KindDigest:
		return p.fencedRows(rec, rows, rowBadDigestPrefix, func() (func() error, error) {
			row, told := digestRowOf(rec, s), casework.Told(s)
			return func() error { return digestRows(rec, row, told, rows) }, nil
		})
	case oplog.KindRegister:
		return registerRows(rec, rows)
	}
	return nil
}

func rowOf(prefix []byte, parts ...[]byte) []byte {
	k := bytes.Clone(prefix)
	for _, p := range parts {
		k = append(k, p...)
	}
	return k
}

// caseRowOf is the row of a whole case.
func caseRowOf(rec replica.Record, s *crdt.State) caseRow {
	v := casework.View(s, casework.Header{ID: rec.ID}, rec.Notes...)
	hash := seal.Hash("hejie document v1", v.Document.WithoutIDs().Canonical())
	row := viewRow(v)
	row.Hash = hash[:]
	row.Unit = hexID(rec.Owner)
	row.Unknown = len(v.Unknown) > 0
	row.Numbers = usedBy(s)
	row.People = personKeys(casework.PeopleOf(v.Document, nil), v.Category)
	return row.bounded()
}

func caseRows(rec replica.Record, row caseRow, asked [sha256.Size]byte, rows replica.Rows) error {
	old, err := replaceRow(rows, rowCasePrefix, rec.ID, row)
	if err != nil {
		return err
	}
	if old == nil { // the whole case takes the digest's place in lists
		var dig caseRow
		if found, err := getRow(rows, rowOf(rowDigestPrefix, rec.ID[:]), &dig); err != nil {
			return err
		} else if found {
			if err := rows.Delete(orderKey(dig.ReceivedOn, rec.ID)); err != nil {
				return err
			}
		}
	} else {
		for _, k := range indexKeys(*old, rec.ID) {
			if err := rows.Delete(k); err != nil {
				return err
			}
		}
	}
	for _, k := range indexKeys(row, rec.ID) {
		if err := rows.Put(k, nil); err != nil {
			return err
		}
	}
	return compareRow(rows, rowAskedPrefix, rec.ID, asked[:])
}

// viewRow is the row of a case as far as its view tells.
func viewRow(v casework.CaseView) caseRow {
	row := caseRow{Row: casework.RowOf(v), Number: v.ExternalID, Source: v.Source, Place: v.Place, Tags: v.Tags, Parties: len(v.Parties), Mediators: v.Mediators, Text: casework.SearchText(v.Document)}
	a := v.Agreement
	if v.Notes != nil && v.Notes.Agreement != nil {
		a = v.Notes.Agreement
		row.Complete = a.CompleteOn
	}
	if a != nil && !a.Contested {
		row.Missing = len(a.Unsigned)
		for _, t := range a.Terms {
			if t.PerformedOn == "" && (row.NextDue == "" || t.Due < row.NextDue) {
				row.NextDue = t.Due
			}
		}
	}
	return row
}

// digestRowOf is the row of a case's digest.
func digestRowOf(rec replica.Record, s *crdt.State) caseRow {
	v := casework.DigestView(s, casework.Header{ID: rec.Case})
	row := caseRow{Row: casework.DigestRowOf(v), Digest: true, Source: v.Source, Parties: v.Counts.Parties}
	row.Unit, row.Unknown = hexID(rec.Owner), len(v.Unknown) > 0
	row = row.bounded()
	row.Marks = casework.DigestMarks(s)
	return row
}

func digestRows(rec replica.Record, row caseRow, told [sha256.Size]byte, rows replica.Rows) error {
	old, err := replaceRow(rows, rowDigestPrefix, rec.Case, row)
	if err != nil {
		return err
	}
	if err := compareRow(rows, rowToldPrefix, rec.Case, told[:]); err != nil {
		return err
	}
	var before []string
	if old != nil {
		before = old.Marks
	}
	if err := markRows(rows, rec.Case, before, row.Marks); err != nil {
		return err
	}
	if _, whole, err := rows.Get(rowOf(rowCasePrefix, rec.Case[:])); err != nil || whole {
		return err
	}
	if old != nil {
		for _, k := range indexKeys(*old, rec.Case) {
			if err := rows.Delete(k); err != nil {
				return err
			}
		}
	}
	for _, k := range indexKeys(row, rec.Case) {
		if err := rows.Put(k, nil); err != nil {
			return err
		}
	}
	return nil
}

// indexKeys are the rows by which a case is found.
func indexKeys(row caseRow, id store.ID) [][]byte {
	keys := [][]byte{orderKey(row.ReceivedOn, id)}
	if row.Number != "" {
		keys = append(keys, rowOf(rowNumberPrefix, []byte(row.Number), []byte{0}, id[:]))
	}
	if row.Hash != nil {
		keys = append(keys, rowOf(rowSamePrefix, row.Hash, id[:]))
	}
	for _, k := range row.People {
		keys = append(keys, rowOf(rowPeoplePrefix, k, id[:]))
	}
	for _, n := range row.Numbers {
		keys = append(keys, usedNumberKey(n.Unit, n.Series, int(n.Year), n.N, id))
	}
	if row.Conflicts > 0 {
		keys = append(keys, rowOf(rowOpenPrefix, id[:]))
	}
	return keys
}

// orderKey sorts newest received first, then by id.
func orderKey(received string, id store.ID) []byte {
	var day [10]byte
	copy(day[:], received)
	for i := range day {
		day[i] = ^day[i]
	}
	return rowOf(rowOrderPrefix, day[:], id[:])
}

func getRow(rows replica.Rows, key []byte, row *caseRow) (bool, error) {
	b, found, err := rows.Get(key)
	if err != nil || !found {
		return false, err
	}
	return true, json.Unmarshal(b, row)
}

// replaceRow writes a row and returns the one before; nil: there was none.
func replaceRow(rows replica.Rows, prefix []byte, id store.ID, row caseRow) (*caseRow, error) {
	key := rowOf(prefix, id[:])
	var old caseRow
	found, err := getRow(rows, key, &old)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("row of case %x: %w", id[:4], err)
	}
	if err := rows.Put(key, b); err != nil {
		return nil, err
	}
	if !found {
		return nil, nil
	}
	return &old, nil
}
