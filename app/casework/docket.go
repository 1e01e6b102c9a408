package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// What a court is asked for with a case's papers.
const (
	// DocketSuit: mediation ended without an agreement, or one is sued upon.
	DocketSuit = "suit"
	// DocketConfirmation: the parties ask jointly that the agreement be confirmed.
	DocketConfirmation = "confirmation"
)

// DocketFacts are what a court is told of a case's course beside its document.
// They are chosen one by one: nothing of sessions, notes, proposals or an
// agreement that never bound anybody is among them, since what was conceded to
// reach one may not be used against who conceded it (在线调解规则 arts. 18, 22,
// 民诉法解释 art. 107).
type DocketFacts struct {
	Kind        string
	Agreement   *Agreement // that took effect; nil: none
	Ending      *Ending
	Undisputed  *Undisputed
	Application *JointApplication
	// Minutes that the parties signed go with an application, never with a suit;
	// Released is what all of them released in writing.
	Minutes, Released []GivenText
	Notices           []Notice
	Letters           []Letter // with a court, and those by which the case came to who mediated it
	Listed            []ListedPaper
}

// Ending is how mediation ended without an agreement.
type Ending struct {
	Step    string // terminate, stop, withdraw or refuse
	Reason  string // code of termination_reason; of refuse: of refusal_ground
	On      string
	Article string // key of data.Article
	ByParty bool   // a party's right, and nobody's failure
	Advised []string
	// AdvisedOn is the day on which the parties were told of the other ways.
	AdvisedOn string
}

// Undisputed are the facts that the parties confirmed (在线调解规则 art. 22).
type Undisputed struct {
	On          string   `json:"on"`
	Facts       []string `json:"facts"`
	ConfirmedBy []string `json:"confirmed_by"`
	// Contested: a party that came in meanwhile did not confirm them.
	Contested bool `json:"contested,omitempty"`
}

// GivenText is what left the notes by a lawful door.
type GivenText struct {
	On   string
	Text string
	By   []string
}

// JointApplication is the application for judicial confirmation.
type JointApplication struct {
	On      string
	By      []string
	Oral    bool
	Answers []CheckAnswer
}

// CheckAnswer is an answer of the check before it.
type CheckAnswer struct {
	Question string `json:"question"`
	Answer   bool   `json:"answer"`
}

// Notice is what parties were told.
type Notice struct {
	What string
	On   string
	To   []string
	How  string
}

// ListedPaper is a paper that a letter or its report lists.
type ListedPaper struct {
	Letter string // id of the letter
	Name   string
	Folder string // code of docket_folder; empty: not said
	Copies int64
	Pages  int64
	Copy   string // code of original_or_copy
	SHA256 string // of its file; empty: none was given
	// Withheld: it stays here, by the rule of the message "docket.withheld.…".
	Withheld string
}

// DocketOf tells what a court needs of a case; want is DocketSuit,
// DocketConfirmation or empty for what the case itself says. court tells of a
// unit whether it is a court. It fails with *Refusal where the law leaves
// nothing to docket yet.
func DocketOf(s *crdt.State, names Names, want string, court func(crdt.ID) bool) (DocketFacts, error) {
	if !contains([]string{"", DocketSuit, DocketConfirmation}, want) {
		return DocketFacts{}, Problems{{Path: "kind", Code: CodeCode, Params: pairs([]string{"value", shorten(want), "known", DocketSuit + ", " + DocketConfirmation})}}
	}
	c := resolve(readLog(s))
	f := &c.facts
	kind, refusal := f.docketKind(want)
	if d := c.contestedAgreement(); d != nil {
		refusal = c.waits(StepDocket, d)
	}
	if refusal != nil {
		return DocketFacts{}, refusal
	}
	out := DocketFacts{Kind: kind, Ending: f.ending(), Application: f.jointApplication(), Notices: f.told(), Released: given(f.released, keyReleased)}
	if u := c.undisputedView(s); u != nil && !u.Contested {
		out.Undisputed = u
	}
	if kind == DocketConfirmation {
		out.Minutes = given(f.minutes, keyBy)
	}
	if f.effectiveOn != "" {
		out.Agreement = f.view()
	}
	letters := f.letters(names)
	for i, r := range f.referrals {
		withCourt := court(r.sent.op.Unit) || court(idOf(r.to()))
		if r.draft || !withCourt && !contains(handsOver, r.kind()) {
			continue
		}
		out.Letters = append(out.Letters, letters[i])
		if !contains([]string{StateRecalled, StateDeclined, StateLapsed}, r.state()) {
			out.Listed = append(out.Listed, r.listed(kind, withCourt)...)
		}
	}
	out.Listed = onceEach(out.Listed)
	return out, nil
}

// docketKind decides what a court can be asked for.
func (f *facts) docketKind(want string) (string, *Refusal) {
	refuse := func(rule, article string) (string, *Refusal) {
		return "", &Refusal{Step: StepDocket, Rule: rule, Article: article}
	}
	written := f.effectiveOn != "" && f.agreement.form() != "oral"
	suing := f.sued != nil || f.dockets != nil || f.suit(Names{}) != nil
	if want == "" {
		want = DocketSuit
		if written && !suing && len(f.ends) == 0 {
			want = DocketConfirmation
		}
	}
	switch {
	case want == DocketConfirmation && f.effectiveOn == "":
		return refuse("docket_not_effective", "mediation-33")
	case want == DocketConfirmation && !written:
		return refuse("oral_confirmation", "interpretation-354")
	case want == DocketSuit && !suing && !contains(ruleOf[StepDocket].with, f.mediation()):
		return refuse("docket_open", "mediation-26")
	}
	return want, nil
}

func (f *facts) ending() *Ending {
	var e *event
	switch {
	case len(f.ends) > 0:
		e = f.l.events[f.ends[0]]
	case len(f.refused) > 0:
		e = f.l.events[f.refused[0]]
	default:
		return nil
	}
	out := &Ending{Step: e.step, Reason: e.endingReason(), On: e.day, Article: ruleOf[e.step].article, ByParty: e.step == StepStop || e.step == StepWithdraw}
	if e.step == StepRefuse {
		out.Reason = str(e.value[keyGround])
	}
	for _, i := range f.advised {
		told := f.l.events[i]
		out.Advised, out.AdvisedOn = strs(told.value[keyRoutes]), told.day
	}
	return out
}

func (f *facts) jointApplication() *JointApplication {
	if f.application == nil {
		return nil
	}
	e := f.application.applied
	out := &JointApplication{On: e.day, By: strs(e.value[keyBy]), Oral: e.value[keyOral] == true}
	list, _ := e.value[keyAnswers].([]crdt.Value)
	for _, item := range list {
		row, _ := item.(map[string]crdt.Value)
		out.Answers = append(out.Answers, CheckAnswer{Question: str(row["question"]), Answer: row["answer"] == true})
	}
	return out
}

func given(list []*event, by string) []GivenText {
	var out []GivenText
	for _, e := range list {
		out = append(out, GivenText{On: e.day, Text: str(e.value[keyText]), By: strs(e.value[by])})
	}
	return out
}

func (f *facts) told() []Notice {
	var out []Notice
	for _, e := range f.notices {
		out = append(out, Notice{What: str(e.value[keyWhat]), On: e.day, To: strs(e.value[keyNotified]), How: str(e.value[keyHow])})
	}
	return out
}

// Folders of papers in which what was conceded may stand.
const (
	folderMinutes   = "minutes"
	folderAgreement = "agreement"
	folderOther     = "other"
)

// listed are the papers of a letter and of its report. Minutes don't go with a
// suit. Of a letter between bodies only the parties' own papers go: it was not
// written for a court.
func (r *referral) listed(kind string, withCourt bool) []ListedPaper {
	var out []ListedPaper
	for _, e := range []*event{r.sent, r.reported} {
		if e == nil {
			continue
		}
		list, _ := e.value[keyMaterials].([]crdt.Value)
		for _, item := range list {
			row, _ := item.(map[string]crdt.Value)
			p := ListedPaper{Letter: EntryID(r.sent.ref), Name: str(row["name"]), Folder: str(row["folder"]), Copy: str(row["copy"]), SHA256: str(row["sha256"])}
			p.Copies, _ = row["copies"].(int64)
			p.Pages, _ = row["pages"].(int64)
			switch {
			case kind == DocketSuit && p.Folder == folderMinutes:
				p.Withheld = "minutes"
			case !withCourt && contains([]string{"", folderMinutes, folderAgreement, folderOther}, p.Folder):
				p.Withheld = "between_bodies"
			}
			out = append(out, p)
		}
	}
	return out
}

// onceEach leaves out a file that was listed before: the court's own papers come
// back with a report.
func onceEach(list []ListedPaper) []ListedPaper {
	var out []ListedPaper
	for _, p := range list {
		before := slices.IndexFunc(out, func(o ListedPaper) bool { return p.SHA256 != "" && o.SHA256 == p.SHA256 })
		switch {
		case before < 0:
			out = append(out, p)
		case out[before].Withheld != "" && p.Withheld == "":
			out[before] = p
		}
	}
	return out
}
