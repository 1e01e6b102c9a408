package station

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/replica"
)

// Status implements api.Admin.
func (ss *Session) Status(ctx context.Context) (api.Status, error) {
	var out api.Status
	if err := ss.live(); err != nil {
		return out, err
	}
	c, err := ss.open.replica.Count(ctx, ss.ownSeats())
	if err != nil {
		return out, err
	}
	var unread []api.Reason
	if err := ss.view(ctx, func(rd store.Reader) (err error) {
		if out.Senders, err = ss.senders(rd); err != nil {
			return err
		}
		v := ss.visit(ctx)
		if out.Conflicts, err = v.conflicts(rd); err != nil {
			return err
		}
		if err := v.eachRow(rd, nil, func([]byte, caseRow) (bool, error) { out.Records++; return true, nil }); err != nil {
			return err
		}
		unread, err = ss.unreadReasons(ctx, rd)
		return err
	}); err != nil {
		return out, err
	}
	if out.Peers, err = ss.partners(ctx); err != nil {
		return out, err
	}
	out.Operations, out.Late, out.Waiting, out.Refused, out.Unsent, out.Owed = int(c.Operations), c.Late, c.Waiting, c.Refused, int(c.Unsent), c.Owed
	out.Newer = c.Newer
	u, _ := ss.registry().Unit(ss.unit)
	out.Unit, out.UnitCode, out.UnitName, out.Demo = hexID(ss.unit), u.Code, u.Name, ss.demo()
	out.Version, out.Clock = ss.station.o.Version, ss.station.o.Clock.Now().Format(time.RFC3339)
	st := ss.open.store.Stats()
	out.PackBytes, out.FreeBytes = st.PackBytes, st.FreeBytes
	out.Listening = []string{}
	ss.open.mu.Lock()
	if r := ss.open.roads; r != nil {
		out.Listening = append(out.Listening, r.addr.P2P...)
		if r.addr.HTTPS != "" {
			out.Listening = append(out.Listening, r.addr.HTTPS)
		}
	}
	ss.open.mu.Unlock()
	out.Rules = ss.rules()
	digests, err := ss.digestReasons(ctx)
	if err != nil {
		return out, err
	}
	lost, err := ss.open.lostReasons(ctx)
	if err != nil {
		return out, err
	}
	// Never nil: an empty list is a list to those who read it.
	out.Wrong = append([]api.Reason{}, slices.Concat(lost, unread, ss.logReasons(), ss.wrong(c, st), digests)...)
	return out, nil
}

// senders names who brought what waits here.
func (ss *Session) senders(rd store.Reader) (out []api.Sender, err error) {
	list, err := ss.open.replica.Pendings(rd)
	for _, p := range list {
		x := api.Sender{Machine: hexID(p.Machine), Waiting: p.Count}
		if p.Unit != (store.ID{}) {
			x.Unit, x.UnitName = hexID(p.Unit), ss.unitName(hexID(p.Unit))
		}
		out = append(out, x)
	}
	return out, err
}

// lowDisk is when a person should make room, well before saves are refused.
const lowDisk = 1 << 30

// wrong lists what is wrong here, worst first.
func (ss *Session) wrong(c replica.Counts, st store.Stats) []api.Reason {
	out := []api.Reason{}
	for _, seat := range c.Forked {
		name := hexID(seat)
		if _, s, ok := ss.registry().Seat(seat); ok {
			name = s.Name
		}
		out = append(out, api.Reason{Code: "forked_seat", Detail: fmt.Sprintf("two different operations bear one number of %s: a copied folder or a restored backup was used; nothing is lost, but enrol this person anew", name), Params: map[string]string{"seat": name}})
	}
	if st.FreeBytes >= 0 && st.FreeBytes < lowDisk {
		out = append(out, api.Reason{Code: "low_disk", Detail: "the disk is nearly full: free some space", Params: map[string]string{"free": fmt.Sprint(st.FreeBytes)}})
	}
	if c.Late > 0 {
		out = append(out, api.Reason{Code: "late", Detail: fmt.Sprintf("%d operations wait for a director", c.Late), Params: map[string]string{"count": fmt.Sprint(c.Late)}})
	}
	if c.Newer > 0 {
		out = append(out, api.Reason{Code: "newer", Detail: fmt.Sprintf("%d operations were written by a newer program: they are kept and handed on; update this program to read them", c.Newer), Params: map[string]string{"count": fmt.Sprint(c.Newer)}})
	}
	if c.Refused > 0 {
		out = append(out, api.Reason{Code: "refused", Detail: fmt.Sprintf("%d broken copies were refused; their senders keep the good ones", c.Refused), Params: map[string]string{"count": fmt.Sprint(c.Refused)}})
	}
	return out
}

// Verify implements api.Admin: every frame's storage, form, signature, lane,
// and every row against what a fresh derivation gives.
func (ss *Session) Verify(ctx context.Context) (api.VerifyResult, error) {
	out := api.VerifyResult{Bad: []api.Damage{}, Healed: []api.Damage{}, Newer: []api.Damage{}}
	if err := ss.live(); err != nil {
		return out, err
	}
	kept, err := ss.open.store.Verify(ctx)
	if err != nil {
		return out, err
	}
	v, err := ss.open.replica.Verify(ctx)
	if err != nil {
		return out, err
	}
	out.Operations = v.Operations
	out.Bad, out.Healed, out.Newer = showDamage(append(kept.Bad, v.Bad...)), showDamage(kept.Healed), showDamage(v.Newer)
	if err := ss.view(ctx, func(rd store.Reader) error {
		own, err := ss.open.replica.OwnLost(rd)
		if own > 0 {
			out.Bad = append(out.Bad, api.Damage{Where: "packs", What: fmt.Sprintf("%d operations that were saved on this computer are not here any more", own)})
		}
		return err
	}); err != nil {
		return out, err
	}
	for _, r := range ss.open.lostFiles() {
		out.Bad = append(out.Bad, api.Damage{Where: r.Params["file"], What: r.Detail})
	}
	return out, nil
}

func showDamage(list []store.Damage) []api.Damage {
	out := []api.Damage{}
	for _, d := range list {
		x := api.Damage{Where: d.Where, What: d.What}
		if d.ID != (store.ID{}) {
			x.ID = hexID(d.ID)
		}
		out = append(out, x)
	}
	return out
}

// mayDerive says why nothing is derived anew; nil: it may be.
func (ss *Session) mayDerive() error {
	if err := ss.live(); err != nil {
		return err
	}
	ss.open.mu.Lock()
	defer ss.open.mu.Unlock()
	return ss.open.lostUnit // what was derived is the last that can be read of the cases
}

// AcceptLoss implements api.Admin.
func (ss *Session) AcceptLoss(ctx context.Context) (api.LossResult, error) {
	if err := ss.need("giving up what is lost", "admin"); err != nil {
		return api.LossResult{}, err
	}
	if err := ss.mayDerive(); err != nil {
		return api.LossResult{}, err
	}
	own, err := ss.open.replica.AcceptLoss(ctx)
	ss.station.hints.send(api.Hint{Kind: api.HintResync})
	return api.LossResult{Operations: int(own)}, err
}

// Rebuild implements api.Admin.
func (ss *Session) Rebuild(ctx context.Context) (api.RebuildResult, error) {
	if err := ss.mayDerive(); err != nil {
		return api.RebuildResult{}, err
	}
	began := ss.station.o.Clock.Now()
	if err := ss.open.store.Rebuild(ctx); err != nil {
		return api.RebuildResult{}, err
	}
	if err := ss.open.replica.JudgeDue(ctx); err != nil {
		return api.RebuildResult{}, err
	}
	records := 0
	err := ss.view(ctx, func(rd store.Reader) error {
		return ss.visit(ctx).eachRow(rd, nil, func([]byte, caseRow) (bool, error) { records++; return true, nil })
	})
	ss.station.hints.send(api.Hint{Kind: api.HintResync})
	return api.RebuildResult{Records: records, Seconds: max(0, ss.station.o.Clock.Now().Sub(began).Seconds())}, err
}

// Sheet implements api.CaseReader.
func (ss *Session) Sheet(ctx context.Context, id, lang string) (api.Sheet, error) {
	var out api.Sheet
	err := ss.view(ctx, func(rd store.Reader) error {
		d, err := ss.document(rd, id)
		if err != nil {
			return err
		}
		if d.found.digest {
			return problem(CodeDigestOnly, "this unit holds the figures of this case and not the case itself")
		}
		out = ss.sheet(d, lang)
		return nil
	})
	return out, err
}
