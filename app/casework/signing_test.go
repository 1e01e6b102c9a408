package casework_test

import (
	"strings"
	"testing"

	"hejie/app/casework"
)

// TestTheGuardianSigns: a minor's own signature does not bind it, the
// guardian's does.
func TestTheGuardianSigns(t *testing.T) {
	d := goodDocument(t)
	d.Parties[1].BirthDate, d.Parties[1].IDKind, d.Parties[1].IDNumber = "2015-06-01", "", ""
	d.Parties[1].Guardian = &casework.Guardian{Name: "王例母", Relation: "mother"}
	r := newRecord(t, d)
	r.go_("accept", "assign", "start-session", "agree")
	wantField(t, r.try(mediator, "sign", fields["sign"]), "by[1]", "signer_capacity")
	r.act("sign", strings.Replace(fields["sign"], "王小例", "王例母", 1))
	r.wantStates("effective/performing")
}
