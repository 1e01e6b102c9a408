// Command bytes measures what one thing costs in bytes and frames, for one or
// more builds in one run:
//
//	go run ./test/review/bytes before=1:/path/to/hejie after=2:/path/to/hejie
//
// The number is the edition of the bytes that the build speaks (test/review/liar).
// For each build it makes a court, a township and a village, and prints a table:
// what an edit, a new case and an enrolment leave at rest in the village's packs,
// what they send over loopback to the township, the frames among it, each of
// which bears one signature that the receiver checks; and bench sync-initial.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hejie/test/process"
	"hejie/test/review/liar"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "name builds as before=1:/path after=2:/path")
		os.Exit(2)
	}
	var columns []column
	for _, arg := range os.Args[1:] {
		name, rest, _ := strings.Cut(arg, "=")
		edition, program, ok := strings.Cut(rest, ":")
		if !ok {
			fmt.Fprintf(os.Stderr, "%q is not name=edition:program\n", arg)
			os.Exit(2)
		}
		c, err := measure(name, edition, program)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		columns = append(columns, c)
	}
	show(columns)
}

// column is one build's figures, in the order of the rows.
type column struct {
	name string
	rows [][2]string
}

func (c *column) add(row string, value any) {
	c.rows = append(c.rows, [2]string{row, fmt.Sprint(value)})
}

func show(columns []column) {
	for i, row := range columns[0].rows {
		if i == 0 {
			fmt.Printf("%-52s", "")
			for _, c := range columns {
				fmt.Printf("%12s", c.name)
			}
			fmt.Println()
		}
		fmt.Printf("%-52s", row[0])
		for _, c := range columns {
			fmt.Printf("%12s", c.rows[i][1])
		}
		fmt.Println()
	}
}

// measure runs everything with one build.
func measure(name, edition, program string) (c column, err error) {
	if err := os.Setenv(liar.Edition, edition); err != nil {
		return c, err
	}
	c.name = name
	err = process.Alone(context.Background(), func(t process.T) {
		county(t, program, &c)
		bench(t, program, &c)
	})
	return c, err
}

const wall = `{"external_id":"FQ-%06d","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00",
"facts":"我家与王小例家东西相邻。去年冬天他家翻修院墙，新墙向我家一侧移了二十厘米，多次协商没有结果。","claims":"请求按原墙中心线退回。","amount_fen":30000,"place":"河湾村3组","tags":["elderly"],
"parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`

// county measures single acts.
func county(a process.T, program string, c *column) {
	court, town, village := process.New(a, program), process.New(a, program), process.New(a, program)
	court.Root(process.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: "admin,director,judge"})
	town.Join(court, process.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "郑例贤", Roles: "admin,director,mediator"})
	before := atRest(town)
	village.Join(town, process.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "赵示和", Roles: "mediator,director"})
	c.add("enrolment of a unit: at rest at its parent", atRest(town)-before)
	c.add("enrolment of a unit: the certificate file", len(village.Read("certificate")))

	address := town.Serve().HTTPS
	id, _ := village.Object("case", "new", "--file", village.File("case.json", fmt.Sprintf(wall, 1)))["id"].(string)
	village.InStep(address)
	act := func(name string, do func()) {
		before := atRest(village)
		do()
		c.add(name+": at rest", atRest(village)-before)
		k, err := liar.New(village.Data(), "", process.Secret, filepath.Join(village.Dir, "certificate"))
		if err == nil {
			err = k.Pull(a.Context(), address)
		}
		if err != nil {
			a.Fatal(err)
		}
		operations, wraps := len(k.Operations), distinct(k)
		r := village.Sync(address)
		c.add(name+": sent, with the exchange", r["bytes_sent"])
		c.add(name+": received, with the exchange", r["bytes_received"])
		c.add(name+": round trips", r["round_trips"])
		if err := k.Pull(a.Context(), address); err != nil {
			a.Fatal(err)
		}
		c.add(name+": operations · wraps (signatures, checks)", fmt.Sprintf("%d · %d", len(k.Operations)-operations, distinct(k)-wraps))
	}
	change := func(fields string) func() {
		return func() { village.Run("case", "set", id, "--file", village.File("set.json", fields)) }
	}
	act("an edit of the title", change(`{"title":"李大样与王小例院墙纠纷"}`))
	act("an edit of the amount, with its digest", change(`{"amount_fen":45000}`))
	act("a new case", func() {
		village.Run("case", "new", "--file", village.File("case.json", fmt.Sprintf(wall, 2)))
	})
	act("a step", func() {
		village.Run("case", "act", id, "accept", "--file", village.File("act.json", `{"at":"2026-03-10"}`))
	})
	r := village.Sync(address)
	c.add("equal sets: sent + received", fmt.Sprintf("%v + %v", r["bytes_sent"], r["bytes_received"]))
}

// distinct is how many wraps a kit holds: it pulled some twice.
func distinct(k *liar.Kit) int {
	ids := map[liar.ID]bool{}
	for _, w := range k.Wraps {
		ids[w.ID] = true
	}
	return len(ids)
}

// atRest is the length of a desk's packs without what is kept free in them.
func atRest(d *process.Desk) int {
	sum := 0
	files, err := filepath.Glob(filepath.Join(d.Data(), "packs", "*.pack"))
	if err != nil {
		d.T.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Clean(f))
		if err != nil {
			d.T.Fatal(err)
		}
		sum += len(strings.TrimRight(string(b), "\x00"))
	}
	return sum
}

// bench is the first meeting of a full and an empty station.
func bench(a process.T, program string, c *column) {
	cmd := exec.CommandContext(a.Context(), program, "bench", "sync-initial", "--n", "500", "--seed", "1", "--json")
	cmd.Env = append(os.Environ(), "HOME="+a.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		a.Fatal(err)
	}
	var r struct {
		Bytes float64
		Ratio map[string]float64
	}
	if err := json.Unmarshal(out, &r); err != nil {
		a.Fatal(err)
	}
	c.add("bench sync-initial, 500 cases: bytes", r.Bytes)
	for _, key := range []string{"raw_bytes", "zstd_bytes"} {
		c.add("bench sync-initial: bytes ÷ "+key, fmt.Sprintf("%.3f", r.Ratio[key]))
	}
}
