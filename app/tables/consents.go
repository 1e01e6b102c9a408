package tables

// What a row of the consents table records.
const (
	ConsentNotice   = "notice"   // told; nothing has to be agreed to
	ConsentGeneral  = "consent"  // agreed to, with others in one act
	ConsentSeparate = "separate" // agreed to by itself
)

// Bases of handling personal information (个人信息保护法 art. 13).
const (
	BasisConsent = "consent"
	BasisDuty    = "duty" // a legal duty: told, not asked
)

// Consents is the table of notices to parties and of what they are asked.
type Consents struct {
	Rows []Consent `json:"consents"`
}

// Consent is one purpose.
type Consent struct {
	ID       string   `json:"id"`
	Zh       string   `json:"zh"`
	En       string   `json:"en"`
	Kind     string   `json:"kind"`               // ConsentNotice, ConsentGeneral, ConsentSeparate
	Basis    string   `json:"basis"`              // BasisConsent, BasisDuty
	Everyone bool     `json:"everyone,omitempty"` // every party of every case, not only where it arises
	Guardian bool     `json:"guardian,omitempty"` // a guardian answers for a child under fourteen
	Revoke   bool     `json:"revoke,omitempty"`   // can be taken back
	Forms    []string `json:"forms,omitempty"`    // where it is printed
	// Authority is whose word it is where court and bureau stand side by side.
	Authority string `json:"authority,omitempty"`
	Article   Text   `json:"article"`
	Source    string `json:"source"`
}

// Name is the purpose in the language.
func (c Consent) Name(lang string) string { return Text{c.Zh, c.En}.In(lang) }

func (c Consent) rowID() string { return c.ID }

// consentIDs are the purposes that the program names.
var consentIDs = []string{
	"rights", "information", "handling", "sensitive", "children", "share_referral", "share_confirmation",
	"mediation", "mediator", "open", "helpers", "delegation", "electronic_service",
}

func (t *Consents) check() error {
	if err := first(checkIDs("consents", t.Rows), checkHas("consents", t.Rows, consentIDs)); err != nil {
		return err
	}
	for i, c := range t.Rows {
		row := label("consents", i, c.ID)
		err := first(
			checkAmong(row+".kind", []string{c.Kind}, []string{ConsentNotice, ConsentGeneral, ConsentSeparate}),
			checkAmong(row+".basis", []string{c.Basis}, []string{BasisConsent, BasisDuty}),
			checkCodes(row+".forms", c.Forms),
			checkMaster(row, c.Authority),
		)
		if err != nil {
			return err
		}
	}
	return nil
}
