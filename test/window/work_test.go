//go:build window

package window

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"image/color"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// CommandLine is the program that prepares folders; `make hejie` builds it.
const CommandLine = "../../build/bin/hejie"

// accent is the colour of the one filled button, in the light set.
var accent = color.RGBA{0x0f, 0x5c, 0x5c, 0xff}

// secret of the seats in these tests; it guards invented people only.
const secret = "invented secret 1"

const wallCase = `{"category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00",
"facts":"两家东西相邻，中间原有一道土墙。","place":"示范村3组","parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`

// folder is a data folder and the commands that work on it.
type folder struct {
	t    *testing.T
	path string
}

func newFolder(t *testing.T) folder {
	f := folder{t, filepath.Join(t.TempDir(), "hejie")}
	f.hejie("", "init", "--root", "--demo", "--unit", "990101101201-tw", "--unit-name", "示范村调解委员会", "--seat-name", "赵示和", "--role", "admin,mediator,director",
		"--recovery", filepath.Join(t.TempDir(), "sheet"))
	return f
}

func (f folder) env() string { return "HEJIE_DATA=" + f.path }

// hejie runs a command on the folder and gives what it prints.
func (f folder) hejie(stdin string, args ...string) string {
	f.t.Helper()
	command := exec.CommandContext(f.t.Context(), CommandLine, append(args, "--json")...)
	command.Env = []string{"HOME=" + filepath.Dir(f.path), f.env(), "HEJIE_PIN=" + secret}
	command.Stdin = strings.NewReader(stdin)
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		f.t.Fatalf("hejie %s: %v\n%s", strings.Join(args, " "), err, problems.String())
	}
	return string(out)
}

// kept tells one state of the drafts on the disk from another: what is kept is
// sealed anew each time.
func (f folder) kept() string {
	f.t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(filepath.Join(f.path, "local"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // replaced by the next one just now
		}
		sum.Write(content)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return string(sum.Sum(nil))
}

// signIn types the secret into the page that opens, and sees the list come.
func signIn(t *testing.T, d *Display) string {
	t.Helper()
	window := d.WaitWindow(t, title+"$")
	d.WaitColour(t, accent, 2000) // the button that opens
	d.Focus(t, window)
	d.Type(t, secret)
	d.Key(t, "Return")
	d.WaitWindow(t, "^案件 · "+title)
	return window
}

// TestADayAtTheWindow: what a mediator does first, with the keys of a keyboard.
func TestADayAtTheWindow(t *testing.T) {
	f := newFolder(t)
	d := StartDisplay(t)
	Start(t, d, Binary, f.env())
	signIn(t, d)

	// A case recorded by a command appears in the open window: the stream of
	// hints works under the window's own scheme. Down leads from the search
	// field into the rows.
	f.hejie(wallCase, "case", "new", "--file", "-")
	d.Key(t, "Tab")
	d.until(t, func() bool {
		d.Key(t, "Down", "Return")
		return len(matching(d.Titles(t), "李大样与王小例墙界纠纷")) == 1
	}, func() string { return "the recorded case can't be opened" })
	d.Shot(t, "window-case")
}

// TestTypingOutlivesThePower: half a case, the window's process killed, opened
// again: the draft is offered, and holds the words.
func TestTypingOutlivesThePower(t *testing.T) {
	const words = "李𬘭"
	f := newFolder(t)
	d := StartDisplay(t)
	p := Start(t, d, Binary, f.env())
	signIn(t, d)
	d.Key(t, "Tab", "Tab", "Return") // past the search field, to the button of a new case
	d.WaitWindow(t, "^登记新案件 · "+title)
	// Past the way back, the category, the source, day and time, the first
	// person's side and kind: the name.
	d.Key(t, "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
	// Letter by letter: what is kept after the last holds them all.
	for _, letter := range words {
		before := f.kept()
		d.Type(t, string(letter))
		d.until(t, func() bool { return f.kept() != before }, func() string { return "nothing typed was kept" })
	}
	d.Shot(t, "window-new")
	p.Kill(t)

	p = Start(t, d, Binary, f.env())
	window := signIn(t, d)
	d.Shot(t, "window-draft")
	d.Key(t, "Tab", "Tab", "Tab", "Return") // search, new case, the offered draft
	d.WaitWindow(t, "^登记新案件 · "+title)
	d.Focus(t, window)
	p.Terminate(t)
	if status := p.WaitExit(t); status != 0 {
		t.Fatalf("the window ended with %d:\n%s", status, p.Problems())
	}
	if drafts := f.drafts(); len(drafts) != 1 || !strings.Contains(drafts[0], words) {
		t.Errorf("the folder keeps the drafts %q, want one with %s", drafts, words)
	}
}

// drafts serves the folder and reads what was begun in it.
func (f folder) drafts() []string {
	f.t.Helper()
	serve := exec.CommandContext(f.t.Context(), CommandLine, "serve", "--listen", "127.0.0.1:0", "--json")
	serve.Env = []string{"HOME=" + filepath.Dir(f.path), f.env()}
	out, err := serve.StdoutPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		f.t.Fatal(err)
	}
	defer end(f.t, serve)
	var at struct {
		Listen string `json:"listen"`
	}
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		f.t.Fatal(err)
	}
	api := client{f.t, at.Listen + "/api/v1", ""}
	var seats []struct {
		Seat string `json:"seat"`
	}
	api.ask(http.MethodGet, "/seats/here", nil, &seats)
	var in struct {
		Token string `json:"token"`
	}
	api.ask(http.MethodPost, "/sessions", map[string]string{"seat": seats[0].Seat, "secret": secret}, &in)
	api.token = in.Token
	var list []struct {
		Name string `json:"name"`
	}
	api.ask(http.MethodGet, "/drafts", nil, &list)
	var found []string
	for _, one := range list {
		var draft json.RawMessage
		api.ask(http.MethodGet, "/drafts/"+one.Name, nil, &draft)
		found = append(found, string(draft))
	}
	return found
}

type client struct {
	t           *testing.T
	base, token string
}

func (c client) ask(method, at string, body, into any) {
	c.t.Helper()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		sent = bytes.NewReader(b)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+at, sent)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Hejie-Client", "test")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusCreated {
		c.t.Fatalf("%s %s: %s %v %s", method, at, answer.Status, err, content)
	}
	if err := json.Unmarshal(content, into); err != nil {
		c.t.Fatalf("%s %s answered %s: %v", method, at, content, err)
	}
}

func matching(titles []string, part string) []string {
	var found []string
	for _, one := range titles {
		if strings.Contains(one, part) {
			found = append(found, one)
		}
	}
	return found
}

// Shot puts a picture of the screen into the folder that HEJIE_SHOTS names, for
// people to look at.
func (d *Display) Shot(t *testing.T, name string) {
	t.Helper()
	if pictures := os.Getenv("HEJIE_SHOTS"); pictures != "" {
		d.Save(t, filepath.Join(pictures, name+".png"))
	}
}
