package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"hejie/app/api"
	"hejie/store"
)

// Limits of drafts.
const (
	maxDraft     = 512 << 10 // a case document with its story fits twice
	maxDraftName = 100
	maxDrafts    = 500
)

type draftFact struct {
	SavedAt string          `json:"saved_at"`
	Value   json.RawMessage `json:"value"`
}

func (ss *Session) draftKey(name string) (string, error) {
	if name == "" || len(name) > maxDraftName || strings.ContainsAny(name, "/\x00") {
		return "", problem(api.CodeInvalidField, fmt.Sprintf("a draft's name has 1 to %d letters and no slash", maxDraftName), "field", "name")
	}
	return ss.draftPrefix() + name, nil
}

func (ss *Session) draftPrefix() string { return "draft/" + hexID(ss.seat()) + "/" }

// ListDrafts implements api.Drafts.
func (ss *Session) ListDrafts(context.Context) ([]api.DraftInfo, error) {
	out := []api.DraftInfo{}
	if err := ss.live(); err != nil {
		return out, err
	}
	err := ss.open.store.ScanFacts(ss.draftPrefix(), func(key string, v []byte) (bool, error) {
		var d draftFact
		if err := json.Unmarshal(v, &d); err != nil {
			return false, err
		}
		out = append(out, api.DraftInfo{Name: strings.TrimPrefix(key, ss.draftPrefix()), SavedAt: d.SavedAt})
		return true, nil
	})
	return out, err
}

// Draft implements api.Drafts.
func (ss *Session) Draft(_ context.Context, name string) (api.Draft, error) {
	if err := ss.live(); err != nil {
		return api.Draft{}, err
	}
	key, err := ss.draftKey(name)
	if err != nil {
		return api.Draft{}, err
	}
	b, err := ss.open.store.GetFact(key)
	if errors.Is(err, store.ErrNotFound) {
		return api.Draft{}, problem(api.CodeNotFound, "there is no such draft", "name", name)
	}
	if err != nil {
		return api.Draft{}, err
	}
	var d draftFact
	if err := json.Unmarshal(b, &d); err != nil {
		return api.Draft{}, err
	}
	return api.Draft{DraftInfo: api.DraftInfo{Name: name, SavedAt: d.SavedAt}, Value: d.Value}, nil
}

// PutDraft implements api.Drafts.
func (ss *Session) PutDraft(ctx context.Context, name string, value json.RawMessage) (api.DraftInfo, error) {
	if err := ss.live(); err != nil {
		return api.DraftInfo{}, err
	}
	key, err := ss.draftKey(name)
	if err != nil {
		return api.DraftInfo{}, err
	}
	if len(value) > maxDraft {
		return api.DraftInfo{}, problem(api.CodeTooLarge, fmt.Sprintf("a draft of %d bytes, at most %d", len(value), maxDraft))
	}
	list, err := ss.ListDrafts(ctx)
	if err != nil {
		return api.DraftInfo{}, err
	}
	if _, err := ss.open.store.GetFact(key); errors.Is(err, store.ErrNotFound) && len(list) >= maxDrafts {
		return api.DraftInfo{}, problem(api.CodeTooLarge, fmt.Sprintf("%d drafts are kept already: finish or discard some", len(list)))
	}
	d := draftFact{SavedAt: instant(ss.station.o.Clock.Now().UnixMilli()), Value: value}
	b, err := json.Marshal(d)
	if err != nil {
		return api.DraftInfo{}, problem(api.CodeBadJSON, "the draft is no JSON")
	}
	return api.DraftInfo{Name: name, SavedAt: d.SavedAt}, ss.open.store.PutFact(ctx, key, b)
}

// DeleteDraft implements api.Drafts.
func (ss *Session) DeleteDraft(ctx context.Context, name string) error {
	if err := ss.live(); err != nil {
		return err
	}
	key, err := ss.draftKey(name)
	if err != nil {
		return err
	}
	return ss.open.store.DeleteFact(ctx, key)
}
