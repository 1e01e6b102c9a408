package vectors

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

func (v vector) text(name string) string { s, _ := v.Fields[name].(string); return s }

func (v vector) bytes(name string) []byte { return must(hex.DecodeString(v.text(name))) }

func (v vector) number(name string) int {
	switch n := v.Fields[name].(type) {
	case json.Number:
		i := must(n.Int64())
		return int(i)
	case int:
		return n
	}
	return -1
}

func (v vector) strings(name string) []string { return stringsOf(v.Fields[name]) }

func stringsOf(v any) []string {
	list, _ := v.([]any)
	out := []string{}
	for _, x := range list {
		out = append(out, fmt.Sprint(x))
	}
	return out
}

// id is zero where the vector has none.
func (v vector) id(name string) (id store.ID) {
	copy(id[:], v.bytes(name))
	return id
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s is %.300s instead of %.300s", what, g, w)
	}
}

func unmarshal(b []byte, v any) error { return dcbor.Unmarshal(b, v) }

// whyNot names an error as the vectors do.
func whyNot(err error) string {
	var newer *identity.NewerError
	var newerFormat *store.NewerFormatError
	var oldFormat *store.OldFormatError
	var body *crdt.BodyError
	for _, c := range []struct {
		why string
		is  bool
	}{
		{"ok", err == nil},
		{"suite", errors.Is(err, oplog.ErrSuite)},
		{"signature", errors.Is(err, oplog.ErrSignature)},
		{"body", errors.Is(err, oplog.ErrBody)},
		{"without", errors.Is(err, oplog.ErrNoBody)},
		{"content", errors.Is(err, seal.ErrContent)},
		{"proof", errors.Is(err, identity.ErrProof) || errors.Is(err, identity.ErrLaneProof)},
		{"certificate", errors.Is(err, identity.ErrCertificate)},
		{"secret", errors.Is(err, identity.ErrWrongSecret)},
		{"sheet", errors.Is(err, identity.ErrSheet) || errors.Is(err, identity.ErrOtherSheet)},
		{"key", errors.Is(err, seal.ErrSealed) || errors.Is(err, store.ErrWrongKey)},
		{"newer", errors.Is(err, oplog.ErrNewer) || errors.As(err, &newer) || errors.As(err, &newerFormat)},
		{"old", errors.As(err, &oldFormat)},
		{"malformed", errors.As(err, &body)},
	} {
		if c.is {
			return c.why
		}
	}
	return "malformed"
}

// judges hold production code to each kind of vector: what it says of the bytes.
var judges = map[string]func(*testing.T, vector) string{
	"cbor":   func(_ *testing.T, v vector) string { return whyNot(dcbor.Check(v.bytes("data"))) },
	"hashes": judgeHash, "signatures": judgeSignature, "pieces": judgePiece, "proofs": judgeProof, "frames": judgeFrame, "contents": judgeContent, "bodies": judgeBody, "changes": judgeChanges, "keys": judgeKeys,
	"wraps": judgeWrap, "requests": judgeRequest, "certificates": judgeCertificate, "logs": judgeLogs, "receipts": judgeReceipt,
	"keyfiles": judgeKeyFile, "sheets": judgeSheet, "locals": judgeLocal, "entries": judgeEntries, "records": judgeRecord,
	"folders": judgeFolder, "messages": judgeMessage, "sessions": judgeSession,
}

func judgeHash(t *testing.T, v vector) string {
	var parts [][]byte
	for _, p := range v.strings("parts") {
		parts = append(parts, unhex(p))
	}
	same(t, "the hash", seal.Hash(v.text("domain"), parts...), v.id("hash"))
	return "ok"
}

// TestProductionAgrees holds production code to every expectation.
func TestProductionAgrees(t *testing.T) {
	for _, g := range generators {
		t.Run(g.kind, func(t *testing.T) {
			for _, v := range readCorpus(t, g.kind+".json").Vectors {
				t.Run(v.Name, func(t *testing.T) {
					if got := judges[g.kind](t, v); got != v.Expect {
						t.Errorf("%s: production code says %q, expected %q", v.Says, got, v.Expect)
					}
				})
			}
		})
	}
}

func judgeFrame(t *testing.T, v vector) string {
	parse := oplog.Parse
	if v.number("frame_kind") == 3 {
		parse = oplog.ParseBare
	}
	op, err := parse(v.bytes("frame"))
	if err == nil {
		same(t, "the id", op.ID, v.id("id"))
		same(t, "the record", op.RecordID(), v.id("record"))
		same(t, "class, kind, number", []any{op.Header.Class, op.Header.Kind, op.Header.Number}, []any{v.number("class"), v.number("kind"), v.number("number")})
	}
	return whyNot(err)
}

func judgeContent(t *testing.T, v vector) string {
	content, err := seal.Unpack(v.bytes("plain"))
	if err == nil {
		same(t, "the content", hexed(content), v.text("content"))
	}
	return whyNot(err)
}

func judgeBody(t *testing.T, v vector) string {
	op, err := oplog.Parse(v.bytes("frame"))
	if err != nil {
		return whyNot(err)
	}
	content, err := op.Content(seal.Key(v.bytes("key")))
	if v.text("audience") != "" {
		under := seal.Key(v.bytes("audience"))
		audience, wrapped, _ := op.Inside()
		same(t, "the audience key's commitment", audience, under.Commitment())
		same(t, "the key inside", must(under.UnwrapKey(wrapped)), seal.Key(v.bytes("key")))
	}
	if err == nil {
		same(t, "the content", hexed(content), v.text("content"))
	}
	return whyNot(err)
}

var changeNames = map[crdt.ChangeKind]string{crdt.Assign: "assign", crdt.Add: "add", crdt.Remove: "remove", crdt.Insert: "insert", crdt.Delete: "delete", crdt.Event: "event"}

func judgeChanges(t *testing.T, v vector) string {
	body, err := crdt.DecodeBody(v.bytes("content"))
	if err != nil {
		return whyNot(err)
	}
	got := []string{}
	for _, c := range body.Changes {
		kind := changeNames[c.Kind]
		if c.Raw != nil {
			var m map[uint64]cbor.RawMessage
			var n uint64
			if cbor.Unmarshal(c.Raw, &m) != nil || cbor.Unmarshal(m[1], &n) != nil {
				t.Error("an unknown change without a kind")
			}
			kind = fmt.Sprintf("unknown %d", n)
		}
		if c.Void {
			kind = "void"
		}
		var parts []string
		for _, s := range c.Path {
			if s.Field != "" {
				parts = append(parts, s.Field)
			} else {
				parts = append(parts, fmt.Sprintf("%x.%d", s.Entry.Op[:4], s.Entry.Index))
			}
		}
		got = append(got, strings.TrimSpace(kind+" "+strings.Join(parts, "/")))
	}
	same(t, "the changes", got, v.strings("shows"))
	same(t, "the remark", body.Remark, v.text("remark"))
	unknown := []string{}
	for _, u := range body.Unknown {
		unknown = append(unknown, fmt.Sprint(u.Key))
	}
	same(t, "unknown keys", unknown, v.strings("unknown"))
	if want, says := v.Fields["weight"]; says {
		raw := unhex(v.text("content"))
		same(t, "the weight", fmt.Sprint(body.Weight(len(raw))), fmt.Sprint(want))
	}
	judgeMarks(t, v, body)
	return "ok"
}

func judgeKeys(t *testing.T, v vector) string {
	switch {
	case v.text("key") != "":
		same(t, "the commitment", seal.Key(v.bytes("key")).Commitment(), v.id("name_"))
	case v.text("signing") != "":
		same(t, "the public key", identity.SigningKeyFrom([32]byte(v.bytes("signing"))).Public(), v.id("public"))
	default:
		k := must(seal.PrivateKeyFrom([32]byte(v.bytes("seed"))))
		same(t, "the public key", hexed(k.Public()), v.text("public"))
		same(t, "the name", k.Name(), v.id("name_"))
	}
	return "ok"
}

func judgeWrap(t *testing.T, v vector) string {
	w, err := oplog.ParseWrap(v.bytes("frame"))
	if err != nil {
		return whyNot(err)
	}
	same(t, "the id", w.ID, v.id("id"))
	same(t, "the method", int(w.Wrap.Method), v.number("method"))
	if v.text("opens") == "" {
		return "ok"
	}
	var inside []byte
	if w.Wrap.Method == oplog.UnderAudience {
		under := seal.Key(v.bytes("key"))
		key, e := under.UnwrapKey(w.Wrap.Sealed)
		if e == nil && (under.Commitment() != w.Wrap.For || key.Commitment() != w.Wrap.Key) {
			e = seal.ErrSealed
		}
		inside, err = key[:], e
	} else {
		inside, err = must(seal.PrivateKeyFrom([32]byte(v.bytes("seed")))).OpenSealed(w.Wrap.Associated(), w.Wrap.Sealed)
	}
	if err == nil {
		same(t, "what is inside", hexed(inside), v.text("opens"))
	}
	return whyNot(err)
}

func judgeRequest(t *testing.T, v vector) string {
	q, err := identity.ParseRequest(v.bytes("request"))
	if err == nil {
		same(t, "kind, unit, words", []any{q.Kind, q.Unit, identity.RequestWords(q).Chinese()}, []any{v.number("kind"), v.id("unit"), v.text("words")})
	}
	return whyNot(err)
}

func judgeCertificate(t *testing.T, v vector) string {
	c, err := identity.ParseCert(v.bytes("certificate"))
	if err == nil {
		err = c.SignedBy(identity.SeatKey(v.bytes("issuer")))
	}
	if err == nil {
		same(t, "unit, kind, name", []any{c.Unit, c.Kind, c.Name}, []any{v.id("unit"), v.text("kind"), v.text("holder")})
		same(t, "roles", c.Roles, v.strings("roles"))
	}
	return whyNot(err)
}

func judgeLogs(t *testing.T, v vector) string {
	var ops []*oplog.Operation
	items := [][]int{}
	for _, text := range v.strings("frames") {
		op, err := oplog.Parse(unhex(text))
		if err != nil {
			return whyNot(err)
		}
		content, err := op.Content(seal.Key{})
		if err != nil {
			return whyNot(err)
		}
		list, err := identity.DecodeContent(content)
		if err != nil {
			return whyNot(err)
		}
		types := []int{}
		for _, it := range list {
			n := int(it.Type())
			if _, unknown := it.(*identity.Unknown); unknown {
				n = -n
			}
			types = append(types, n)
		}
		ops, items = append(ops, op), append(items, types)
	}
	same(t, "the items", items, v.Fields["items"])
	if v.Fields["tables"] != nil {
		c := &county{court: &place{id: v.id("root")}}
		same(t, "the tables", string(must(json.Marshal(tablesOf(c, ops)))), string(must(json.Marshal(v.Fields["tables"]))))
	}
	if v.Fields["stops"] != nil {
		got := stopsOf(&county{court: &place{id: v.id("root")}}, ops)
		for name, x := range got {
			same(t, name, string(must(json.Marshal(x))), string(must(json.Marshal(v.Fields[name]))))
		}
	}
	if m, has := v.Fields["matching"].(map[string]any); has {
		judgeMatching(t, v.id("root"), ops, m)
	}
	if v.Fields["units"] != nil {
		c := &county{court: &place{id: v.id("root")}}
		same(t, "the tree", string(must(json.Marshal(unitsOf(c, ops)))), string(must(json.Marshal(v.Fields["units"]))))
	}
	return "ok"
}

// judgeMatching opens the matching key that was handed to a unit and makes a mark.
func judgeMatching(t *testing.T, root store.ID, ops []*oplog.Operation, m map[string]any) {
	t.Helper()
	text := func(name string) string { s, _ := m[name].(string); return s }
	reg := identity.NewRegistry(root)
	for _, op := range ops {
		reg.Add(must(identity.EntryOf(op)))
	}
	unit := store.ID(unhex(text("unit")))
	items := reg.MatchingFor(unit)
	if len(items) != 1 {
		t.Fatalf("%d items hand a matching key to the unit", len(items))
	}
	key := must(items[0].Open(root, unit, must(seal.PrivateKeyFrom([seal.SeedSize]byte(unhex(text("seed")))))))
	same(t, "the matching key", hexed(key[:]), text("key"))
	mark := identity.MatchingMark(key, text("number"), text("category"))
	same(t, "the mark", hexed(mark[:]), text("mark"))
}

// judgeReceipt lets a township's replica take the receipt and looks whether it holds it.
func judgeReceipt(t *testing.T, v vector) string {
	c := newCounty()
	n := must(newNode(c, c.village, "receipts", operations(c.logs()...)))
	defer n.close()
	b := v.bytes("receipt")
	if err := n.r.TakeReceipts(context.Background(), exchange.Peer{Machine: c.town.machine.Public(), Unit: c.town.id}, [][]byte{b}); err != nil {
		t.Fatal(err)
	}
	held := must(n.r.Receipts(context.Background(), c.town.id))
	if len(held) == 1 && bytes.Equal(held[0], b) {
		return "ok"
	}
	// Whoever takes receipts does not say why one was forgotten: a signature that
	// does not fit is told from a wrong form by mending it.
	m := b[:max(0, len(b)-64)]
	mended := append(bytes.Clone(m), signed("hejie receipt v1", m, c.town.machine)...)
	if err := n.r.TakeReceipts(context.Background(), exchange.Peer{Machine: c.town.machine.Public(), Unit: c.town.id}, [][]byte{mended}); err != nil {
		t.Fatal(err)
	}
	if len(must(n.r.Receipts(context.Background(), c.town.id))) == 1 {
		return "signature"
	}
	return "malformed"
}

func judgeKeyFile(t *testing.T, v vector) string {
	kf, err := identity.DecodeKeyFile(v.bytes("file"))
	if err != nil {
		return whyNot(err)
	}
	var o identity.Opened
	if text := v.text("sheet"); text != "" {
		o, err = kf.OpenBySheet(must(identity.ParseSheet(text)))
	} else {
		o, err = kf.Unlock(identity.SeatKey(v.bytes("seat")), v.text("secret"))
	}
	if err == nil {
		same(t, "the store key", hexed(o.Store[:]), v.text("storeKey"))
		if v.text("sheet") == "" {
			signing, reading := o.Seat.Signing.Seed(), o.Seat.Reading.Seed()
			same(t, "the seeds", hexed(signing[:])+hexed(reading[:]), v.text("signing")+v.text("encryption"))
		}
	}
	return whyNot(err)
}

func judgeSheet(t *testing.T, v vector) string {
	if v.text("reserve") != "" {
		s, err := identity.ParseSecondSheet(v.text("text"))
		if err == nil {
			key := must(s.ReserveKey()).Public()
			promise := must(s.Promise())
			same(t, "reserve key and promise", hexed(key[:])+hexed(promise[:]), v.text("reserve")+v.text("promise"))
		}
		return whyNot(err)
	}
	s, err := identity.ParseSheet(v.text("text"))
	if err != nil {
		return whyNot(err)
	}
	u, err := identity.OpenEscrow(s, v.bytes("escrow"))
	if err == nil {
		reading, issuing := u.Reading[0].Seed(), u.Issuing.Seed()
		same(t, "the seeds", hexed(reading[:])+hexed(issuing[:]), v.text("reading")+v.text("issuing"))
	}
	return whyNot(err)
}

func judgeLocal(t *testing.T, v vector) string {
	plain, err := identity.OpenLocal(seal.Key(v.bytes("storeKey")), v.text("label"), v.bytes("box"))
	if err == nil {
		same(t, "what is inside", hexed(plain), v.text("plain"))
	}
	return whyNot(err)
}

func judgeEntries(t *testing.T, v vector) string {
	c := newCounty()
	set, err := parsed(v.strings("operations"), v.strings("wraps"))
	if err != nil {
		return whyNot(err)
	}
	n := must(newNode(c, c.court, "entries", set))
	defer n.close()
	keys, fp, err := entriesOf(n.s)
	same(t, "the keys", keys, v.strings("keys"))
	same(t, "the sum", hexed(fp.Sum[:]), v.text("sum"))
	return whyNot(err)
}

// judgeRecord puts the record or header in its place in the small folder and opens that.
func judgeRecord(t *testing.T, v vector) string {
	if v.Fields["documented"] == true {
		page := strings.ReplaceAll(string(read(t, filepath.Join("..", "..", "docs", "format-packs.md"))), "\n", "")
		if !strings.Contains(page, v.text("record")) {
			t.Error("docs/format-packs.md has another vector")
		}
		return "ok" // store/pack holds its own code to it
	}
	dir := filepath.Join(t.TempDir(), "data")
	copyFolder(t, smallFolder, dir)
	name := filepath.Join(dir, filepath.FromSlash(v.text("file")))
	b := read(t, name)
	copy(b[v.number("at"):], append(v.bytes("record"), v.bytes("header")...))
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := openFolder(dir, [32]byte(v.bytes("key")), seeded("again"))
	if err != nil {
		return whyNot(err)
	}
	defer func() { _ = s.Close() }()
	if len(s.Stats().Damaged) > 0 {
		return "damaged"
	}
	if v.text("frame") == "" {
		return "ok"
	}
	found := false
	err = s.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			found = found || (int(f.Seq) == v.numbers("place")[0] && int(f.Kind) == v.number("kind") && hexed(f.Bytes) == v.text("frame"))
			return true, nil
		})
	})
	if !found {
		t.Error("the frame is not in its place")
	}
	return whyNot(err)
}
