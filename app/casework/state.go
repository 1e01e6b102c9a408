package casework

import "slices"

// State is where a case stands on its four tracks.
type State struct {
	Mediation    string `json:"mediation"`
	Performance  string `json:"performance"`
	Confirmation string `json:"confirmation"`
	Referral     string `json:"referral"`
}

// of is the state of one track.
func (s State) of(track string) string {
	switch track {
	case trackPerformance:
		return s.Performance
	case trackConfirmation:
		return s.Confirmation
	case trackReferral:
		return s.Referral
	}
	return s.Mediation
}

// States of the tracks (DOMAIN 1.6, 2.3). A track that has not begun is
// StateNone. Some words mean something on several tracks.
const (
	StateNone = "none"

	StateLead           = "lead"
	StateLeadKept       = "lead_kept"
	StateSubmitted      = "submitted"
	StateSupplement     = "supplement"
	StateRedirected     = "redirected"
	StateAccepted       = "accepted"
	StateRefusedIntake  = "refused_intake"
	StateAssigned       = "assigned"
	StateMediating      = "mediating"
	StateSuspended      = "suspended"
	StateAgreed         = "agreed"
	StateEffective      = "effective"
	StateTerminated     = "terminated"
	StateAdvised        = "advised"
	StateClosed         = "closed"
	StateArchived       = "archived"
	StateDisposalReview = "disposal_review"

	StatePerforming  = "performing"
	StatePerformed   = "performed"
	StatePartly      = "partly"
	StateDefaulted   = "defaulted"
	StateUrged       = "urged"
	StateEnforcement = "enforcement"
	StateLitigation  = "litigation"

	StateApplied      = "applied"
	StateReceived     = "received"
	StateRefused      = "refused"
	StateWithdrawn    = "withdrawn"
	StateConfirmed    = "confirmed"
	StateDismissed    = "dismissed"
	StateObjected     = "objected"
	StateRevoked      = "revoked"
	StateNotarised    = "notarised"
	StateOrderApplied = "order_applied"
	StateOrderIssued  = "order_issued"
	StateOrderFinal   = "order_final"
	StateOrderEnded   = "order_ended"

	StateDraft    = "draft"
	StateSent     = "sent"
	StateDeclined = "declined"
	StateLapsed   = "lapsed"
	StateRecalled = "recalled"
	StateInWork   = "in_work"
	StateReported = "reported"
)

func (f *facts) state() State {
	f.markWork()
	return State{Mediation: f.mediation(), Performance: f.performance(), Confirmation: f.confirmation(), Referral: f.referral()}
}

// markWork notes which receivers began to work: they took steps of mediation
// after they accepted.
func (f *facts) markWork() {
	for _, r := range f.referrals {
		r.worked = r.accepted != nil && slices.ContainsFunc(f.mediated, func(e *event) bool {
			return string(e.op.Unit[:]) == r.to() && f.saw(e, r.accepted)
		})
	}
}

func (f *facts) mediation() string {
	for _, s := range []struct {
		is    bool
		state string
	}{
		{len(f.disposals) > 0, StateDisposalReview},
		{len(f.archived) > 0, StateArchived},
		{len(f.closed) > 0, StateClosed},
		{len(f.advised) > 0, StateAdvised},
		{len(f.ends) > 0, StateTerminated},
		{f.effectiveOn != "", StateEffective},
		{f.agreement != nil, StateAgreed},
		{len(f.suspended) > 0, StateSuspended},
		{f.sessions != nil, StateMediating},
		{len(f.assigned) > 0, StateAssigned},
		{f.accepted != nil, StateAccepted},
		{len(f.refused) > 0, StateRefusedIntake},
		{len(f.redirected) > 0, StateRedirected},
		{len(f.asked) > 0, StateSupplement},
		{f.made != nil, StateSubmitted},
		{f.kept != nil, StateLeadKept},
		{f.lead != nil, StateLead},
	} {
		if s.is {
			return s.state
		}
	}
	return StateSubmitted
}

func (f *facts) performance() string {
	switch {
	case f.effectiveOn == "":
		return StateNone
	case f.openTerms() == 0:
		return StatePerformed
	case f.sued != nil:
		return StateLitigation
	case f.enforced != nil:
		return StateEnforcement
	case !f.inDefault():
		return StatePerforming
	case len(f.urges) > 0:
		return StateUrged
	case len(f.performed) > 0:
		return StatePartly
	}
	return StateDefaulted
}

// inDefault reports whether a person noted a term as overdue that is still open.
// No clock does: the parties may have spoken.
func (f *facts) inDefault() bool {
	for term := range f.defaults {
		if f.performed[term] == nil {
			return true
		}
	}
	return false
}
