package identity

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a seat may do in its unit. A role that this program does not
// know is kept and grants nothing.
type Role string

// The known roles (CLI.md).
const (
	Mediator   Role = "mediator"
	Director   Role = "director"
	Clerk      Role = "clerk"
	Judge      Role = "judge"
	Supervisor Role = "supervisor"
	Admin      Role = "admin"
	Auditor    Role = "auditor"
)

// checkRoles tells whether roles are sorted, unique and well spelt.
func checkRoles(roles []Role) error {
	if len(roles) == 0 || len(roles) > MaxRoles {
		return fmt.Errorf("a seat has 1 to %d roles, this has %d", MaxRoles, len(roles))
	}
	for i, r := range roles {
		if len(r) == 0 || len(r) > maxRole || strings.Trim(string(r), "abcdefghijklmnopqrstuvwxyz_") != "" {
			return fmt.Errorf("%q is no role", string(r))
		}
		if i > 0 && roles[i-1] >= r {
			return fmt.Errorf("roles are not sorted")
		}
	}
	return nil
}

func hasRole(roles []Role, r Role) bool { return slices.Contains(roles, r) }

// sortedRoles gives the roles as they stand in requests.
func sortedRoles(roles []Role) []Role {
	r := slices.Clone(roles)
	slices.Sort(r)
	return slices.Compact(r)
}
