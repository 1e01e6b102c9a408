package station

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/replica"
	"hejie/sync/seal"
)

// rowsPerSave is how many rows of an import become durable together: enough to
// share the disk's sync, few enough that a cut loses little work.
const rowsPerSave = 100

// maxImport bounds the rows of one import.
const maxImport = 200_000

// Import implements api.Transfer: all or nothing per row; the same again adds
// nothing.
func (ss *Session) Import(ctx context.Context, lines []byte) (api.ImportResult, error) {
	out := api.ImportResult{Refused: []api.RefusedRow{}}
	if err := ss.live(); err != nil {
		return out, err
	}
	if r := casework.MayEdit(ss.actor(ss.unit, nil)); r != nil {
		return out, caseError(r)
	}
	var batch []importRow
	row := 0
	for len(lines) > 0 {
		line := lines
		if i := bytes.IndexByte(lines, '\n'); i >= 0 {
			line, lines = lines[:i], lines[i+1:]
		} else {
			lines = nil
		}
		row++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if row > maxImport {
			return out, problem(api.CodeTooLarge, fmt.Sprintf("more than %d rows: import them in several files", maxImport))
		}
		doc, _, err := casework.ParseDocument(line)
		if err != nil {
			out.Refused = append(out.Refused, refusedRow(row, caseError(err)))
			continue
		}
		batch = append(batch, importRow{n: row, doc: doc})
		if len(batch) == rowsPerSave {
			if err := ss.importBatch(ctx, batch, &out); err != nil {
				return out, err
			}
			batch = batch[:0]
		}
	}
	err := ss.importBatch(ctx, batch, &out)
	return out, err
}

type importRow struct {
	n   int
	doc casework.Document
}

func refusedRow(n int, err error) api.RefusedRow {
	r := api.RefusedRow{Row: n, Why: err.Error()}
	var e *api.Error
	if errors.As(err, &e) {
		r.Code, r.Field, r.Texts = e.Reason.Code, e.Reason.Field, e.Reason.Texts
	}
	return r
}

// importBatch saves the rows that are new.
func (ss *Session) importBatch(ctx context.Context, batch []importRow, out *api.ImportResult) error {
	if len(batch) == 0 {
		return nil
	}
	added, same := 0, 0
	var refused []api.RefusedRow
	_, err := ss.open.replica.Write(ctx, ss.signer(), replica.Save{}, func(w *replica.Writer) error {
		numbers, contents := map[string][]byte{}, map[string]bool{}
		for _, x := range batch {
			canonical := x.doc.Canonical()
			verdict, err := ss.compare(w.Reader(), x.doc, canonical, numbers, contents)
			if err != nil {
				return err
			}
			switch verdict {
			case importSame:
				same++
				continue
			case importDiffers:
				refused = append(refused, refusedRow(x.n, problem("import_differs", fmt.Sprintf("a case with the number %q is here with other content: change that case, or give this row another number", shorten(x.doc.ExternalID)), "number", shorten(x.doc.ExternalID))))
				continue
			}
			numbers[x.doc.ExternalID], contents[string(canonical)] = canonical, true
			if _, err := ss.create(ctx, w, x.doc); err != nil {
				return err
			}
			added++
		}
		return nil
	})
	if err != nil {
		return caseError(err)
	}
	out.Added, out.Same, out.Refused = out.Added+added, out.Same+same, append(out.Refused, refused...)
	return nil
}

type importVerdict int

const (
	importNew importVerdict = iota
	importSame
	importDiffers
)

// compare tells whether a row is here already: by its number with the content
// as it is now or as it first came, without a number by content.
func (ss *Session) compare(rd store.Reader, doc casework.Document, canonical []byte, numbers map[string][]byte, contents map[string]bool) (importVerdict, error) {
	if doc.ExternalID == "" {
		if contents[string(canonical)] {
			return importSame, nil
		}
		hash := seal.Hash("hejie document v1", canonical)
		ids, err := appIDs(rd, rowOf(rowSamePrefix, hash[:]))
		if err != nil || len(ids) > 0 {
			return importSame, err
		}
		return importNew, nil
	}
	if before, ok := numbers[doc.ExternalID]; ok {
		if bytes.Equal(before, canonical) {
			return importSame, nil
		}
		return importDiffers, nil
	}
	ids, err := casesOfNumber(rd, doc.ExternalID)
	if err != nil || len(ids) == 0 {
		return importNew, err
	}
	for _, id := range ids {
		for _, first := range []bool{false, true} {
			held, err := ss.contentOf(rd, id, first)
			if err != nil {
				return importNew, err
			}
			if bytes.Equal(held, canonical) {
				return importSame, nil
			}
		}
	}
	return importDiffers, nil
}

// contentOf is a case's document in canonical form: as it is, or as it first came.
func (ss *Session) contentOf(rd store.Reader, id store.ID, first bool) ([]byte, error) {
	_, s, err := ss.open.replica.State(rd, id)
	if err == nil && first {
		s, err = ss.open.replica.StateAt(rd, id, []store.ID{id})
	}
	if err != nil {
		return nil, err
	}
	return casework.View(s, casework.Header{ID: id}).Document.WithoutIDs().Canonical(), nil
}

// Export implements api.Transfer: the cases held whole, as lines of documents.
func (ss *Session) Export(ctx context.Context, after string, limit int) (api.ExportPage, error) {
	var page api.ExportPage
	var from []byte
	if after != "" {
		var err error
		if from, err = base64.RawURLEncoding.DecodeString(after); err != nil {
			return page, problem(api.CodeInvalidField, "the cursor is not one that an export gave", "field", "after")
		}
	}
	var lines bytes.Buffer
	err := ss.view(ctx, func(rd store.Reader) error {
		var last []byte
		visit := ss.visit(ctx)
		if from == nil {
			if err := visit.underived(rd); err != nil {
				return err
			}
		}
		defer func() { page.LeftOut = visit.left }()
		return visit.eachRow(rd, from, func(k []byte, row caseRow) (bool, error) {
			if row.Digest {
				return true, nil
			}
			if limit > 0 && page.Cases == limit {
				page.After = base64.RawURLEncoding.EncodeToString(last)
				return false, nil
			}
			id, err := parseHex(row.ID)
			if err != nil {
				return false, err
			}
			_, s, err := ss.open.replica.State(rd, id)
			if err != nil {
				return false, err
			}
			v := casework.View(s, casework.Header{ID: id})
			if !ss.worksOnCases() {
				v = casework.Masked(v)
			}
			b, err := json.Marshal(v.Document.WithoutIDs())
			if err != nil {
				return false, err
			}
			lines.Write(b)
			lines.WriteByte('\n')
			page.Cases++
			last = k
			return true, nil
		})
	})
	page.Lines = lines.String()
	return page, err
}
