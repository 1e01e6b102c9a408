package api

// LateList is what waits for a director: it counts in no view and no figure.
type LateList struct {
	Items []LateOperation `json:"items"`
}

// LateOperation is one operation that has no effect until a director takes it in.
type LateOperation struct {
	ID     string `json:"id"`
	Record string `json:"record"`
	Kind   string `json:"kind" enum:"case,notes,digest,document,register,other"`
	Case   string `json:"case,omitempty"`
	Title  string `json:"title,omitempty" doc:"of the case as it stands"`
	Begins bool   `json:"begins,omitempty" doc:"its record begins with it: that stands in no list until then"`
	By     By     `json:"by"`
	Why    Reason `json:"why"`
	// Changes counts what it would change; What tells the first of it, to who may
	// take it in.
	Changes int      `json:"changes"`
	What    []Change `json:"what,omitempty" doc:"the first of it, to who may take it in"`
	Remark  string   `json:"remark,omitempty"`
	Adopts  bool     `json:"adopts" doc:"this person may take it in"`
	WhyNot  *Reason  `json:"why_not,omitempty" doc:"otherwise: who may, or what to do instead"`
}

// Adopted tells how many operations were taken in, figures of a case counted with
// it.
type Adopted struct {
	Adopted int `json:"adopted"`
}
