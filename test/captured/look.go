package captured

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Program looks at folders with a build of the real program.
type Program struct {
	Path string
	Home string // where it keeps what lies outside data folders
}

// Run runs a command over a folder and answers its stdout.
func (p Program) Run(dir string, f Folder, args ...string) ([]byte, error) {
	c := exec.Command(p.Path, append([]string{"--data", filepath.Join(dir, f.Name), "--seat", f.Seat, "--json"}, args...)...)
	c.Env = append(os.Environ(), "HEJIE_PIN="+f.Secret, "HOME="+p.Home, "XDG_CONFIG_HOME="+p.Home, "XDG_STATE_HOME="+p.Home, "LANG=en_US.UTF-8")
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s of %s: %w: %s%s", strings.Join(args, " "), f.Name, err, said.String(), out.String())
	}
	return out.Bytes(), nil
}

// columns are those of case list that CLI.md promises.
var columns = []string{"id", "state", "category", "title", "unit", "received_on", "updated_at", "conflicts"}

// Look fills in what the build shows of a folder.
func (p Program) Look(dir string, f Folder) (Folder, error) {
	out, err := p.Run(dir, f, "case", "list")
	if err != nil {
		return f, err
	}
	f.Cases, f.Rows = map[string]any{}, map[string]any{}
	for line := range bytes.Lines(out) {
		var row map[string]any
		if err := json.Unmarshal(line, &row); err != nil {
			return f, err
		}
		id, _ := row["id"].(string)
		kept := map[string]any{}
		for _, c := range columns {
			if v, ok := row[c]; ok {
				kept[c] = v
			}
		}
		f.Rows[id] = kept
		document, err := p.Run(dir, f, "case", "get", id)
		if err != nil {
			return f, err
		}
		var v any
		if err := json.Unmarshal(document, &v); err != nil {
			return f, err
		}
		f.Cases[id] = v
	}
	out, err = p.Run(dir, f, "verify")
	if err != nil {
		return f, err
	}
	var verified struct {
		Operations int
		Bad        []any
	}
	if err := json.Unmarshal(out, &verified); err != nil {
		return f, err
	}
	if len(verified.Bad) > 0 {
		return f, fmt.Errorf("verify of %s: %s", f.Name, out)
	}
	f.Verified = verified.Operations
	return f, nil
}
