package replica

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// member is a unit of the county that has no computer in this test: what its
// people write is put into the court's store.
func (n *node) member(court *node, seed uint64, code, name string, roles ...identity.Role) *node {
	n.t.Helper()
	child := newNode(n.t, seed)
	req := child.request(code, name, roles...)
	u, _ := court.r.Registry().Unit(n.id)
	seg, _ := court.r.Registry().FreeSegment(n.id)
	admit, err := identity.AdmitUnit(req, identity.Issuer{Key: *n.unit.Issuing, Cert: u.Issuing}, seg, n != court)
	if err != nil {
		n.t.Fatal(err)
	}
	child.r, child.s, child.tree = court.r, court.s, court.tree
	n.enter(child.id, store.ID{}, store.ID{}, oplog.BranchParent, admit)
	return child
}

// TestEntriesOfACounty counts what referrals cost in entries: 530 units, 3 % of
// the cases referred to two units elsewhere, each of which then writes in it. It
// takes a minute and is run by HEJIE_COUNTY=1.
func TestEntriesOfACounty(t *testing.T) {
	if os.Getenv("HEJIE_COUNTY") == "" {
		t.Skip("HEJIE_COUNTY=1 runs it")
	}
	const towns, villages, cases = 21, 508, 3000
	court := newRoot(t, 1)
	var middle, low []*node
	for i := range towns {
		middle = append(middle, court.member(court, uint64(100+i), "990125101000-zz", "镇综治中心", "admin", "director"))
	}
	for i := range villages {
		low = append(low, middle[i%towns].member(court, uint64(1000+i), "990125101203-tw", "村调委会", "mediator"))
	}
	count := func() (all, logs int) {
		for _, k := range court.entries() {
			all++
			if k[0] == entryWrap {
				logs++
			}
		}
		return all, logs
	}
	before, _ := count()
	r := rand.New(rand.NewPCG(1, 2))
	key := seal.Key{1}
	for i := range cases {
		v := low[r.IntN(len(low))]
		first := v.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Audience: oplog.AudienceStation}, key, crdt.Body{})
		frames := [][]byte{first.Frame}
		if i%100 < 3 {
			to := []*node{low[r.IntN(len(low))], low[r.IntN(len(low))]}
			ids := []store.ID{to[0].id, to[1].id}
			slices.SortFunc(ids, compareIDs)
			grant := v.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &first.ID, Heads: []store.ID{first.ID}, Grants: slices.Compact(ids)}, key, crdt.Body{})
			frames = append(frames, grant.Frame)
			for _, n := range to {
				frames = append(frames, n.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: v.id, Record: &first.ID, Heads: []store.ID{grant.ID}}, key, crdt.Body{}).Frame)
			}
		}
		court.take(v, wires(frames...))
	}
	all, logs := count()
	t.Logf("%d units, %d cases, %d of them referred to two: %d entries before, %d after, of them %d of logs that go elsewhere", 1+towns+villages, cases, cases*3/100, before, all, logs)
	const most = 12 // a referred case: two logs each, owner to each, each to the owner, each author to the other
	if logs > most*cases*3/100 {
		t.Errorf("%d entries of logs for %d referred cases", logs, cases*3/100)
	}
}
