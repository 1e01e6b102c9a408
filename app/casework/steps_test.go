package casework_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
)

func langOf(s string) data.Lang { return data.Lang(s) }

// fields are good fields for each step on 2026-03-17.
var fields = map[string]string{
	"accept":        `{"at":"2026-03-10"}`,
	"refuse":        `{"ground":"party_refused","at":"2026-03-10"}`,
	"assign":        `{"mediators":["赵示和","刘例芳"],"by":"committee"}`,
	"start-session": `{"at":"2026-03-12T19:30:00+08:00","place":"河湾村人民调解室"}`,
	"agree":         `{"form":"written","terms":[{"who":"王小例","what":"换新排水瓦管","due":"2026-03-20"},{"who":"王小例","what":"付清","amount_fen":0,"due":"2026-04-20"}],"at":"2026-03-17"}`,
	"oral":          `{"form":"oral","terms":[{"who":"王小例","what":"换新排水瓦管","due":"2026-03-20"}],"at":"2026-03-17"}`,
	"sign":          `{"by":["李大样","王小例","赵示和"],"seal":true,"at":"2026-03-17"}`,
	"terminate":     `{"reason":"deadlock","at":"2026-03-17"}`,
	"perform":       `{"term":1,"at":"2026-03-19","proof":"照片1张"}`,
	"perform 2":     `{"term":2,"at":"2026-04-18"}`,
	"close":         `{"at":"2026-04-28"}`,

	"lead":           `{"at":"2026-03-17","found":"grid","level":"yellow"}`,
	"ask-supplement": `{"at":"2026-03-17","what":"身份证明"}`,
	"redirect":       `{"at":"2026-03-17","body":"fy","to":"青禾县人民法院","why":"当事人要求起诉"}`,
	"number":         `{"at":"2026-03-17","number":"（2026）河湾人调字第7号"}`,
	"disclose":       `{"at":"2026-03-17","mediator":"赵示和","what":"与李大样同组"}`,
	"recuse":         `{"at":"2026-03-17","mediator":"赵示和","ground":"relative","by":"party"}`,
	"helper":         `{"at":"2026-03-17","name":"周例","role":"expert","consent_by":["李大样","王小例"]}`,
	"end-session":    `{"at":"2026-03-17","result":"continue","next_at":"2026-03-24"}`,
	"investigate":    `{"at":"2026-03-17","what":"测量墙基"}`,
	"suspend":        `{"at":"2026-03-17","reason":"appraisal"}`,
	"extend":         `{"at":"2026-03-17","until":"2026-06-30","consent_by":["李大样","王小例"],"how":"written"}`,
	"undisputed":     `{"at":"2026-03-17","undisputed_facts":[{"fact":"旧墙建于1998年"}],"confirmed_by":["李大样","王小例"]}`,
	"refuse-draft":   `{"at":"2026-03-17","by":["王小例"],"note":"要再减一千元"}`,
	"give-minutes":   `{"at":"2026-03-17","purpose":"confirmation","text":"双方当场陈述如上","by":["李大样","王小例"]}`,
	"release":        `{"at":"2026-03-17","text":"双方同意公开的内容","released_by":["李大样","王小例"]}`,
	"stop":           `{"at":"2026-03-17","by":["王小例"],"choice":"sue"}`,
	"withdraw":       `{"at":"2026-03-17","by":["李大样"],"why":"withdrawn"}`,
	"advise":         `{"at":"2026-03-17","routes":["judicial"],"notified":["李大样","王小例"],"how":"in_person"}`,
	"docket":         `{"at":"2026-03-17","court_no":"（2026）样0125民初1号"}`,
	"follow-up":      `{"at":"2026-03-17","how":"visit","visited":["李大样"],"satisfied":"satisfied"}`,
	"reopen":         `{"at":"2026-03-17","reason":"当事人要求","anew":true,"consent_by":["李大样","王小例"]}`,
	"archive":        `{"at":"2026-03-17","retention":"60y"}`,
	"remind":         `{"at":"2026-03-17","how":"phone"}`,
	"default":        `{"at":"2026-03-17","term":2}`,
	"waive":          `{"at":"2026-03-17","term":2,"by":["李大样"],"how":"written"}`,
	"sue":            `{"at":"2026-03-17","by":["李大样"]}`,
	"confirm-apply":  `{"at":"2026-04-10","court":"court","by":["李大样","王小例"],"answers":[{"question":"status","answer":false},{"question":"ownership","answer":false}]}`,
	"notarise":       `{"at":"2026-03-17","name":"青禾县公证处","court_no":"公证1号"}`,
	"order-apply":    `{"at":"2026-03-17","by":["李大样"],"court_name":"青禾县人民法院"}`,
	"refer-draft":    `{"at":"2026-03-17","kind":"transfer","to":"union"}`,
	"refer":          `{"at":"2026-03-17","kind":"transfer","to":"union","letter_no":"移1号","consents":[{"who":"李大样","how":"written","at":"2026-03-17"}]}`,
	"consent":        `{"at":"2026-03-17","purpose":"mediation","given":true,"by":["李大样"],"how":"written"}`,
	"notice":         `{"at":"2026-03-17","what":"rights","notified":["李大样"],"how":"read_aloud"}`,
	"proxy":          `{"at":"2026-03-17","for":"李大样","name":"刘例芳","relation":"村干部","reading":"read_aloud","confirmed":"fingerprint"}`,
	"assist":         `{"at":"2026-03-17","for":"李大样","need":"illiterate","what":"逐句宣读"}`,
	"risk":           `{"at":"2026-03-17","level":"yellow","measures":"劝停施工"}`,
	"report-risk":    `{"at":"2026-03-17","to":"police","what":"可能升级","how":"phone"}`,
}

// later moves a step's days behind all that was done before. The days of a
// joint application are few and stay.
func later(step, raw string) string {
	if step == "confirm-apply" {
		return raw
	}
	return strings.NewReplacer("2026-03", "2026-05", "2026-04", "2026-05").Replace(raw)
}

// go takes the steps named, "oral" for an oral agreement.
func (r *record) go_(steps ...string) {
	r.t.Helper()
	for _, s := range steps {
		step := strings.Fields(s)[0]
		if step == "oral" {
			step = "agree"
		}
		r.act(step, fields[s])
	}
}

// ways leads to each state.
var ways = map[string][]string{
	"submitted/none":       nil,
	"accepted/none":        {"accept"},
	"refused_intake/none":  {"refuse"},
	"assigned/none":        {"accept", "assign"},
	"mediating/none":       {"accept", "assign", "start-session"},
	"agreed/none":          {"accept", "assign", "start-session", "agree"},
	"effective/performing": {"accept", "assign", "start-session", "agree", "sign"},
	"effective/performed":  {"accept", "assign", "start-session", "agree", "sign", "perform", "perform 2"},
	"terminated/none":      {"accept", "assign", "start-session", "terminate"},
	"closed/performed":     {"accept", "assign", "start-session", "agree", "sign", "perform", "perform 2", "close"},
	"closed/none":          {"refuse", "close"},
}

// along are the steps that go with any state.
const along = " consent notice proxy assist risk report-risk release"

// allowedSteps is the table state × step for a mediator of the owner; what is
// not named is refused, but for what goes along.
var allowedSteps = map[string]string{
	"submitted/none":       "lead ask-supplement accept refuse redirect stop withdraw docket refer-draft refer",
	"accepted/none":        "number assign helper investigate extend stop withdraw terminate refer-draft refer",
	"refused_intake/none":  "advise docket close reopen refer-draft refer",
	"assigned/none":        "number assign disclose recuse helper start-session investigate suspend extend undisputed stop withdraw terminate refer-draft refer",
	"mediating/none":       "number assign disclose recuse helper start-session end-session investigate suspend extend undisputed agree stop withdraw terminate refer-draft refer",
	"agreed/none":          "number end-session undisputed agree sign refuse-draft stop withdraw terminate",
	"effective/performing": "number docket follow-up reopen perform remind default waive sue confirm-apply notarise order-apply refer-draft refer give-minutes",
	"effective/performed":  "number docket follow-up close reopen confirm-apply notarise order-apply refer-draft refer give-minutes",
	"terminated/none":      "number undisputed advise docket follow-up close reopen refer-draft refer",
	"closed/performed":     "number docket follow-up archive reopen",
	"closed/none":          "number docket follow-up archive reopen",
}

func TestStateStepTable(t *testing.T) {
	for state, way := range ways {
		t.Run(state, func(t *testing.T) {
			r := newRecord(t, goodDocument(t))
			r.go_(way...)
			r.wantStates(state)
			for _, option := range casework.Steps(r.state, mediator, r.held()...) {
				want := strings.Contains(" "+allowedSteps[state]+along+" ", " "+option.Step+" ")
				if option.Allowed != want {
					t.Errorf("%s at %s: allowed %v", option.Step, state, option.Allowed)
				}
				if len(option.Fields) == 0 {
					t.Errorf("%s has no fields", option.Step)
				}
				at := fields[option.Step]
				if option.Allowed {
					at = later(option.Step, at)
				}
				err := r.at("other").try(mediator, option.Step, at)
				if option.Allowed != (err == nil) {
					t.Errorf("%s at %s: listed as allowed, and %v", option.Step, state, err)
				}
				if !option.Allowed {
					wantRule(t, err, option.Refusal.Rule)
				}
			}
		})
	}
}

// TestCodesHaveTheirChoices: what a form asks for as a code, it can offer, in
// lists too.
func TestCodesHaveTheirChoices(t *testing.T) {
	var look func(step string, fields []casework.FieldSpec)
	look = func(step string, fields []casework.FieldSpec) {
		for _, f := range fields {
			if (f.Type == "code" || f.Type == "codes") && len(f.Choices) == 0 {
				t.Errorf("%s: %s has no choices", step, f.Name)
			}
			look(step, f.Fields)
		}
	}
	for _, o := range casework.Steps(newRecord(t, goodDocument(t)).state, mediator) {
		look(o.Step, o.Fields)
	}
}

func TestWhoMayTakeAStep(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	for _, tt := range []struct {
		relation casework.Relation
		role     string
		step     string
		rule     string
	}{
		{casework.Owner, "mediator", "accept", ""},
		{casework.Station, "director", "accept", ""},
		{casework.Owner, "clerk", "accept", ""},
		{casework.Owner, "clerk", "refuse", "role"},
		{casework.Owner, "judge", "accept", "role"},
		{casework.Owner, "supervisor", "accept", "role"},
		{casework.Owner, "admin", "accept", "role"},
		{casework.Granted, "mediator", "accept", "not_handler"},
		{casework.Above, "director", "accept", "relation"},
		{"", "mediator", "accept", "relation"},
	} {
		a := casework.Actor{Relation: tt.relation, Roles: []string{tt.role}}
		err := r.at("x").try(a, tt.step, fields[tt.step])
		if tt.rule == "" {
			if err != nil {
				t.Errorf("%+v: %v", tt, err)
			}
			continue
		}
		wantRule(t, err, tt.rule)
	}
	if casework.MayEdit(casework.Actor{Relation: casework.Above, Roles: []string{"director"}}) == nil {
		t.Error("a unit above may edit")
	}
	if casework.MayEdit(mediator) != nil || casework.MaySettle(mediator) != nil {
		t.Error("the mediator may not")
	}
	if casework.MaySettle(casework.Actor{Relation: casework.Owner, Roles: []string{"clerk"}}) == nil {
		t.Error("a clerk may settle")
	}
}

func TestStepFieldsAreChecked(t *testing.T) {
	for _, tt := range []struct{ way, step, fields, path, code string }{
		{"submitted/none", "accept", `{}`, "at", "missing"},
		{"submitted/none", "accept", `{"at":"2026-02-30"}`, "at", "date"},
		{"submitted/none", "accept", `{"at":"2026-03-08"}`, "at", "order"},
		{"submitted/none", "accept", `{"at":"2026-03-09T08:59:59+08:00"}`, "at", "order"},
		{"submitted/none", "accept", `{"at":"2026-03-10","who":"x"}`, "who", "unknown"},
		{"submitted/none", "accept", `{"at":20260310}`, "at", "type"},
		{"submitted/none", "accept", `[]`, "", "type"},
		{"submitted/none", "accept", `{"at":"2026-03-10"`, "", "syntax"},
		{"submitted/none", "refuse", `{"ground":"no","at":"2026-03-10"}`, "ground", "code"},
		{"accepted/none", "assign", `{"mediators":[],"by":"committee"}`, "mediators", "empty"},
		{"accepted/none", "assign", `{"mediators":["赵示和","赵示和"],"by":"committee"}`, "mediators[1]", "duplicate"},
		{"accepted/none", "assign", `{"mediators":["赵示和"],"by":"court"}`, "by", "code"},
		{"assigned/none", "start-session", `{"at":"2026-03-09","place":"x"}`, "at", "order"},
		{"mediating/none", "agree", `{"form":"written","terms":[],"at":"2026-03-17"}`, "terms", "empty"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"what":"x","due":"2026-03-20"}],"at":"2026-03-17"}`, "terms[0].who", "missing"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"who":"王小例","due":"2026-03-20"}],"at":"2026-03-17"}`, "terms[0].what", "missing"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"who":"王小例","what":" ","due":"2026-03-20"}],"at":"2026-03-17"}`, "terms[0].what", "empty"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"who":"王小例","what":"x"}],"at":"2026-03-17"}`, "terms[0].due", "missing"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"who":"王小例","what":"x","amount_fen":-5,"due":"2026-03-20"}],"at":"2026-03-17"}`, "terms[0].amount_fen", "number"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"who":"王小例","what":"x","due":"2026-03-16"}],"at":"2026-03-17"}`, "terms[0].due", "order"},
		{"mediating/none", "agree", `{"form":"video","terms":[{"who":"王小例","what":"x","due":"2026-03-20"}],"at":"2026-03-17"}`, "form", "code"},
		{"mediating/none", "agree", `{"form":"written","terms":[{"who":"王小例","what":"x","due":"2026-03-20"}],"at":"2026-03-11"}`, "at", "order"},
		{"agreed/none", "sign", `{"by":["陈例公"],"at":"2026-03-17"}`, "by[0]", "name"},
		{"agreed/none", "sign", `{"at":"2026-03-17"}`, "by", "nobody"},
		{"agreed/none", "sign", `{"by":["李大样"],"at":"2026-03-16"}`, "at", "order"},
		{"agreed/none", "sign", `{"by":["李大样"],"seal":"yes","at":"2026-03-17"}`, "seal", "type"},
		{"effective/performing", "perform", `{"term":3,"at":"2026-03-19"}`, "term", "choice"},
		{"effective/performing", "perform", `{"term":0,"at":"2026-03-19"}`, "term", "choice"},
		{"effective/performing", "perform", `{"term":1,"at":"2026-03-16"}`, "at", "order"},
		{"effective/performed", "close", `{"at":"2026-04-17"}`, "at", "order"},
		{"mediating/none", "terminate", `{"at":"2026-03-17"}`, "reason", "missing"},
	} {
		t.Run(fmt.Sprint(tt.step, tt.fields), func(t *testing.T) {
			r := newRecord(t, goodDocument(t))
			r.go_(ways[tt.way]...)
			before := string(casework.Encode(r.view()))
			wantField(t, r.try(mediator, tt.step, tt.fields), tt.path, tt.code)
			if string(casework.Encode(r.view())) != before {
				t.Fatal("something changed")
			}
		})
	}
	r := newRecord(t, goodDocument(t))
	wantRule(t, r.try(mediator, "hover", `{}`), "unknown_step")
	wantRule(t, r.try(mediator, "reopen", `{}`), "state")
	r.go_(ways["effective/performing"]...)
	r.go_("perform")
	wantRule(t, r.try(mediator, "perform", fields["perform"]), "term_done")
	wantRule(t, r.try(mediator, "close", fields["close"]), "not_performed")
	wantRule(t, r.try(mediator, "terminate", fields["terminate"]), "effective")
}

// TestEffectIsComputed: a written agreement takes effect when the last of all
// parties, a mediator and the seal is there, on that day.
func TestEffectIsComputed(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_(ways["agreed/none"]...)
	r.act("sign", `{"by":["李大样"],"at":"2026-03-17"}`)
	r.act("sign", `{"by":["赵示和"],"at":"2026-03-17"}`)
	r.act("sign", `{"seal":true,"at":"2026-03-18"}`)
	r.wantStates("agreed/none")
	wantRule(t, r.try(mediator, "perform", fields["perform"]), "not_effective")
	r.act("sign", `{"by":["王例亲"],"at":"2026-03-19"}`) // the agent with special authority
	r.wantStates("effective/performing")
	a := r.view().Agreement
	if a.EffectiveOn != "2026-03-19" || len(a.Unsigned) != 0 || len(a.Signed) != 2 {
		t.Fatalf("got %+v", a)
	}
	if got := r.view().Outcome; got != "agreed" {
		t.Fatalf("outcome %q", got)
	}
}

func TestGeneralAgentCannotSign(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_(ways["agreed/none"]...)
	r.set(`{"parties.` + r.view().Parties[1].ID + `.agent.authority":"general"}`)
	wantField(t, r.try(mediator, "sign", `{"by":["王例亲"],"at":"2026-03-19"}`), "by[0]", "authority")
}

func TestTwoPartiesOfOneName(t *testing.T) {
	d := goodDocument(t)
	d.Parties[1].Name = d.Parties[0].Name
	r := newRecord(t, d)
	r.go_(ways["agreed/none"]...)
	r.act("sign", `{"by":["李大样","赵示和"],"seal":true,"at":"2026-03-17"}`)
	r.wantStates("agreed/none")
	r.act("sign", `{"by":["李大样"],"at":"2026-03-18"}`)
	r.wantStates("effective/performing")
}

func TestOralAgreementIsEffectiveAtOnce(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_("accept", "assign", "start-session", "oral")
	r.wantStates("effective/performing")
	wantRule(t, r.try(mediator, "sign", fields["sign"]), "oral")
	r.go_("perform", "close")
	r.wantStates("closed/performed")
}

// TestRewordingDropsSignatures: a new wording before effect begins again.
func TestRewordingDropsSignatures(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_(ways["agreed/none"]...)
	r.act("sign", `{"by":["李大样","王小例"],"at":"2026-03-17"}`)
	r.act("agree", strings.Replace(fields["agree"], "2026-03-17", "2026-03-18", 1))
	r.act("sign", `{"by":["赵示和"],"seal":true,"at":"2026-03-18"}`)
	r.wantStates("agreed/none")
	r.act("sign", `{"by":["李大样","王小例"],"at":"2026-03-18"}`)
	r.wantStates("effective/performing")
}

// TestRefusalsSpeakBothLanguages: no code and no English is left in Chinese.
func TestRefusalsSpeakBothLanguages(t *testing.T) {
	latin := regexp.MustCompile(`[A-Za-z]{2,}|[{}]`)
	look := func(sentence string) {
		t.Helper()
		if sentence == "" || latin.MatchString(sentence) {
			t.Errorf("%q", sentence)
		}
	}
	for state, way := range ways {
		r := newRecord(t, goodDocument(t))
		r.go_(way...)
		for _, a := range []casework.Actor{mediator, {Relation: casework.Owner, Roles: []string{"judge"}}, {Relation: casework.Above}} {
			for _, option := range casework.Steps(r.state, a, r.held()...) {
				if !option.Allowed {
					look(option.Refusal.Why(data.Chinese))
					look(option.Refusal.Unblock(data.Chinese))
					look(option.Refusal.Text(data.Chinese))
					if en := option.Refusal.Text(data.English); strings.Contains(en, "{") || en == "" {
						t.Errorf("%s: %q", state, en)
					}
				}
			}
		}
	}
	r := newRecord(t, goodDocument(t))
	r.go_("accept", "assign", "start-session", "agree")
	r.act("sign", `{"by":["李大样"],"at":"2026-03-17"}`)
	err := r.try(mediator, "perform", fields["perform"])
	if got := err.Error(); got != "Perform: the agreement is not effective yet: Parties' signatures × 1, A mediator's signature, The committee's seal missing (People's Mediation Law art. 29); complete signatures and seal" {
		t.Errorf("%q", got)
	}
	err = r.try(mediator, "agree", strings.Replace(fields["agree"], `"at":"2026-03-17"`, `"at":"2026-03-01"`, 1))
	var all casework.Problems
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	for _, p := range all {
		look(p.Why(data.Chinese))
		look(p.Hint(data.Chinese))
	}
}

// An agreement in force is made of its draft and its signatures: nobody writes
// that event as a step, which would rest on neither and leave the case read-only.
func TestInForceIsNobodysStep(t *testing.T) {
	given := `{"at":"2026-03-17","form":"written","terms":[{"who":"王小例","what":"x","due":"2026-03-20"}]}`
	for _, way := range []string{"submitted/none", "mediating/none", "agreed/none"} {
		r := newRecord(t, goodDocument(t))
		r.go_(ways[way]...)
		before := string(casework.Encode(r.view()))
		wantRule(t, r.try(mediator, casework.StepInForce, given), "entered_only")
		if string(casework.Encode(r.view())) != before {
			t.Errorf("%s: something changed", way)
		}
	}
}
