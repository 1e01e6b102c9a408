package tables

// When a document has to be there.
const (
	Required = "required"
	AsNeeded = "as_needed"
)

// Documents is the table of papers: the order of a case's volume, what goes
// with an application for confirmation, and the folders of an export.
type Documents struct {
	Volume       []VolumeItem `json:"volume"`
	Confirmation []Material   `json:"confirmation_materials"`
	Folders      []Folder     `json:"export_folders"`
}

// VolumeItem is one place in a case's volume.
type VolumeItem struct {
	Position int      `json:"position"` // from 1, without a gap
	ID       string   `json:"id"`
	Zh       string   `json:"zh"`
	En       string   `json:"en"`
	Forms    []string `json:"forms,omitempty"` // codes of forms: any of them fills the place
	Needed   string   `json:"needed"`          // Required, AsNeeded
	Source   string   `json:"source"`
}

// Name is the item's name in the language.
func (v VolumeItem) Name(lang string) string { return Text{v.Zh, v.En}.In(lang) }

func (v VolumeItem) rowID() string { return v.ID }

// Material is a paper that goes with an application for confirmation.
type Material struct {
	ID      string   `json:"id"`
	Zh      string   `json:"zh"`
	En      string   `json:"en"`
	Forms   []string `json:"forms,omitempty"`
	Needed  string   `json:"needed"`
	When    *Text    `json:"when,omitempty"` // of one that is AsNeeded
	Article Text     `json:"article"`
	Source  string   `json:"source"`
}

// Name is the material's name in the language.
func (m Material) Name(lang string) string { return Text{m.Zh, m.En}.In(lang) }

func (m Material) rowID() string { return m.ID }

// Folder is a folder of an export to a court.
type Folder struct {
	Position int      `json:"position"`
	ID       string   `json:"id"`
	Zh       string   `json:"zh"`
	En       string   `json:"en"`
	Forms    []string `json:"forms,omitempty"`
	Source   string   `json:"source"`
}

// Name is the folder's name in the language.
func (f Folder) Name(lang string) string { return Text{f.Zh, f.En}.In(lang) }

func (f Folder) rowID() string { return f.ID }

// Places of papers that the program names.
var (
	volumeIDs = []string{
		"application", "rights_notice", "identity", "authorisation", "investigation", "evidence", "minutes",
		"agreement", "performance", "follow_up", "confirmation", "volume_note", "back_cover",
	}
	materialIDs = []string{"application", "agreement", "proof_of_mediation", "identity", "contact"}
	folderIDs   = []string{
		"applicant", "respondent", "mediation_application", "service_address", "agreement",
		"confirmation_application", "minutes", "transfer_letter", "rights_notice", "preservation", "appraisal", "other",
	}
)

func (t *Documents) check() error {
	err := first(
		checkIDs("volume", t.Volume), checkHas("volume", t.Volume, volumeIDs),
		checkIDs("confirmation_materials", t.Confirmation), checkHas("confirmation_materials", t.Confirmation, materialIDs),
		checkIDs("export_folders", t.Folders), checkHas("export_folders", t.Folders, folderIDs),
	)
	if err != nil {
		return err
	}
	for i, v := range t.Volume {
		if err := checkPaper(label("volume", i, v.ID), v.Forms, v.Needed); err != nil {
			return err
		}
		if err := checkPosition(label("volume", i, v.ID)+".position", i, v.Position); err != nil {
			return err
		}
	}
	for i, m := range t.Confirmation {
		if err := checkPaper(label("confirmation_materials", i, m.ID), m.Forms, m.Needed); err != nil {
			return err
		}
	}
	for i, f := range t.Folders {
		row := label("export_folders", i, f.ID)
		if err := first(checkCodes(row+".forms", f.Forms), checkPosition(row+".position", i, f.Position)); err != nil {
			return err
		}
	}
	return nil
}

func checkPaper(row string, forms []string, needed string) error {
	return first(checkCodes(row+".forms", forms), checkAmong(row+".needed", []string{needed}, []string{Required, AsNeeded}))
}
