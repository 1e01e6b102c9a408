package api

import "encoding/json"

// Why a version of a table does not count where it is listed.
const (
	TableReplaced    = "replaced"     // a later one, or one of a unit further down, stands in its place
	TableNotYet      = "not_yet"      // its first day has not come
	TableNoAuthority = "no_authority" // that kind of body may not publish that table
	TableOtherMaster = "other_master" // of court and bureau, the table is the other's
	TableUnreadable  = "unreadable"   // it has a hole, or a newer program wrote it
)

// TableLine is one version of a data table as a unit sees it.
type TableLine struct {
	Table     string `json:"table"`
	Title     *Label `json:"title,omitempty"`
	Version   int    `json:"version"`
	ValidFrom string `json:"valid_from" doc:"a Beijing day"`
	Unit      string `json:"unit" doc:"who published it; empty: the program's own"`
	UnitCode  string `json:"unit_code,omitempty"`
	UnitName  string `json:"unit_name,omitempty"`
	Source    string `json:"source" doc:"the notice or rule that it rests on"`
	Effective bool   `json:"effective" doc:"it counts today; of holidays several do, each for its years"`
	Why       string `json:"why,omitempty" enum:"replaced,not_yet,no_authority,other_master,unreadable" doc:"why it does not count"`
}

// TableView is a data table as it stands for a unit today.
type TableView struct {
	TableLine
	Document json.RawMessage `json:"document" doc:"what publishing takes: table, version, valid_from, source and content"`
}

// TableDocument is a data table to publish.
type TableDocument struct {
	Table     string          `json:"table" maxLength:"40"`
	Version   int             `json:"version" minimum:"1" doc:"greater than this unit's last of the same table"`
	ValidFrom string          `json:"valid_from" doc:"a Beijing day"`
	Source    string          `json:"source" doc:"the notice or rule that it rests on"`
	Content   json.RawMessage `json:"content"`
}

// TablePublished tells what entered the unit's log.
type TablePublished struct {
	Table     string `json:"table"`
	Version   int    `json:"version"`
	ValidFrom string `json:"valid_from"`
	Unit      string `json:"unit"`
	Entry     string `json:"entry" doc:"the log entry that holds it"`
}
