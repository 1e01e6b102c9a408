package register

import (
	"slices"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// Denied is returned when a role may not write a part of the register.
type Denied struct {
	Table string   // of the register; empty: the unit's own fields
	Roles []string // that may; nil: only the unit and its station
}

// Error is the English sentence.
func (e *Denied) Error() string { return e.Text(data.English) }

// Text is the sentence in the language.
func (e *Denied) Text(lang data.Lang) string {
	if e.Roles == nil {
		return data.Text(lang, "register.denied_unit", nil)
	}
	var roles []string
	for _, r := range e.Roles {
		roles = append(roles, data.Name("role", r, lang))
	}
	and := "、"
	if lang == data.English {
		and = ", "
	}
	return data.Text(lang, "register.denied_role", map[string]string{"table": data.Name("register_table", tableCode(e.Table), lang), "roles": strings.Join(roles, and)})
}

func tableCode(name string) string {
	if name == "" {
		return "unit"
	}
	return name
}

// RolesFor are the roles that may write a map of the register ("": the unit's
// own fields). nil: there is no such map.
func RolesFor(name string) []string {
	if name == "" {
		return office
	}
	if t := findTable(name); t != nil {
		return t.roles
	}
	return nil
}

func has(roles, any []string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(any, r) })
}

// May tells whether somebody with these roles may make an edit; works: he
// belongs to the unit or to its station. It fails with *Denied.
func May(e Edited, roles []string, works bool) error {
	if !works {
		return &Denied{}
	}
	for _, name := range e.Tables {
		if has(roles, RolesFor(name)) || e.Office && has(roles, office) {
			continue
		}
		return &Denied{Table: name, Roles: RolesFor(name)}
	}
	return nil
}

// Judge tells whether the author of an operation might make its changes at all;
// "": yes. What this program does not know is a newer program's and is not
// judged. A clerk may set office fields in entries that others made.
func Judge(changes []crdt.Change, roles []string, works bool) string {
	if !works {
		return (&Denied{}).Error()
	}
	for i := range changes {
		c := &changes[i]
		if c.Void || c.Raw != nil || len(c.Path) == 0 {
			continue
		}
		if c.Unread && !has(roles, leading) {
			return (&Denied{Roles: leading}).Error() // who decides over what he can't read leads the unit
		}
		name := c.Path[0].Field
		t := findTable(name)
		if t == nil {
			if findRule(unitRules, name) != nil && !has(roles, office) {
				return (&Denied{Roles: office}).Error()
			}
			continue
		}
		allowed := t.roles
		if len(c.Path) == 3 && slices.Contains(t.office, c.Path[2].Field) {
			allowed = office
		}
		if c.Kind != crdt.Event && !has(roles, allowed) {
			return (&Denied{Table: name, Roles: t.roles}).Error()
		}
	}
	return ""
}
