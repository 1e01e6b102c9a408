package casework_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
	"hejie/sync/replica"
)

// The longest file that an honest person could come to write alone: as many parties
// as the program takes, brought in from a ledger and each corrected afterwards, ten
// years of sessions with minutes that are kept at each pause, an agreement paid in
// monthly instalments, each told of, reminders and visits. Years and numbers are far
// beyond any file that we know of; none of it is beyond what the program lets one do.
const (
	longYears     = 10
	longParties   = casework.MaxParties
	longFixes     = 1   // corrections a party
	longSessions  = 120 // one a month
	longPauses    = 20  // saves while the minutes of one are typed
	longMinutes   = 4_000
	longTerms     = 100 // instalments, as many as an agreement takes
	longFollowUps = 40
	longPhrases   = 200 // saves of the facts
	longAgreed    = 2027 + longYears
	longDay       = "2037-03-17" // of the agreement
)

// TestTheLongestHonestFile measures what that file weighs and holds the bound to it:
// ten times as much at least, so that nobody honest meets it, and not more than a
// hundred times, so that it is one (replica.MaxWeight).
func TestTheLongestHonestFile(t *testing.T) {
	r := longestFile(t)
	held := map[string][]crdt.Body{}
	for _, o := range r.ops {
		held["case"] = append(held["case"], o.body)
		held["digest"] = append(held["digest"], o.digest)
	}
	for _, n := range r.notes {
		for _, o := range n.ops {
			held["notes"] = append(held["notes"], o.body)
		}
	}
	heaviest := uint64(0)
	for _, kind := range []string{"case", "digest", "notes"} {
		weight, changes, bytes := uint64(0), 0, 0
		for _, b := range held[kind] {
			raw, err := crdt.EncodeBody(b)
			if err != nil {
				t.Fatal(err)
			}
			weight += b.Weight(len(raw)) + 1 // one head, as one desk alone has
			changes += len(b.Changes)
			bytes += len(raw)
		}
		t.Logf("%s: %d operations, %d changes, %d bytes weigh %d: the bound is %.1f times that", kind, len(held[kind]), changes, bytes, weight, float64(replica.MaxWeight)/float64(weight))
		heaviest = max(heaviest, weight)
	}
	if heaviest*10 > replica.MaxWeight {
		t.Errorf("the heaviest record weighs %d, the bound %d is less than ten times that", heaviest, replica.MaxWeight)
	}
	if heaviest*100 < replica.MaxWeight {
		t.Errorf("the heaviest record weighs %d, the bound %d is more than a hundred times that", heaviest, replica.MaxWeight)
	}
}

// typed are the sessions whose minutes are written.
var typed = map[string]bool{}

func longestFile(t *testing.T) *record {
	d := goodDocument(t)
	d.Parties = nil
	for i := range longParties {
		d.Parties = append(d.Parties, casework.Party{Side: []string{"applicant", "respondent"}[i%2], Kind: "person", Name: fmt.Sprintf("样%03d", i)})
	}
	r := newRecord(t, d)
	for i, p := range r.view().Parties {
		for n := range longFixes {
			r.set(fmt.Sprintf(`{"parties.%s.phone":"13800%02d%04d","parties.%s.address":"河湾村%d组%d号"}`, p.ID, n, i, p.ID, n+1, i))
		}
	}
	for i := range longPhrases {
		r.set(string(jsonOf(map[string]string{"facts": strings.Repeat("双方因排水与墙基多次争执，", 2+i*20/longPhrases) + fmt.Sprint(i)})))
	}
	r.go_("accept", "assign")
	for i := range longSessions {
		day := fmt.Sprintf("%d-%02d-12", 2027+i*longYears/longSessions, i%12+1)
		r.act("start-session", fmt.Sprintf(`{"at":"%sT19:30:00+08:00","place":"河湾村人民调解室"}`, day))
		r.act("end-session", fmt.Sprintf(`{"at":"%s","result":"continue"}`, day))
		longNotes(r, i, day)
	}
	names := []string{}
	for _, p := range r.view().Parties {
		names = append(names, p.Name)
	}
	terms := []map[string]any{}
	for i := range longTerms {
		terms = append(terms, map[string]any{"who": names[1], "what": fmt.Sprintf("付第%d期", i+1), "amount_fen": 100_000, "due": fmt.Sprintf("%d-%02d-20", longAgreed+1+i/12, i%12+1)})
	}
	r.act("agree", string(jsonOf(map[string]any{"form": "written", "terms": terms, "at": longDay})))
	r.act("sign", string(jsonOf(map[string]any{"by": append(names, "赵示和", "刘例芳"), "seal": true, "at": longDay})))
	if r.bare().State.Mediation != "effective" {
		r.act("enter-agreement", "{}")
	}
	for i := range longFollowUps {
		r.act("follow-up", fmt.Sprintf(`{"at":"%d-%02d-21","how":"visit","visited":[%q],"satisfied":"satisfied"}`, longAgreed+1+i/4, 3*(i%4)+3, names[0]))
	}
	for i := range longTerms {
		at := fmt.Sprintf("%d-%02d-20", longAgreed+1+i/12, i%12+1)
		if i%4 == 0 {
			r.act("remind", fmt.Sprintf(`{"at":%q,"how":"phone"}`, at))
		}
		r.act("perform", fmt.Sprintf(`{"term":%d,"at":%q,"proof":"收条"}`, i+1, at))
	}
	r.act("close", `{"at":"2048-04-28"}`)
	return r
}

// longNotes types the minutes of one session, kept at each pause.
func longNotes(r *record, n int, day string) {
	state := func() *crdt.State {
		if own := r.own(); own != nil {
			return own.state
		}
		return crdt.New(casework.NotesSchema())
	}
	edit := func(patch map[string]any) {
		r.t.Helper()
		fields := map[string]json.RawMessage{}
		for k, v := range patch {
			fields[k] = jsonOf(v)
		}
		changes, err := casework.EditNotes(state(), fields)
		if err != nil {
			r.t.Fatal(err)
		}
		r.saveNotes(changes)
	}
	edit(map[string]any{"sessions.+": map[string]any{"at": day, "place": "河湾村人民调解室", "present": "赵示和、刘例芳"}})
	entries := state().Entries(crdt.Path{{Field: "sessions"}})
	last := ""
	for _, e := range entries {
		if id := casework.EntryID(e.Ref); !typed[id] {
			last = id
		}
	}
	typed[last] = true
	text := strings.Repeat(fmt.Sprintf("第%d次，甲方陈述经过；", n), 1+longMinutes/12)
	for i := range longPauses {
		edit(map[string]any{"sessions." + last + ".minutes": string([]rune(text)[:longMinutes*(i+1)/longPauses])})
	}
}

func jsonOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
