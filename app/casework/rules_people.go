package casework

// Steps about people: what they were told, asked and helped with, and what is
// at stake (DOMAIN 7; 人民调解法 arts. 20, 23, 25).
const (
	StepConsent    = "consent"
	StepNotice     = "notice"
	StepProxy      = "proxy"
	StepAssist     = "assist"
	StepRisk       = "risk"
	StepReportRisk = "report-risk"
)

var peopleRules = []rule{
	{
		step: StepConsent, track: trackMediation, desk: deskReader, roles: sending, article: "mediation-23",
		fields: []FieldSpec{at, must(code(keyPurpose, "consent")), must(yesNo(keyGiven)), must(names(keyBy)), must(code(keyHow, "consent_how")), apart(text(keyNote))},
		extra:  map[string]byte{keyParties: 'R'},
	},
	{
		step: StepNotice, track: trackMediation, desk: deskReader, roles: sending, article: "mediation-23",
		fields: []FieldSpec{at, must(code(keyWhat, "notice")), must(names(keyNotified)), must(code(keyHow, "notice_how")), code(keyReading, "reading"), text(keyReader)},
	},
	{
		step: StepProxy, track: trackMediation, desk: deskReader, roles: sending, article: "pipl-17",
		fields: []FieldSpec{at, must(text(keyFor)), must(text(keyName)), must(text(keyRelation)), must(code(keyReading, "reading")), must(code(keyConfirmed, "confirmed_how")), text(keyWhat)},
	},
	{
		step: StepAssist, track: trackMediation, desk: deskReader, roles: sending, article: "access-41",
		fields: []FieldSpec{at, must(text(keyFor)), must(code(keyNeed, "need")), must(text(keyWhat)), text(keyName)},
	},
	{
		step: StepRisk, track: trackMediation, desk: deskReader, roles: sending, article: "mediation-25",
		fields: []FieldSpec{at, must(code(keyLevel, "risk_level")), codes(keyRisks, "risk_kind"), whole(keyPeople), must(story(keyMeasures)), yesNo(keyPrevented)},
	},
	{
		step: StepReportRisk, track: trackMediation, desk: deskReader, roles: sending, article: "mediation-25",
		fields: []FieldSpec{at, must(code(keyTo, "report_to")), text(keyName), must(story(keyWhat)), must(code(keyHow, "notice_how"))},
	},
}
