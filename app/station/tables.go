package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/casework/data"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// PublishTable implements api.Tables: a version of a data table enters this
// unit's own branch of its log, and goes to every unit under it and above it.
// It is refused, and nothing changes, where the document has a hole, this kind
// of body may not publish the table, the person is no admin or director or does
// not write the unit's log, or the version is not later than the unit's last.
func (ss *Session) PublishTable(ctx context.Context, document []byte) (api.TablePublished, error) {
	var out api.TablePublished
	if err := ss.need("publishing a table", identity.Admin, identity.Director); err != nil {
		return out, err
	}
	p, err := ss.readTable(document)
	if err != nil {
		return out, err
	}
	own, ok := ss.registry().Unit(ss.unit)
	if !ok {
		return out, problem(CodeUnknownUnit, "this unit's log is not here")
	}
	if err := ss.seedMatching(ctx); err != nil {
		return out, err
	}
	item := &identity.Table{Name: p.Table, Version: uint64(p.Version), Day: p.ValidFrom, Content: document}
	at := logPlace{unit: own.ID, first: own.First, branch: oplog.BranchOwn}
	err = ss.station.enterFrom(ctx, ss.open, ss.keys, ss.unit, at, func(now identity.Unit) ([]identity.Item, error) {
		return []identity.Item{item}, ss.mayPublish(now, p)
	})
	if err != nil {
		return out, err
	}
	ss.pay(ctx)
	out = api.TablePublished{Table: p.Table, Version: p.Version, ValidFrom: p.ValidFrom, Unit: hexID(ss.unit)}
	for _, x := range ss.registry().TablesOf(ss.unit) {
		if x.Table == item || x.Name == p.Table && x.Version == uint64(p.Version) {
			out.Entry = hexID(x.Entry)
		}
	}
	return out, nil
}

// readTable checks a document as it would be published by this unit.
func (ss *Session) readTable(document []byte) (*tables.Published, error) {
	if len(document) > identity.MaxTable {
		return nil, tableProblem(&tables.Error{Code: tables.CodeSize, Params: map[string]string{"size": fmt.Sprint(len(document)), "limit": fmt.Sprint(identity.MaxTable)}})
	}
	p, err := tables.Parse(document)
	return p, tableProblem(err)
}

// mayPublish refuses a version that would count for nothing, in the log as it
// is when it enters it.
func (ss *Session) mayPublish(now identity.Unit, p *tables.Published) error {
	if now.OwnWriter != ss.seat() {
		name := hexID(now.OwnWriter)
		if s, ok := now.Seat(now.OwnWriter); ok {
			name = s.Name
		}
		return told(CodeTableWriter, "table.writer", "seat", name)
	}
	if len(now.Forks) > 0 {
		return told(CodeTableForked, "table.forked")
	}
	body := bodyOf(now)
	above := ss.tablesAbove(now)
	if err := ss.otherMaster(now, p, body); err != nil {
		return err
	}
	if !above.MayPublish(p.Table, body) {
		return tableProblem(&tables.Error{Table: p.Table, Row: "table", Code: tables.CodeAuthority, Params: map[string]string{"body": body}})
	}
	if last, has := now.LastTable(p.Table); has && last.Version >= uint64(p.Version) {
		return told(CodeTableVersion, "table.version", "table", p.Table, "version", fmt.Sprint(p.Version), "last", fmt.Sprint(last.Version))
	}
	return nil
}

// otherMaster refuses what is the other master's to say for some unit for which
// this one publishes: the whole table, or a row that differs from what stands
// here.
func (ss *Session) otherMaster(now identity.Unit, p *tables.Published, body string) error {
	reg := ss.registry()
	for _, u := range reg.Units() {
		chain := publishersOf(reg, u.ID)
		if !slices.Contains(chain, now.ID) {
			continue
		}
		set := ss.Tables(now.ID).Under(bodiesOf(reg, chain))
		master, row := set.Second(p.Table, body), "table"
		if master == "" {
			if row = set.Foreign(p, body); row == "" {
				continue
			}
			master = tables.OtherMaster(body)
		}
		for _, id := range chain {
			if m, _ := reg.Unit(id); bodyOf(m) == master {
				return tableProblem(&tables.Error{Table: p.Table, Row: row, Code: tables.CodeMaster, Params: map[string]string{"name": m.Name}})
			}
		}
	}
	return nil
}

// tablesAbove are the tables as the units above one, its court and its bureau
// left them, today.
func (ss *Session) tablesAbove(u identity.Unit) *tables.Set {
	return ss.open.tablesAbove(u, ss.today())
}

// told is a problem whose sentence stands in the message files, in both languages.
func told(code, key string, params ...string) *api.Error {
	e := problem(code, "", params...)
	e.Reason.Detail = data.Text(data.English, key, e.Reason.Params)
	e.Reason.Texts = &api.Label{ZH: data.Text(data.Chinese, key, e.Reason.Params), EN: e.Reason.Detail}
	return e
}

// tableProblem tells what is wrong with a table in both languages.
func tableProblem(err error) error {
	var e *tables.Error
	if !errors.As(err, &e) {
		return err
	}
	field := e.Row
	if field == "" {
		field = "document"
	}
	say := func(lang, colon, comma string) string {
		s := e.Why(lang)
		if hint := e.Hint(lang); hint != "" {
			s += comma + hint
		}
		if where := e.Where(); where != "" {
			s = where + colon + s
		}
		return s
	}
	en := say(tables.English, ": ", "; ")
	return &api.Error{Reason: api.Reason{
		Code: "table_" + e.Code, Field: field, Detail: en, Params: e.Params,
		Texts: &api.Label{ZH: say(string(data.Chinese), "：", "；"), EN: en},
	}, Err: err}
}

// tableUnit finds the unit whose tables are meant: "" is this one.
func (ss *Session) tableUnit(unit string) (store.ID, error) {
	if err := ss.live(); err != nil {
		return store.ID{}, err
	}
	if unit == "" {
		return ss.unit, nil
	}
	u, ok := ss.unitBy(unit)
	if !ok {
		return store.ID{}, problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here, or several have that code: give its id", shorten(unit)), "unit", shorten(unit))
	}
	return u.ID, nil
}

// Table implements api.Tables.
func (ss *Session) Table(_ context.Context, name, unit string) (api.TableView, error) {
	id, err := ss.tableUnit(unit)
	if err != nil {
		return api.TableView{}, err
	}
	set := ss.Tables(id)
	doc := set.Document(name)
	if doc == nil {
		err := tableProblem(&tables.Error{Row: "table", Code: tables.CodeTable, Params: map[string]string{"value": shorten(name)}})
		return api.TableView{}, err
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return api.TableView{}, err
	}
	out := api.TableView{TableLine: ss.tableLine(set, doc), Document: raw}
	out.Effective = true
	return out, nil
}

func (ss *Session) tableLine(set *tables.Set, p *tables.Published) api.TableLine {
	line := api.TableLine{Table: p.Table, Version: p.Version, ValidFrom: p.ValidFrom, Source: p.Source, Unit: p.Publisher}
	line.Title = tableTitle(set, p.Table)
	if u, ok := ss.unitBy(p.Publisher); ok {
		line.UnitCode, line.UnitName = u.Code, u.Name
	}
	return line
}

// tableTitle is what a table is called in both languages.
func tableTitle(set *tables.Set, name string) *api.Label {
	for _, r := range set.Rights() {
		if r.ID == name {
			return &api.Label{ZH: r.Name(string(data.Chinese)), EN: r.Name(tables.English)}
		}
	}
	return nil
}
