package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

const peersFact = "peers"

// Limits of the addresses that are kept.
const (
	maxPeers     = 200
	maxAddresses = 10
	maxAddress   = 300
)

func (s *Station) peers(o *opened) ([]api.Peer, error) {
	b, err := o.store.GetFact(peersFact)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	var out []api.Peer
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	return out, err
}

// Peers implements api.Sync.
func (ss *Session) Peers(context.Context) ([]api.Peer, error) {
	if err := ss.live(); err != nil {
		return nil, err
	}
	kept, err := ss.station.peers(ss.open)
	if err != nil {
		return nil, err
	}
	out := append([]api.Peer{}, kept...)
	ss.open.mu.Lock()
	r := ss.open.roads
	ss.open.mu.Unlock()
	if r != nil && r.host != nil {
		for _, n := range r.host.Near() {
			i := slices.IndexFunc(out, func(p api.Peer) bool { return p.Unit == hexID(n.Unit) })
			if i < 0 {
				out = append(out, api.Peer{Unit: hexID(n.Unit), Addresses: []string{}})
				i = len(out) - 1
			}
			out[i].Found = append(out[i].Found, n.Addrs...)
		}
	}
	for i := range out {
		out[i].UnitName = ss.unitName(out[i].Unit)
	}
	return out, nil
}

// PutPeers implements api.Sync.
func (ss *Session) PutPeers(ctx context.Context, peers []api.Peer) ([]api.Peer, error) {
	if err := ss.live(); err != nil {
		return nil, err
	}
	if len(peers) > maxPeers {
		return nil, problem(api.CodeTooLarge, fmt.Sprintf("%d partners, at most %d", len(peers), maxPeers))
	}
	kept := []api.Peer{}
	for _, p := range peers {
		if p.Unit != "" {
			u, ok := ss.unitBy(p.Unit)
			if !ok {
				return nil, problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here", shorten(p.Unit)), "unit", shorten(p.Unit))
			}
			p.Unit = hexID(u.ID)
		}
		if len(p.Addresses) > maxAddresses {
			return nil, problem(api.CodeTooLarge, fmt.Sprintf("%d addresses of one unit, at most %d", len(p.Addresses), maxAddresses))
		}
		for _, a := range p.Addresses {
			if len(a) > maxAddress || (!strings.HasPrefix(a, "https://") && !(strings.HasPrefix(a, "/") && strings.Contains(a, "/p2p/"))) {
				return nil, problem(api.CodeInvalidField, fmt.Sprintf("%q is no address: a multiaddr with /p2p/… or https://host:port", shorten(a)), "address", shorten(a))
			}
		}
		if len(p.Addresses) > 0 {
			kept = append(kept, api.Peer{Unit: p.Unit, Addresses: p.Addresses})
		}
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	if err := ss.open.store.PutFact(ctx, peersFact, b); err != nil {
		return nil, err
	}
	ss.station.hints.send(api.Hint{Kind: api.HintSync})
	return ss.Peers(ctx)
}

// SyncWith implements api.Sync.
func (ss *Session) SyncWith(ctx context.Context, peer string) (api.SyncResult, error) {
	if err := ss.live(); err != nil {
		return api.SyncResult{}, err
	}
	report, unit, err := ss.station.meet(ctx, ss.open, peer)
	if err != nil {
		return api.SyncResult{}, err
	}
	// What came may hold keys for this seat, and readers who lack one.
	if err := ss.station.takeReadingKeys(ctx, ss.open, ss.keys); err != nil {
		return api.SyncResult{}, err
	}
	ss.pay(ctx)
	name := hexID(unit)
	if u, ok := ss.registry().Unit(unit); ok {
		name = u.Code
	}
	return api.SyncResult{
		Peer: name, Sent: report.Sent, Received: report.Received, BytesSent: report.BytesSent, BytesReceived: report.BytesReceived,
		RoundTrips: report.RoundTrips, Refused: report.RefusedCount, InStep: report.InStep, Seconds: report.Seconds,
	}, nil
}

// ownSeats are the seats of this folder.
func (ss *Session) ownSeats() []oplog.Seat {
	var out []oplog.Seat
	for _, slot := range ss.open.keyFile.Slots {
		if slot.Kind == identity.SlotSecret {
			out = append(out, slot.Seat)
		}
	}
	return out
}

// SyncState implements api.Sync: every fact of the sync sentence.
func (ss *Session) SyncState(ctx context.Context) (api.SyncState, error) {
	out := api.SyncState{Saved: true, Road: "none", Partners: []api.Partner{}}
	if err := ss.live(); err != nil {
		return out, err
	}
	out.Rules = ss.rules()
	unsent, err := ss.open.replica.UnsentTotal(ctx, ss.ownSeats())
	if err != nil {
		return out, err
	}
	out.Unsent = int(unsent)
	if out.Partners, err = ss.partners(ctx); err != nil {
		return out, err
	}
	ss.open.mu.Lock()
	r := ss.open.roads
	ss.open.mu.Unlock()
	if r != nil {
		out.Running = r.anyRunning()
	}
	for _, p := range out.Partners {
		if p.Reachable {
			out.Road = "network"
		}
	}
	return out, nil
}

// partners are the units above this one up to the root, those directly under
// it, and every unit met or with an address.
func (ss *Session) partners(ctx context.Context) ([]api.Partner, error) {
	r := ss.open.replica
	unsent, err := r.Unsent(ctx, ss.ownSeats())
	if err != nil {
		return nil, err
	}
	met, err := r.Meetings()
	if err != nil {
		return nil, err
	}
	known, err := ss.Peers(ctx)
	if err != nil {
		return nil, err
	}
	var own replica.Coverage
	if err := r.View(ctx, func(rd store.Reader) error {
		own, err = r.CoverageOf(rd, ss.unit)
		return err
	}); err != nil {
		return nil, err
	}
	units, above := ss.partnerUnits(met, known)
	out := []api.Partner{}
	for i, id := range units {
		p := api.Partner{Unit: hexID(id), UnitName: ss.unitName(hexID(id)), Relation: ss.relationTo(id, i, above), Waiting: int(unsent[id])}
		if at := own.Came(id); at > 0 && p.Waiting == 0 {
			p.ReceivedAt = instant(at)
		}
		if m, ok := met[id]; ok {
			ss.tellMeeting(ctx, id, m, &p)
		}
		for _, k := range known {
			addressed := len(k.Addresses) > 0 && (p.Trouble == nil || p.Trouble.Code != CodeUnreachable)
			p.Reachable = p.Reachable || (k.Unit == p.Unit && (len(k.Found) > 0 || addressed))
		}
		p.Running = ss.isMeeting(p.Unit)
		out = append(out, p)
	}
	return out, nil
}

// partnerUnits lists them: those above first, from the parent up, then the
// others by id.
func (ss *Session) partnerUnits(met map[store.ID]replica.Meeting, known []api.Peer) (units []store.ID, above int) {
	units = ss.registry().AncestorsOf(ss.unit)
	above = len(units)
	add := func(id store.ID) {
		if id != ss.unit && !slices.Contains(units, id) {
			units = append(units, id)
		}
	}
	for _, u := range ss.registry().Units() {
		if u.Parent == ss.unit {
			add(u.ID)
		}
	}
	for id := range met {
		add(id)
	}
	for _, p := range known {
		if id, err := parseHex(p.Unit); err == nil {
			add(id)
		}
	}
	slices.SortFunc(units[above:], func(a, b store.ID) int { return strings.Compare(hexID(a), hexID(b)) })
	return units, above
}

// tellMeeting says of the last meeting what is still true.
func (ss *Session) tellMeeting(ctx context.Context, id store.ID, m replica.Meeting, p *api.Partner) {
	p.CheckedAt = instant(m.At)
	if m.InStep && m.StepAt > 0 && ss.stillInStep(ctx, id, m.Print) {
		p.InStepAt = instant(m.StepAt)
	}
	p.Refused = m.Refused
	if m.Trouble != "" {
		p.Trouble = &api.Reason{Code: m.Trouble}
	}
}

func (ss *Session) isMeeting(unit string) bool {
	ss.open.mu.Lock()
	defer ss.open.mu.Unlock()
	return ss.open.roads != nil && ss.open.roads.isRunning(unit)
}

// stillInStep reports whether what is shared with a unit is what it was when
// both were found equal.
func (ss *Session) stillInStep(ctx context.Context, unit store.ID, before []byte) bool {
	now, err := ss.open.replica.SharedPrint(ctx, unit)
	return err == nil && string(now) == string(before)
}

func (ss *Session) relationTo(id store.ID, i, ancestors int) string {
	switch u, ok := ss.registry().Unit(id); {
	case i == 0 && ancestors > 0:
		return "parent"
	case i < ancestors:
		return "ancestor"
	case ok && u.Parent == ss.unit:
		return "child"
	case ok && slices.Contains(ss.registry().AncestorsOf(id), ss.unit):
		return "descendant"
	}
	return "other"
}
