package api

// DocketRequest asks for the folder for the court.
type DocketRequest struct {
	// Kind is suit or confirmation; empty: what the case itself says.
	Kind string
	Lang string // zh or en: of names and pages
	// At is when it is made (RFC 3339); empty: now. The same case at the same
	// time gives the same bytes.
	At string
	// Have are the files at hand, known by their hashes alone.
	Have []DocketHave
}

// DocketHave is a file that somebody has.
type DocketHave struct {
	SHA256 string // 64 hexadecimal digits
	Name   string
	Bytes  int64
}

// DocketFolder is a folder for the court as it is to be written.
type DocketFolder struct {
	DocketSummary
	Dirs   []string
	Files  []DocketFile
	Copies []DocketCopy // where files at hand go
}

// DocketFile is one file that was made; its path has slashes.
type DocketFile struct {
	Path string
	Data []byte
}

// DocketCopy is where a file at hand goes; its path has slashes.
type DocketCopy struct {
	SHA256 string
	Path   string
}

// DocketSummary tells what a folder holds.
type DocketSummary struct {
	Case      string `json:"case"`
	Kind      string `json:"kind" enum:"suit,confirmation"`
	Documents int    `json:"documents" doc:"papers that the cover lists"`
	Made      int    `json:"made" doc:"of them laid out from the record"`
	Enclosed  int    `json:"enclosed" doc:"of them with their file"`
	Paper     int    `json:"paper" doc:"of them on paper: no file was listed"`
	Missing   int    `json:"missing" doc:"of them with a file that is listed and not here"`
	// Unlisted are names of files at hand that no letter lists; they are left out.
	Unlisted []string `json:"unlisted"`
	// Warnings tell what stays with the body, is missing or waits for a decision.
	Warnings []Reason `json:"warnings"`
}

// DocketArchive is the folder as one file, for the page.
type DocketArchive struct {
	DocketSummary
	File File `json:"file" doc:"a zip archive"`
}
