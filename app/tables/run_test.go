package tables

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"testing/quick"
)

// story is one clock with a history, what it has to read, and the sentence
// that docs/clocks.md shows for it.
type story struct {
	zh, en string
	clock  string
	h      History

	nominal, due, state string
	reason              string // of a move
	paused              int
	extended            string
	warnings            string
}

func agreed(on, until string) Extension {
	return Extension{On: on, Until: until, By: "parties", Agreed: true}
}

// stories are the clocks of the two example cases and everything that can
// happen to a clock.
var stories = []story{
	{zh: "围墙案：三月十日受理，三月十七日达成协议", en: "The wall: accepted on 10 March, agreed on the 17th", clock: ClockMediation, h: History{StartedOn: "2026-03-10", EndedOn: "2026-03-17", EndedBy: "agreed"}, nominal: "2026-04-09", due: "2026-04-09", state: StateMet},
	{zh: "围墙案：协议三月十七日生效", en: "The wall: the agreement takes effect on 17 March", clock: ClockConfirmationApply, h: History{StartedOn: "2026-03-17"}, nominal: "2026-04-16", due: "2026-04-16", state: StateRunning},
	{zh: "工资案：九月二日签收法院材料，第三十日在国庆假期内", en: "The wages: the court’s materials signed for on 2 September, the 30th day falls in the National Day rest", clock: ClockDelegated, h: History{StartedOn: "2026-09-02"}, nominal: "2026-10-02", due: "2026-10-08", reason: MovedHoliday, state: StateRunning},
	{zh: "工资案：三个工作日内答复是否接受", en: "The wages: three workdays to answer the referral", clock: ClockReferralAnswer, h: History{StartedOn: "2026-09-02", EndedOn: "2026-09-02", EndedBy: "referral_accepted"}, nominal: "2026-09-07", due: "2026-09-07", state: StateMet},
	{zh: "九月一日起三个工作日", en: "Three workdays from 1 September", clock: ClockReferralAnswer, h: History{StartedOn: "2026-09-01"}, nominal: "2026-09-04", due: "2026-09-04", state: StateRunning},
	{zh: "工资案：协议九月十六日生效，九月十八日申请司法确认", en: "The wages: the agreement takes effect on 16 September, confirmation is asked on the 18th", clock: ClockConfirmationApply, h: History{StartedOn: "2026-09-16", EndedOn: "2026-09-18", EndedBy: "confirmation_applied"}, nominal: "2026-10-16", due: "2026-10-16", state: StateMet},
	{zh: "工资案：法院九月十八日收到申请，九月二十一日受理", en: "The wages: the court has the application on 18 September and accepts it on the 21st", clock: ClockConfirmationIntake, h: History{StartedOn: "2026-09-18", EndedOn: "2026-09-21", EndedBy: "confirmation_accepted"}, nominal: "2026-09-21", due: "2026-09-21", state: StateMet},
	{zh: "工资案：九月二十一日受理，九月二十四日裁定", en: "The wages: accepted on 21 September, ruled on the 24th", clock: ClockConfirmationTarget, h: History{StartedOn: "2026-09-21", EndedOn: "2026-09-24", EndedBy: "confirmation_ruled"}, nominal: "2026-10-06", due: "2026-10-08", reason: MovedHoliday, state: StateMet},
	{zh: "工资案（反例）：最后一期十一月十六日届满，申请执行二年", en: "The wages (counter-example): the last instalment falls due on 16 November, two years to ask for enforcement", clock: ClockEnforcement, h: History{StartedOn: "2026-11-16"}, nominal: "2028-11-16", due: "2028-11-16", state: StateRunning, warnings: "[year_unknown 2028]"},
	{zh: "申请司法确认晚了一天", en: "Confirmation asked a day late", clock: ClockConfirmationApply, h: History{StartedOn: "2026-03-17", EndedOn: "2026-04-17", EndedBy: "confirmation_applied"}, nominal: "2026-04-16", due: "2026-04-16", state: StateLateMet},
	{zh: "假期后第一日申请，不算晚", en: "Asked on the first day after the rest: in time", clock: ClockConfirmationApply, h: History{StartedOn: "2026-09-02", EndedOn: "2026-10-08", EndedBy: "confirmation_applied"}, nominal: "2026-10-02", due: "2026-10-08", reason: MovedHoliday, state: StateMet},

	{zh: "最后一日是周六，顺延到周一", en: "The last day is a Saturday and moves to Monday", clock: ClockMediation, h: History{StartedOn: "2026-02-12"}, nominal: "2026-03-14", due: "2026-03-16", reason: MovedWeekend, state: StateRunning},
	{zh: "最后一日是调休上班的周六，不顺延", en: "The last day is a make-up Saturday: it does not move", clock: ClockMediation, h: History{StartedOn: "2026-09-10"}, nominal: "2026-10-10", due: "2026-10-10", state: StateRunning},
	{zh: "跨春节的工作日：二月十四日、二十四日上班", en: "Workdays across the Spring Festival: 14 and 24 February are worked", clock: ClockReferralAnswer, h: History{StartedOn: "2026-02-12"}, nominal: "2026-02-24", due: "2026-02-24", state: StateRunning},
	{zh: "跨国庆的工作日：调休的周六算一天", en: "Workdays across National Day: the make-up Saturday counts", clock: ClockAskOtherParty, h: History{StartedOn: "2026-09-30"}, nominal: "2026-10-10", due: "2026-10-10", state: StateRunning},
	{zh: "二〇三一年的放假安排还不知道", en: "The holidays of 2031 are unknown", clock: ClockDelegated, h: History{StartedOn: "2031-09-02"}, nominal: "2031-10-02", due: "2031-10-02", state: StateRunning, warnings: "[year_unknown 2031]"},
	{zh: "跨到还没有安排的二〇二七年", en: "Into 2027, which is unknown", clock: ClockReferralAnswer, h: History{StartedOn: "2026-12-30"}, nominal: "2027-01-04", due: "2027-01-04", state: StateRunning, warnings: "[year_unknown 2027]"},
	{zh: "六个月，到期月没有对应日的算月末", en: "Six months to a month without that day: its last day", clock: ClockObjectionInterested, h: History{StartedOn: "2025-12-31"}, nominal: "2026-06-30", due: "2026-06-30", state: StateRunning},

	{zh: "鉴定十天不计入", en: "Ten days of appraisal don’t count", clock: ClockDelegated, h: History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-03-20", "2026-03-30"}}}, nominal: "2026-04-19", due: "2026-04-20", reason: MovedWeekend, paused: 10, state: StateRunning},
	{zh: "两次暂停重叠，重叠的日子只算一次", en: "Two pauses overlap: days in both count once", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-03-20", "2026-03-30"}, {"suspension", "2026-03-25", "2026-04-01"}}}, nominal: "2026-04-21", due: "2026-04-21", paused: 12, state: StateRunning},
	{zh: "第一次暂停把最后一日推后，第二次才落在期限内", en: "The second pause falls in the period only because the first made it longer", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-03-20", "2026-03-30"}, {"appraisal", "2026-04-12", "2026-04-17"}}}, nominal: "2026-04-24", due: "2026-04-24", paused: 15, state: StateRunning},
	{zh: "受理前就开始的鉴定，只减受理后的日子", en: "An appraisal that began before acceptance: only days after it are taken out", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-03-01", "2026-03-13"}}}, nominal: "2026-04-11", due: "2026-04-13", reason: MovedWeekend, paused: 2, state: StateRunning},
	{zh: "期满后的鉴定不算", en: "An appraisal after the last day takes nothing", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-04-15", "2026-04-20"}}}, nominal: "2026-04-09", due: "2026-04-09", state: StateRunning, warnings: "[pause_after_end]"},
	{zh: "顺延的假期里开始鉴定，从顺延后的最后一日起加", en: "An appraisal that begins in the rest to which the last day moves", clock: ClockDelegated, h: History{StartedOn: "2026-09-02", Pauses: []Standing{{"appraisal", "2026-10-06", "2026-10-12"}}}, nominal: "2026-10-14", due: "2026-10-14", paused: 6, state: StateRunning},
	{zh: "正在鉴定", en: "The appraisal goes on", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-04-01", ""}}}, nominal: "2026-04-09", due: "2026-04-09", state: StatePaused},
	{zh: "司法确认申请期限不因鉴定停止", en: "The time to ask for confirmation does not stand still for an appraisal", clock: ClockConfirmationApply, h: History{StartedOn: "2026-03-17", Pauses: []Standing{{"appraisal", "2026-03-20", "2026-03-30"}}}, nominal: "2026-04-16", due: "2026-04-16", state: StateRunning, warnings: "[pause_not_counted]"},

	{zh: "双方同意延长到五月一日（劳动节）", en: "Both agree to extend to 1 May (Labour Day)", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-08", "2026-05-01")}}, nominal: "2026-04-09", extended: "2026-05-01", due: "2026-05-06", reason: MovedHoliday, state: StateRunning},
	{zh: "延长两次，后一次算数", en: "Extended twice: the later counts", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-28", "2026-05-29"), agreed("2026-04-08", "2026-04-30")}}, nominal: "2026-04-09", extended: "2026-05-29", due: "2026-05-29", state: StateRunning},
	{zh: "延长后又鉴定十天", en: "Extended, then ten days of appraisal", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-08", "2026-04-30")}, Pauses: []Standing{{"appraisal", "2026-04-15", "2026-04-25"}}}, nominal: "2026-04-09", extended: "2026-05-10", due: "2026-05-11", reason: MovedWeekend, paused: 10, state: StateRunning},
	{zh: "先鉴定后延长，延长时已经知道鉴定，不再加", en: "Appraisal first, then extended by people who knew of it: nothing more is added", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-08", "2026-05-29")}, Pauses: []Standing{{"appraisal", "2026-03-20", "2026-03-30"}}}, nominal: "2026-04-19", extended: "2026-05-29", due: "2026-05-29", paused: 10, state: StateRunning},
	{zh: "只有一方同意，不算延长", en: "Only one side agreed: no extension", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{{"2026-04-08", "2026-04-30", "parties", false}}}, nominal: "2026-04-09", due: "2026-04-09", state: StateRunning, warnings: "[extension_not_agreed]"},
	{zh: "调委会自己不能延长", en: "The committee can’t extend it by itself", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{{"2026-04-08", "2026-04-30", "handler", true}}}, nominal: "2026-04-09", due: "2026-04-09", state: StateRunning, warnings: "[extension_not_allowed]"},
	{zh: "司法确认申请期限不能延长", en: "The time to ask for confirmation can’t be extended", clock: ClockConfirmationApply, h: History{StartedOn: "2026-03-17", Extensions: []Extension{agreed("2026-04-08", "2026-05-08")}}, nominal: "2026-04-16", due: "2026-04-16", state: StateRunning, warnings: "[extension_not_allowed]"},
	{zh: "延长到更早的日子，不算", en: "Extended to an earlier day: it does not count", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-03-20", "2026-04-01")}}, nominal: "2026-04-09", due: "2026-04-09", state: StateRunning, warnings: "[extension_shorter]"},
	{zh: "期满以后才同意延长，算数但要核对", en: "Extended only after the last day: it counts, to be checked", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-13", "2026-05-08")}}, nominal: "2026-04-09", extended: "2026-05-08", due: "2026-05-08", state: StateRunning, warnings: "[extension_late]"},
	{zh: "院长批准延长二十日，最多算十日", en: "The president allows twenty days: ten count at most", clock: ClockConfirmationTarget, h: History{StartedOn: "2026-03-10", Extensions: []Extension{{"2026-03-20", "2026-04-14", "court_president", false}}}, nominal: "2026-03-25", extended: "2026-04-04", due: "2026-04-07", reason: MovedHoliday, state: StateRunning, warnings: "[extension_too_long]"},
	{zh: "开始以前的“延长”不算", en: "Extended before it began: it does not count", clock: ClockMediation, h: History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-03-01", "2026-05-08")}}, nominal: "2026-04-09", due: "2026-04-09", state: StateRunning, warnings: "[extension_early]"},
	{zh: "结束以后的“延长”不算", en: "Extended after it had ended: it does not count", clock: ClockMediation, h: History{StartedOn: "2026-03-10", EndedOn: "2026-04-13", EndedBy: "agreed", Extensions: []Extension{agreed("2026-04-14", "2026-05-08")}}, nominal: "2026-04-09", due: "2026-04-09", state: StateLateMet, warnings: "[extension_after_end]"},

	{zh: "撤回申请，期限不再要紧", en: "The application was withdrawn: it no longer matters", clock: ClockMediation, h: History{StartedOn: "2026-03-10", EndedOn: "2026-05-17", EndedBy: "withdrawn"}, nominal: "2026-04-09", due: "2026-04-09", state: StateEnded},
	{zh: "当事人放弃申请司法确认", en: "The parties gave up confirmation", clock: ClockConfirmationApply, h: History{StartedOn: "2026-03-17", EndedOn: "2026-03-17", EndedBy: Waived}, nominal: "2026-04-16", due: "2026-04-16", state: StateWaived},
	{zh: "被期限表没有写的事结束", en: "Ended by something that the table does not name", clock: ClockMediation, h: History{StartedOn: "2026-03-10", EndedOn: "2026-03-17", EndedBy: "docketed"}, nominal: "2026-04-09", due: "2026-04-09", state: StateEnded, warnings: "[end_unknown]"},
	{zh: "鉴定中达成协议，鉴定算到那天为止", en: "Agreed during an appraisal, which counts until that day", clock: ClockMediation, h: History{StartedOn: "2026-03-10", EndedOn: "2026-04-20", EndedBy: "agreed", Pauses: []Standing{{"appraisal", "2026-04-01", ""}}}, nominal: "2026-04-28", due: "2026-04-28", paused: 19, state: StateMet},
	{zh: "地方没有规定期限", en: "No local rule sets a length", clock: ClockIntakeDecision, h: History{StartedOn: "2026-03-10"}, state: StateRunning, warnings: "[length_unset]"},
	{zh: "法院指定四月三日前补充材料", en: "The court sets 3 April for the supplement", clock: ClockConfirmationSupplement, h: History{StartedOn: "2026-03-27", Extensions: []Extension{{"2026-03-27", "2026-04-03", "court", false}}}, extended: "2026-04-03", due: "2026-04-03", state: StateRunning},
}

func TestRun(t *testing.T) {
	for _, s := range stories {
		t.Run(s.en, func(t *testing.T) {
			r, err := Default().Run(s.clock, s.h)
			if err != nil {
				t.Fatal(err)
			}
			reason := ""
			if r.MovedBecause != nil {
				reason = r.MovedBecause.Reason
			}
			got := story{
				zh: s.zh, en: s.en, clock: r.Clock, h: s.h, nominal: r.NominalOn, due: r.DueOn, state: r.State, reason: reason,
				paused: r.PausedDays, extended: r.ExtendedTo, warnings: show(r.Warnings),
			}
			if !reflect.DeepEqual(got, s) {
				t.Errorf("\n got %+v\nwant %+v", got, s)
			}
			if r.Article.Zh == "" || r.Actor == "" || r.Kind == "" {
				t.Error("the reading does not say by which article, for whom and how strict")
			}
			for _, w := range r.Warnings {
				if !han(w.Text("zh")) || w.Text(English) == "" || han(w.Text(English)) {
					t.Errorf("warning %q %q", w.Text("zh"), w.Text(English))
				}
			}
		})
	}
}

// TestStoriesCover holds that every state and warning was told of.
func TestStoriesCover(t *testing.T) {
	states, seen := map[string]bool{}, map[string]bool{}
	for _, s := range stories {
		r, err := Default().Run(s.clock, s.h)
		if err != nil {
			t.Fatal(err)
		}
		states[r.State] = true
		for _, w := range r.Warnings {
			seen[w.Code] = true
		}
	}
	for _, s := range []string{StateRunning, StatePaused, StateMet, StateLateMet, StateEnded, StateWaived} {
		if !states[s] {
			t.Errorf("no story ends %s", s)
		}
	}
	for _, w := range []string{
		WarnYear, WarnPauseKind, WarnPauseLate, WarnNotAllowed, WarnNotAgreed, WarnShorter, WarnTooLong, WarnExtendedLate,
		WarnExtendedEarly, WarnExtendedPending, WarnEnd, WarnLength,
	} {
		if !seen[w] {
			t.Errorf("no story warns %s", w)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	for _, test := range []struct {
		clock string
		h     History
		code  string
		where string
	}{
		{"lunch", History{StartedOn: "2026-03-10"}, CodeLacks, "clocks"},
		{ClockMediation, History{}, CodeDay, "started_on"},
		{ClockMediation, History{StartedOn: "2026-03-10", EndedOn: "soon"}, CodeDay, "ended_on"},
		{ClockMediation, History{StartedOn: "2026-03-10", EndedOn: "2026-03-09", EndedBy: "agreed"}, CodeOrder, "ended_on"},
		{ClockMediation, History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "", ""}}}, CodeDay, "pauses[0].from"},
		{ClockMediation, History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-03-12", "later"}}}, CodeDay, "pauses[0].to"},
		{ClockMediation, History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-03-12", "2026-03-11"}}}, CodeOrder, "pauses[0]"},
		{ClockMediation, History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("", "2026-05-01")}}, CodeDay, "extensions[0].on"},
		{ClockMediation, History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-01", "")}}, CodeDay, "extensions[0].until"},
		{ClockMediation, History{StartedOn: "2026-03-10", Extensions: []Extension{agreed("2026-04-01", "2026-03-31")}}, CodeOrder, "extensions[0]"},
	} {
		_, err := Default().Run(test.clock, test.h)
		var e *Error
		if !errors.As(err, &e) || e.Code != test.code || e.Where() != test.where {
			t.Errorf("%s %+v: %v", test.clock, test.h, err)
			continue
		}
		checkSentences(t, e)
	}
}

func TestOn(t *testing.T) {
	running := History{StartedOn: "2026-09-02"}
	paused := History{StartedOn: "2026-03-10", Pauses: []Standing{{"appraisal", "2026-04-01", ""}}}
	for _, test := range []struct {
		h     History
		today string
		due   string
		left  int
		over  int
	}{
		{running, "2026-09-02", "2026-10-08", 36, 0},
		{running, "2026-10-02", "2026-10-08", 6, 0},
		{running, "2026-10-08", "2026-10-08", 0, 0},
		{running, "2026-10-09", "2026-10-08", 0, 1},
		{paused, "2026-03-31", "2026-04-09", 9, 0},
		{paused, "2026-04-01", "2026-04-10", 9, 0},
		{paused, "2026-04-20", "2026-04-29", 9, 0},
		{paused, "2026-06-01", "2026-06-10", 9, 0}, // still nine days, however long it lasts
		{History{StartedOn: "2026-03-10", EndedOn: "2026-03-17", EndedBy: "agreed"}, "2027-01-01", "2026-04-09", 0, 0},
		{History{StartedOn: "2026-03-10", EndedOn: "2026-04-12", EndedBy: "agreed"}, "2027-01-01", "2026-04-09", 0, 3},
		{History{StartedOn: "2026-03-10", EndedOn: "2026-05-12", EndedBy: "withdrawn"}, "2027-01-01", "2026-04-09", 0, 0},
	} {
		r, err := Default().Run(ClockMediation, test.h)
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.On(test.today)
		overdue := test.over > 0 && test.h.EndedOn == ""
		if err != nil || s != (Status{On: test.today, DueOn: test.due, DaysLeft: test.left, DaysOver: test.over, Overdue: overdue}) {
			t.Errorf("%+v on %s: %+v, %v", test.h, test.today, s, err)
		}
	}
	unset, err := Default().Run(ClockIntakeDecision, History{StartedOn: "2026-03-10"})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := unset.On("2026-12-01"); err != nil || s != (Status{On: "2026-12-01"}) {
		t.Errorf("a clock without length: %+v, %v", s, err)
	}
	if _, err := unset.On("today"); err == nil {
		t.Error("a day that is none is taken")
	}
	if !reflect.DeepEqual(paused.Pauses, []Standing{{"appraisal", "2026-04-01", ""}}) {
		t.Error("looking at a reading changed its history")
	}
}

// TestProperties: for any clock and history, the last day is a workday, never
// before the nominal one; a pause never makes it earlier; pauses in any order
// and cut in two read the same; and it reads the same twice.
func TestProperties(t *testing.T) {
	clocks := Default().Clocks().Rows
	check := func(pick uint8, offset, from, length, cut uint16) bool {
		c := clocks[int(pick)%len(clocks)]
		start := mustDay(t, "2025-01-02") + day(offset%900)
		begin := start + day(from%80)
		end := begin + 1 + day(length%60)
		middle := begin + day(int(cut)%int(end-begin))
		plain := History{StartedOn: start.String()}
		one, two := plain, plain
		one.Pauses = []Standing{{"appraisal", begin.String(), end.String()}}
		two.Pauses = []Standing{{"appraisal", middle.String(), end.String()}, {"appraisal", begin.String(), middle.String()}}
		var out [3]Reading
		for i, h := range []History{plain, one, two} {
			r, err := Default().Run(c.ID, h)
			if err != nil || r.DueOn != "" && (!Default().Calendar().works(mustDay(t, r.DueOn)) || r.DueOn < r.NominalOn) {
				return false
			}
			out[i] = r
		}
		a, _ := json.Marshal(out[1])
		b, _ := json.Marshal(out[2])
		return out[1].DueOn >= out[0].DueOn && string(a) == string(b)
	}
	if err := quick.Check(check, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}
