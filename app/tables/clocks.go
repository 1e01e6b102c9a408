package tables

import (
	"slices"
	"strings"
)

// Units in which a clock counts.
const (
	CalendarDays = "calendar_days"
	WorkingDays  = "working_days"
	Months       = "months"
	Years        = "years"
)

// Kinds of clocks.
const (
	KindHard   = "hard"   // the law's limit
	KindTarget = "target" // an earlier limit to aim at
	KindLocal  = "local"  // left to local rules: no length until an authority publishes one
)

// Who must act before a clock runs out.
const (
	ActorHandler  = "handler"  // the body that handles the case
	ActorSender   = "sender"   // who sent a referral
	ActorReceiver = "receiver" // who received it
	ActorCourt    = "court"
	ActorParties  = "parties"
	ActorMediator = "mediator"
)

// The clocks that the program names. A table may have more; it must have these.
const (
	ClockMediation              = "mediation"
	ClockMediationAgreed        = "mediation_agreed"
	ClockDelegated              = "delegated"
	ClockEntrustedOrdinary      = "entrusted_ordinary"
	ClockEntrustedSummary       = "entrusted_summary"
	ClockOnline                 = "online"
	ClockOnlineOrdinary         = "online_ordinary"
	ClockOnlineSummary          = "online_summary"
	ClockChooseMediator         = "choose_mediator"
	ClockDesignateMediator      = "designate_mediator"
	ClockReferralAnswer         = "referral_answer"
	ClockAskOtherParty          = "ask_other_party"
	ClockConfirmationApply      = "confirmation_apply"
	ClockConfirmationIntake     = "confirmation_intake"
	ClockConfirmationRuling     = "confirmation_ruling"
	ClockConfirmationTarget     = "confirmation_target"
	ClockConfirmationSupplement = "confirmation_supplement"
	ClockObjectionParty         = "objection_party"
	ClockObjectionInterested    = "objection_interested"
	ClockDocketing              = "docketing"
	ClockPaymentOrderIntake     = "payment_order_intake"
	ClockPaymentOrderIssue      = "payment_order_issue"
	ClockPaymentOrderObjection  = "payment_order_objection"
	ClockEnforcement            = "enforcement"
	ClockLimitation             = "limitation"
	ClockLabourArbitration      = "labour_arbitration"
	ClockIntakeDecision         = "intake_decision"
	ClockIntakeSupplement       = "intake_supplement"
)

// ClockIDs are the clocks that every clocks table must have.
func ClockIDs() []string {
	return []string{
		ClockMediation, ClockMediationAgreed, ClockDelegated, ClockEntrustedOrdinary, ClockEntrustedSummary,
		ClockOnline, ClockOnlineOrdinary, ClockOnlineSummary, ClockChooseMediator, ClockDesignateMediator,
		ClockReferralAnswer, ClockAskOtherParty, ClockConfirmationApply, ClockConfirmationIntake,
		ClockConfirmationRuling, ClockConfirmationTarget, ClockConfirmationSupplement, ClockObjectionParty,
		ClockObjectionInterested, ClockDocketing, ClockPaymentOrderIntake, ClockPaymentOrderIssue,
		ClockPaymentOrderObjection, ClockEnforcement, ClockLimitation, ClockLabourArbitration,
		ClockIntakeDecision, ClockIntakeSupplement,
	}
}

// Clocks is the table of time limits. Events, Pauses and Extenders are the
// words that its rows use.
type Clocks struct {
	Events    []Named `json:"events"`    // what starts, meets or stops a clock
	Pauses    []Pause `json:"pauses"`    // why a clock stands still
	Extenders []Named `json:"extenders"` // who may extend one
	Rows      []Clock `json:"clocks"`
}

// Pause is a reason for which clocks stand still.
type Pause struct {
	Named

	Article Text `json:"article"`
}

// Clock is one time limit.
type Clock struct {
	ID       string   `json:"id"`
	Zh       string   `json:"zh"`
	En       string   `json:"en"`
	Length   int      `json:"length,omitempty"` // 0 only where Kind is KindLocal
	Unit     string   `json:"unit"`
	Starts   []string `json:"starts"`           // events: any of them starts it
	Ends     []string `json:"ends"`             // events: any of them meets it
	Stops    []string `json:"stops,omitempty"`  // events after which it no longer matters
	Pauses   []string `json:"pauses,omitempty"` // of Clocks.Pauses
	Extend   *Extend  `json:"extend,omitempty"` // absent: it can't be extended
	Actor    string   `json:"actor"`
	Kind     string   `json:"kind"`
	Division string   `json:"division,omitempty"` // leading digits of the divisions where it applies; absent: everywhere
	// Categories are the kinds of dispute to which it applies; absent: to all.
	Categories []string `json:"categories,omitempty"`
	// Renews: what starts it while it runs interrupts it, and it runs anew from
	// then (民法典 art. 195); other clocks run on.
	Renews bool `json:"renews,omitempty"`
	// Authority is whose word it is where court and bureau stand side by side.
	Authority string `json:"authority,omitempty"`
	Article   Text   `json:"article"`
	Note      *Text  `json:"note,omitempty"` // what to know when reading it
	Source    string `json:"source"`
}

// Extend says how a clock can be extended.
type Extend struct {
	By      []string `json:"by"`                 // of Clocks.Extenders
	Agreed  bool     `json:"agreed,omitempty"`   // all parties have to agree
	MaxDays int      `json:"max_days,omitempty"` // beyond the nominal day; 0: no bound in the text
}

// Name is the clock's name in the language.
func (c Clock) Name(lang string) string { return Text{c.Zh, c.En}.In(lang) }

func (c Clock) rowID() string { return c.ID }

// Applies tells whether a clock is meant for a division (of 12 digits) and a
// kind of dispute.
func (c Clock) Applies(division, category string) bool {
	return strings.HasPrefix(division, c.Division) && (len(c.Categories) == 0 || slices.Contains(c.Categories, category))
}

// lengths bound how long a clock of a unit can be: twenty years, the longest
// limit of civil law (民法典 art. 188), and a year of workdays.
var lengths = map[string]int{CalendarDays: 7305, WorkingDays: 366, Months: 240, Years: 20}

func (t *Clocks) check() error {
	err := first(
		checkIDs("events", t.Events), checkIDs("pauses", t.Pauses), checkIDs("extenders", t.Extenders),
		checkIDs("clocks", t.Rows), checkHas("clocks", t.Rows, ClockIDs()),
	)
	if err != nil {
		return err
	}
	for i, c := range t.Rows {
		if err := t.checkRow(label("clocks", i, c.ID), c); err != nil {
			return err
		}
	}
	return nil
}

func (t *Clocks) checkRow(row string, c Clock) error {
	err := first(
		checkAmong(row+".unit", []string{c.Unit}, []string{CalendarDays, WorkingDays, Months, Years}),
		checkAmong(row+".kind", []string{c.Kind}, []string{KindHard, KindTarget, KindLocal}),
		checkAmong(row+".actor", []string{c.Actor}, []string{ActorHandler, ActorSender, ActorReceiver, ActorCourt, ActorParties, ActorMediator}),
		checkAmong(row+".starts", c.Starts, ids(t.Events)),
		checkAmong(row+".ends", c.Ends, ids(t.Events)),
		checkAmong(row+".stops", c.Stops, ids(t.Events)),
		checkAmong(row+".pauses", c.Pauses, ids(t.Pauses)),
		checkDivision(row+".division", c.Division),
		checkCodes(row+".categories", c.Categories),
		checkMaster(row, c.Authority),
	)
	if err != nil {
		return err
	}
	for _, stop := range c.Stops {
		if slices.Contains(c.Ends, stop) {
			return &Error{Row: row + ".stops", Code: CodeDuplicate, Params: map[string]string{"value": stop}}
		}
	}
	least := 1
	if c.Kind == KindLocal {
		least = 0
	}
	if c.Length < least || c.Length > lengths[c.Unit] {
		return outOfBounds(row+".length", c.Length, least, lengths[c.Unit])
	}
	if c.Extend != nil {
		return checkAmong(row+".extend.by", c.Extend.By, ids(t.Extenders))
	}
	return nil
}

func checkDivision(row, digits string) error {
	if len(digits) > 12 || strings.Trim(digits, "0123456789") != "" {
		return &Error{Row: row, Code: CodeID, Params: map[string]string{"value": shorten(digits)}}
	}
	return nil
}
