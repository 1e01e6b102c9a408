package tables

import (
	"errors"
	"reflect"
)

// Names of the tables, in the order in which they are listed.
const (
	TableHolidays     = "holidays"
	TableClocks       = "clocks"
	TableBodies       = "bodies"
	TableDocuments    = "documents"
	TableNumbering    = "numbering"
	TableConfirmation = "confirmation"
	TableNeeds        = "needs"
	TableConsents     = "consents"
	TableRepeats      = "repeats"
	TableAuthority    = "authority"
)

// Names are the tables in their order.
func Names() []string {
	return []string{
		TableHolidays, TableClocks, TableBodies, TableDocuments, TableNumbering,
		TableConfirmation, TableNeeds, TableConsents, TableRepeats, TableAuthority,
	}
}

// Content is what a table holds: *Holidays, *Clocks, *Bodies, *Documents,
// *Numbering, *Confirmation, *Needs, *Consents, *Repeats or *Authority.
type Content interface {
	// check looks for holes and for what does not fit together; it may
	// prepare what the accessors need.
	check() error
}

func newContent(table string) Content {
	switch table {
	case TableHolidays:
		return &Holidays{}
	case TableClocks:
		return &Clocks{}
	case TableBodies:
		return &Bodies{}
	case TableDocuments:
		return &Documents{}
	case TableNumbering:
		return &Numbering{}
	case TableConfirmation:
		return &Confirmation{}
	case TableNeeds:
		return &Needs{}
	case TableConsents:
		return &Consents{}
	case TableRepeats:
		return &Repeats{}
	case TableAuthority:
		return &Authority{}
	}
	return nil
}

// Published is one version of one table. As JSON it is the document that an
// authority publishes; who published it is known from the operation that
// carries it, and is set by the caller of [Set.With].
type Published struct {
	Table     string  `json:"table"`
	Version   int     `json:"version"`    // from 1; the later replaces the earlier of the same publisher
	ValidFrom string  `json:"valid_from"` // a day
	Source    string  `json:"source"`     // the notice or rule it rests on
	Content   Content `json:"content"`

	Publisher string `json:"-"` // id of the unit
	Body      string `json:"-"` // its kind of body, such as sfj
}

// head is a published document without its content.
type head struct {
	Table     string `json:"table"`
	Version   int    `json:"version"`
	ValidFrom string `json:"valid_from"`
	Source    string `json:"source"`
}

// Parse reads a published table and checks that it is whole. It is strict:
// unknown tables and fields, wrong types, empty texts, duplicates, and holes
// are refused with an [*Error] that names the table, the row and what to do.
// At most [MaxTable] bytes are read.
func Parse(raw []byte) (*Published, error) {
	root, err := parseNode(raw)
	if err != nil {
		return nil, err
	}
	h, content, err := readHead(root)
	if err != nil {
		return nil, err
	}
	p := &Published{Table: h.Table, Version: h.Version, ValidFrom: h.ValidFrom, Source: h.Source, Content: newContent(h.Table)}
	if err := fill("", content, reflect.ValueOf(p.Content).Elem()); err != nil {
		return nil, inTable(h.Table, err)
	}
	if err := p.Content.check(); err != nil {
		return nil, inTable(h.Table, err)
	}
	return p, nil
}

func readHead(root node) (head, node, error) {
	var h head
	if root.kind != isObject {
		return h, root, wrongType("", "type.object")
	}
	content, there := root.get("content")
	rest := node{kind: isObject}
	for _, f := range root.fields {
		if f.name != "content" {
			rest.fields = append(rest.fields, f)
		}
	}
	if err := fill("", rest, reflect.ValueOf(&h).Elem()); err != nil {
		return h, content, err
	}
	if newContent(h.Table) == nil {
		return h, content, &Error{Row: "table", Code: CodeTable, Params: map[string]string{"value": shorten(h.Table)}}
	}
	if h.Version < 1 {
		return h, content, inTable(h.Table, outOfBounds("version", h.Version, 1, maxNumber))
	}
	if _, err := parseDay(h.ValidFrom); err != nil {
		return h, content, inTable(h.Table, at("valid_from", err))
	}
	if !there {
		return h, content, &Error{Table: h.Table, Row: "content", Code: CodeMissing}
	}
	return h, content, nil
}

// inTable names the table in an error that lacks it.
func inTable(table string, err error) error {
	var e *Error
	if errors.As(err, &e) && e.Table == "" {
		e.Table = table
	}
	return err
}

// at names the row in an error that lacks it.
func at(row string, err error) error {
	var e *Error
	if errors.As(err, &e) && e.Row == "" {
		e.Row = row
	}
	return err
}
