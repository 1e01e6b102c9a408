package docket

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/casework/schematest"
	"hejie/app/tables"
)

var update = flag.Bool("update", false, "write the golden covers anew")

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// wall is the case of the wall between neighbours: agreed in writing at the village.
func wall(t testing.TB) *record {
	e := readExample(t, "example1.json")
	r := newRecord(t, "village", e.Case)
	for _, s := range e.Steps {
		if s.Step == "perform" {
			break
		}
		r.act("village", s.Step, string(s.Fields))
	}
	return r
}

// wages is the case of unpaid wages up to where the township took it: it came
// from the court by letter.
func wages(t testing.TB) *record {
	r := newRecord(t, "court", readExample(t, "example2.json").Case)
	r.act("court", "refer", `{"at":"2026-09-02","kind":"delegate_pre","to":"township","court_no":"(2026)样0125民诉前调318号","consents":[{"who":"孙例强","how":"written","at":"2026-09-02"}],
	 "materials":[{"name":"起诉状","copies":3,"pages":3,"copy":"original","folder":"applicant","sha256":"`+sum("起诉状")+`"},{"name":"证据材料","pages":25,"copy":"copy","folder":"applicant"},{"name":"=身份材料:孙/韩","pages":2,"sha256":"`+sum("身份")+`"}]}`)
	r.act("township", "refer-receive", `{"at":"2026-09-02T09:20:00+08:00","name":"周例计","pages":30,"complete":true}`)
	r.act("township", "refer-accept", `{"at":"2026-09-02","mediators":["郑例贤"]}`)
	r.act("township", "accept", `{"at":"2026-09-02"}`)
	r.act("township", "notice", `{"at":"2026-09-04","what":"rights","notified":["孙例强"],"how":"in_person"}`)
	r.act("township", "assign", `{"at":"2026-09-04","mediators":["郑例贤"],"by":"committee"}`)
	r.act("township", "start-session", `{"at":"2026-09-09T09:30:00+08:00","place":"镇调解室"}`)
	r.act("township", "undisputed", `{"at":"2026-09-09","undisputed_facts":[{"fact":"截至2026年6月10日欠付工资23,600元"},{"fact":"公司已收到孙例强催款三次"}],"confirmed_by":["孙例强","黄例敏"]}`)
	return r
}

func confirmed(t testing.TB) *record {
	r := wages(t)
	r.act("township", "number", `{"at":"2026-09-16","number":"（2026）清溪人调字第41号"}`)
	r.act("township", "agree", `{"form":"written","at":"2026-09-16","facts":"双方对金额无争议，对付款时间有争议。","acceleration":true,"interest_bp":300,"terms":[
	 {"who":"青禾县示例建筑劳务有限公司","what":"支付工资","kind":"pay","amount_fen":500000,"due":"2026-09-16","to":"孙例强","how":"银行转账"},
	 {"who":"青禾县示例建筑劳务有限公司","what":"支付工资","kind":"pay","amount_fen":1860000,"due":"2026-11-16","to":"孙例强"}]}`)
	r.act("township", "sign", `{"at":"2026-09-16","by":["孙例强","韩例宝","郑例贤"],"seal":true}`)
	r.act("township", "confirm-apply", `{"at":"2026-09-18","court":"court","by":["孙例强","韩例宝"],"answers":[{"question":"status","answer":false},{"question":"ownership","answer":false}]}`)
	r.act("township", "refer-report", `{"at":"2026-09-18","result":"agreed","letter_no":"移41号","materials":[{"name":"调解笔录","pages":4,"folder":"minutes","copy":"original"}]}`)
	r.act("court", "confirm-receive", `{"at":"2026-09-21"}`)
	r.act("court", "confirm-accept", `{"at":"2026-09-21","court_no":"（2026）样0125诉前调确27号"}`)
	return r
}

// conceded is what the company offered and nobody may hold against it.
const conceded = "愿意先付五千"

func failed(t testing.TB) *record {
	r := wages(t)
	r.act("township", "end-session", `{"at":"2026-09-09","result":"continue","note":"`+conceded+`"}`)
	r.act("township", "investigate", `{"at":"2026-09-10","what":"`+conceded+`"}`)
	for _, said := range [][2]string{
		{"disclose", `{"at":"2026-09-10","mediator":"郑例贤","what":"%"}`},
		{"helper", `{"at":"2026-09-10","name":"周例","role":"expert","consent_by":["孙例强","韩例宝"],"what":"%"}`},
		{"suspend", `{"at":"2026-09-11","reason":"appraisal","note":"%"}`},
		{"resume", `{"at":"2026-09-12","note":"%"}`},
		{"extend", `{"at":"2026-09-12","until":"2026-11-01","consent_by":["孙例强","韩例宝"],"how":"written","note":"%"}`},
		{"consent", `{"at":"2026-09-12","purpose":"mediation","given":true,"by":["孙例强"],"how":"written","note":"%"}`},
		{"proxy", `{"at":"2026-09-12","for":"孙例强","name":"周例","relation":"%","reading":"read_aloud","confirmed":"fingerprint","what":"%"}`},
		{"assist", `{"at":"2026-09-12","for":"孙例强","need":"illiterate","what":"%"}`},
		{"risk", `{"at":"2026-09-12","level":"yellow","measures":"%"}`},
		{"report-risk", `{"at":"2026-09-12","to":"police","what":"%","how":"phone"}`},
	} {
		r.act("township", said[0], strings.ReplaceAll(said[1], "%", conceded))
	}
	r.act("township", "agree", `{"form":"written","at":"2026-09-16","facts":"`+conceded+`","terms":[{"who":"青禾县示例建筑劳务有限公司","what":"`+conceded+`","amount_fen":500000,"due":"2026-09-16"}]}`)
	r.act("township", "terminate", `{"at":"2026-09-20","reason":"refused_to_sign","note":"`+conceded+`"}`)
	r.act("township", "advise", `{"at":"2026-09-20","routes":["judicial"],"notified":["孙例强","黄例敏"],"how":"in_person","note":"`+conceded+`"}`)
	r.act("township", "refer-report", `{"at":"2026-09-20","result":"deadlock","why":"一方拒绝签章","focus":"付款时间","simple":true,"materials":[{"name":"调解笔录","pages":4,"folder":"minutes","sha256":"`+sum("笔录")+`"}]}`)
	r.act("court", "docket", `{"at":"2026-09-22","court":"court","court_no":"（2026）样0125民初77号"}`)
	return r
}

func schemas(t testing.TB) (cover, document *schematest.Schema) {
	t.Helper()
	var out []*schematest.Schema
	for _, name := range []string{"cover.schema.json", filepath.Join("..", "casework", "testdata", "case.schema.json")} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, schematest.New(t, raw))
	}
	return out[0], out[1]
}

// TestCoversOfTheExamples: the covers of the invented cases are as they were
// looked at, follow their schema, and hold a case document that is taken.
func TestCoversOfTheExamples(t *testing.T) {
	cover, document := schemas(t)
	for name, p := range map[string]Package{
		"wall": wall(t).build(""), "confirmation": confirmed(t).build("", Have{sum("起诉状"), "scan.PDF", 9}), "suit": failed(t).build(""),
	} {
		raw := p.Files[0].Data
		if p.Files[0].Path != CoverFile {
			t.Fatalf("%s: the first file is %s", name, p.Files[0].Path)
		}
		golden := filepath.Join("testdata", name+".cover.json")
		if *update {
			if err := os.WriteFile(golden, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || !bytes.Equal(raw, want) {
			t.Errorf("%s: not as %s has it (%v)\n%s", name, golden, err, raw)
		}
		if said := cover.Check(t, raw); said != "" {
			t.Errorf("%s: %s", name, said)
		}
		var c struct{ Case json.RawMessage }
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		if said := document.Check(t, c.Case); said != "" {
			t.Errorf("%s: case: %s", name, said)
		}
		if d, _, err := casework.ParseDocument(c.Case); err != nil || !d.Equal(p.Cover.Case) {
			t.Errorf("%s: the case document is not taken: %v", name, err)
		}
	}
	if said := cover.Check(t, []byte(`{"format":"hejie-docket-cover","version":2}`)); said == "" {
		t.Error("the schema takes everything")
	}
}

// TestTheCoverAccountsForEverything: each file stands in it with its hash, each
// listed paper once, and the folders are the court's twelve in their order.
func TestTheCoverAccountsForEverything(t *testing.T) {
	p := confirmed(t).build("", Have{sum("起诉状"), "扫描件.PDF", 9}, Have{sum("别的"), "无关.pdf", 1}, Have{sum("起诉状"), "又一份.pdf", 9})
	listed := map[string]string{}
	for _, f := range p.Cover.Files {
		listed[f.Path] = f.SHA256
	}
	for _, f := range p.Files[1:] {
		if listed[f.Path] != sum(string(f.Data)) {
			t.Errorf("%s is not in the cover with its hash", f.Path)
		}
		delete(listed, f.Path)
	}
	if len(p.Copies) != 1 || p.Copies[0] != (Copy{sum("起诉状"), "01_申请人材料/01_起诉状.pdf"}) || listed["01_申请人材料/01_起诉状.pdf"] != sum("起诉状") || len(listed) != 1 {
		t.Errorf("%+v %v", p.Copies, listed)
	}
	if !slices.Equal(p.Unlisted, []string{"无关.pdf"}) {
		t.Errorf("unlisted: %v", p.Unlisted)
	}
	want := "01_申请人材料 02_被申请人材料 03_调解申请书 04_送达地址确认书 05_调解协议书 06_司法确认申请书 07_调解笔录 08_移送函 09_权利义务告知书 10_保全材料 11_鉴定材料 12_其他材料"
	if got := strings.Join(p.Dirs, " "); got != want {
		t.Errorf("folders %s", got)
	}
	var said []string
	for i, d := range p.Cover.Documents {
		if d.N != i+1 {
			t.Errorf("paper %d is numbered %d", i+1, d.N)
		}
		said = append(said, d.Folder+":"+d.Name+":"+d.Where)
	}
	if got := strings.Join(said, " "); got != "applicant:起诉状:enclosed applicant:证据材料:paper agreement:调解协议内容:made confirmation_application:司法确认申请内容:made minutes:无争议事实:made minutes:调解笔录:paper transfer_letter:函件内容 （2026）样0125民诉前调318号:made other:=身份材料:孙/韩:missing" {
		t.Errorf("%s", got)
	}
	for _, f := range folderOf {
		if !slices.ContainsFunc(p.Cover.Folders, func(x Folder) bool { return x.ID == f }) {
			t.Errorf("no folder %s", f)
		}
	}
	for _, c := range data.List("docket_folder") {
		if folderOf[c.Code] == "" {
			t.Errorf("the folder of %s is not known", c.Code)
		}
	}
}

// TestTheListOpensInASpreadsheet: with a mark for UTF-8, and no name is a formula.
func TestTheListOpensInASpreadsheet(t *testing.T) {
	p := confirmed(t).build("")
	i := slices.IndexFunc(p.Files, func(f Content) bool { return f.Path == "材料清单.csv" })
	raw, marked := bytes.CutPrefix(p.Files[i].Data, []byte(byteOrderMark))
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil || !marked || len(rows) != len(p.Cover.Documents)+1 {
		t.Fatalf("%v %v %d", err, marked, len(rows))
	}
	for _, row := range rows {
		if len(row) != 9 || strings.HasPrefix(row[2], "=") {
			t.Errorf("%q", row)
		}
	}
}

// texts is every text of a folder: the cover, the list, and what the pages say
// before they are laid out.
func texts(t testing.TB, r *record, kind string, lang data.Lang) string {
	t.Helper()
	in := r.input(kind)
	in.Lang = lang
	p, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range p.Files {
		all = append(all, f.Path, string(f.Data))
	}
	b := &builder{in: in, out: p, folders: map[string]Folder{}}
	pages := b.coverPage()
	for _, l := range p.Cover.Letters {
		pages = append(pages, b.letterPage(l)...)
	}
	if p.Cover.Agreement != nil {
		pages = append(append(pages, b.agreementPage()...), b.applicationPage()...)
	}
	if p.Cover.Undisputed != nil {
		pages = append(pages, b.undisputedPage()...)
	}
	raw, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(all, string(raw)), "\n")
}

// TestNothingConcededGoesOut: what was offered stands in steps of the case, in
// an agreement that nobody signed and in minutes, and in no byte of the folder;
// the facts that both confirmed do go.
func TestNothingConcededGoesOut(t *testing.T) {
	r := failed(t)
	view, err := json.Marshal(casework.View(r.state, casework.Header{}))
	if err != nil || !strings.Contains(string(view), conceded) {
		t.Fatal("the test's case holds no concession")
	}
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		all := texts(t, r, "", lang)
		if strings.Contains(all, conceded) {
			t.Errorf("%s: what was conceded goes out", lang)
		}
		for _, want := range []string{"公司已收到孙例强催款三次", "一方拒绝签章", "（2026）样0125民初77号", "990125198511110091"} {
			if !strings.Contains(all, want) {
				t.Errorf("%s: lacks %s", lang, want)
			}
		}
	}
	p := r.build("", Have{sum("笔录"), "笔录.pdf", 1})
	if slices.ContainsFunc(p.Cover.Documents, func(d Paper) bool { return d.Name == "调解笔录" }) {
		t.Error("the cover lists what stays")
	}
	if len(p.Withheld) != 1 || p.Withheld[0].Name != "调解笔录" || len(p.Copies) != 0 || len(p.Unlisted) != 0 {
		t.Errorf("%+v %v %v", p.Withheld, p.Copies, p.Unlisted)
	}
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		if text(lang, "withheld."+p.Withheld[0].Withheld, "name", "x") == "" || text(lang, "withheld.between_bodies", "name", "x") == "" {
			t.Error("why it stays has no sentence")
		}
	}
}

// TestAnEarlierWordingStaysHere: of an agreement that was reworded the one that
// took effect goes, and no word of the one before.
func TestAnEarlierWordingStaysHere(t *testing.T) {
	r := wages(t)
	for _, what := range []string{conceded, "一次付清"} {
		r.act("township", "agree", `{"form":"written","at":"2026-09-16","terms":[{"who":"青禾县示例建筑劳务有限公司","what":"`+what+`","amount_fen":2360000,"due":"2026-10-16"}]}`)
	}
	r.act("township", "sign", `{"at":"2026-09-16","by":["孙例强","韩例宝","郑例贤"],"seal":true}`)
	if all := texts(t, r, "", data.Chinese); strings.Contains(all, conceded) || !strings.Contains(all, "一次付清") || !strings.Contains(all, "达成的调解协议有效\"") {
		t.Error("the wording that took effect is not the one that goes")
	}
}

// TestTheSameAgain: the same case and time give the same bytes; another time
// changes what says it and nothing else.
func TestTheSameAgain(t *testing.T) {
	a, b := confirmed(t).build(""), confirmed(t).build("")
	in := confirmed(t).input("")
	in.At = "2026-09-19T10:00:00+08:00"
	later, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Files {
		if a.Files[i].Path != b.Files[i].Path || !bytes.Equal(a.Files[i].Data, b.Files[i].Data) {
			t.Errorf("%s differs", a.Files[i].Path)
		}
		says := a.Files[i].Path == CoverFile || a.Files[i].Path == "封面.pdf"
		if bytes.Equal(a.Files[i].Data, later.Files[i].Data) == says {
			t.Errorf("%s at another time: says the time %v", a.Files[i].Path, says)
		}
	}
}

// TestEveryMessageIsThere: in both languages no label is empty.
func TestEveryMessageIsThere(t *testing.T) {
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		for _, r := range []*record{wall(t), confirmed(t), failed(t)} {
			in := r.input("")
			in.Lang = lang
			p, err := Build(in)
			if err != nil {
				t.Fatal(err)
			}
			b := &builder{in: in, out: p, folders: map[string]Folder{}}
			for _, f := range p.Cover.Folders {
				b.folders[f.ID] = f
			}
			for _, s := range b.coverPage() {
				for _, pair := range s.Pairs {
					if s.Heading == "" || pair.Label == "" || pair.Value == "" {
						t.Errorf("%s: %q %+v", lang, s.Heading, pair)
					}
				}
			}
			if strings.Contains(strings.Join(p.Dirs, ""), "申请") == (lang == data.English) {
				t.Errorf("%s: %v", lang, p.Dirs)
			}
		}
	}
	if len(tables.Default().Documents().Folders) != 12 {
		t.Error("DOMAIN 2.3 has twelve folders")
	}
}
