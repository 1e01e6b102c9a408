package docket

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"hejie/app/casework/data"
)

// byteOrderMark tells spreadsheets on Windows that a file is in UTF-8.
const byteOrderMark = "\ufeff"

// csv is the list of papers for a spreadsheet.
func (b *builder) csv() []byte {
	var out bytes.Buffer
	out.WriteString(byteOrderMark)
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	rows := [][]string{strings.Split(b.say("list.columns"), "|")}
	for _, d := range b.out.Cover.Documents {
		rows = append(rows, []string{
			strconv.Itoa(d.N), b.word(b.folders[d.Folder].Label), plain(d.Name), count(d.Copies), count(d.Pages),
			data.Name("original_or_copy", d.Copy, b.in.Lang), b.say("where." + d.Where), d.Path, d.SHA256,
		})
	}
	_ = w.WriteAll(rows) // a buffer takes everything
	return out.Bytes()
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// plain keeps a spreadsheet from taking a name for a formula.
func plain(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r") {
		return "'" + s
	}
	return s
}
