//go:build unix

package county

import (
	"fmt"
	"regexp"
	"strings"

	"hejie/app/casework/data"
)

// step is one line of a story.
type step struct {
	day  string // of the story
	who  string // the desk and the person
	do   string // a step of `case act`, or one of the commands in story.take
	file string // its JSON; {name} stands for the id of that party
	// then is where the case stands after it: mediation/performance/confirmation/
	// referral, as far as they are named.
	then string
	// no are the words of the refusal in Chinese and English; the case is then as
	// it was, byte for byte.
	no   [2]string
	tell string // what it means, for docs/stories.md
	see  func(s *story)
}

// story is one case on its way through a county.
type story struct {
	*county
	title string
	id    string
	told  strings.Builder
	read  map[string]string // desk -> the case as it was read since something happened
	taken []string          // step and person, of what was done
	// clocks are the lines of the page about the time limits that were looked at.
	clocks []string
}

func (c *county) tell(title string, steps ...[]step) *story {
	c.t.Helper()
	s := &story{county: c, title: title, read: map[string]string{}}
	for _, part := range steps {
		for i := range part {
			if c.t.Failed() {
				return s
			}
			s.take(&part[i])
		}
	}
	return s
}

// other are the commands of a story that are no step of the case's course.
var other = map[string][]string{
	"case new": {"case", "new"}, "case lead": {"case", "lead"}, "case set": {"case", "set", "ID"},
	"sweep add": {"sweep", "add"}, "roster set": {"roster", "set"},
}

func (s *story) take(p *step) {
	s.t.Helper()
	where, who, _ := strings.Cut(p.who, " ")
	d := s.desks[where]
	switch {
	case p.do == "sync":
		to, road, _ := strings.Cut(p.file, " ")
		s.meet(where, to, road)
		clear(s.read)
		fmt.Fprintf(&s.told, "- %s **%s与%s同步**（%s）。%s\n", p.day, where, to, road, p.tell)
	case p.do != "":
		args, known := other[p.do]
		if !known {
			args = []string{"case", "act", "ID", p.do}
		}
		s.command(p, d, who, args)
	}
	if p.see != nil {
		p.see(s)
	}
}

// command runs what a person of the story does and notes it.
func (s *story) command(p *step, d *desk, who string, args []string) {
	s.t.Helper()
	shown := strings.Join(args, " ")
	for i := range args {
		if args[i] == "ID" {
			args = append([]string{}, args...)
			args[i] = s.id
		}
	}
	args = append(args, "--file", "-")
	file := s.named(d, p.file)
	what := data.Name("step", p.do, data.Chinese)
	if other[p.do] != nil {
		what = otherNames[p.do]
	}
	fmt.Fprintf(&s.told, "- %s **%s %s：%s**。%s", p.day, d.name, who, what, p.tell)
	if p.no[0] != "" {
		s.refused(p, d, who, file, args)
		fmt.Fprintf(&s.told, "\n  `hejie %s --file -` `%s`\n", shown, p.file)
		return
	}
	clear(s.read)
	out, said, ok := d.try(who, file, append(args, "--json")...)
	if !ok {
		s.t.Errorf("%s %s %s: %s", p.day, p.who, p.do, said)
		return
	}
	// The branches are the same people's dispute once more, and the program says so.
	again := strings.HasPrefix(s.title, "反例") && (p.do == "case new" || p.do == "accept")
	if again != strings.Contains(said, "可能是重复纠纷") || !again && said != "" {
		s.t.Errorf("%s %s %s warns: %q", p.day, p.who, p.do, said)
	}
	saved := d.parsed(out)
	if args[0] == "case" && s.id == "" {
		s.id = text(saved, "id")
	}
	if args[0] == "case" && args[1] == "act" {
		s.taken = append(s.taken, p.do+" "+who)
	}
	now := strings.Join([]string{text(saved, "state.mediation"), text(saved, "state.performance"), text(saved, "state.confirmation"), text(saved, "state.referral")}, "/")
	if !strings.HasPrefix(now+"/", p.then+"/") && p.then != "" {
		s.t.Errorf("%s %s %s: the case stands at %q, want %q", p.day, p.who, p.do, now, p.then)
	}
	if p.then != "" {
		fmt.Fprintf(&s.told, "（%s）", states(now))
	}
	fmt.Fprintf(&s.told, "\n  `hejie %s --file -` `%s`\n", shown, p.file)
}

// refused tries what must not be done: a sentence in either language, and the
// case is as it was.
func (s *story) refused(p *step, d *desk, who, file string, args []string) {
	s.t.Helper()
	before := s.get(d.name)
	clear(s.read)
	for i, lang := range []string{"zh", "en"} {
		out, said, ok := d.try(who, file, append(args, "--json", "--lang", lang)...)
		said = strings.TrimSpace(said)
		if ok || out != "" || !strings.Contains(said, p.no[i]) || strings.Contains(said, "\n") || strings.Contains(said, "�") {
			s.t.Errorf("%s %s %s in %s: done %v, stdout %q, says %q, want %q", p.day, p.who, p.do, lang, ok, out, said, p.no[i])
		}
		if lang == "zh" {
			fmt.Fprintf(&s.told, "（拒绝：%s）", strings.TrimPrefix(said, "hejie: "))
		}
	}
	if after := s.get(d.name); after != before {
		s.t.Errorf("%s %s %s was refused and changed the case:\n%s\n%s", p.day, p.who, p.do, before, after)
	}
}

var otherNames = map[string]string{"case new": "登记案件", "case lead": "登记线索", "case set": "补充登记", "sweep add": "登记排查", "roster set": "列入名册"}

// states names the four tracks as far as they have begun.
func states(now string) string {
	var out []string
	for i, code := range strings.Split(now, "/") {
		if code != "none" {
			out = append(out, data.Name([]string{"mediation_state", "performance_state", "confirmation_state", "referral_state"}[i], code, data.Chinese))
		}
	}
	return strings.Join(out, "，")
}

var namedForm = regexp.MustCompile(`\{[^{}":,\[\]]+\}`)

// named puts ids of parties, seats and units in the place of their names.
func (s *story) named(d *desk, file string) string {
	s.t.Helper()
	if !namedForm.MatchString(file) {
		return file
	}
	ids := map[string]string{}
	for name, id := range d.seats {
		ids[name] = id
	}
	if s.id != "" {
		list, _ := look(s.document(d.name), "parties").([]any)
		for _, p := range list {
			ids[text(p, "name")] = text(p, "id")
		}
	}
	return namedForm.ReplaceAllStringFunc(file, func(name string) string {
		id := ids[strings.Trim(name, "{}")]
		if id == "" {
			s.t.Errorf("nobody is called %s", name)
		}
		return id
	})
}
