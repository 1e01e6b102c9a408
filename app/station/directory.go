package station

import (
	"context"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/identity"
)

// Units implements api.Directory.
func (ss *Session) Units(context.Context) ([]api.Unit, error) {
	out := []api.Unit{}
	if err := ss.live(); err != nil {
		return out, err
	}
	demo := ss.demo()
	for _, u := range ss.registry().Units() {
		x := api.Unit{Unit: hexID(u.ID), Code: u.Code, Name: u.Name, Station: hexID(u.Station), Own: u.ID == ss.unit, Demo: demo}
		if !u.IsRoot() {
			x.Parent = hexID(u.Parent)
		}
		if c, _, err := casework.ParseUnitCode(u.Code); err == nil {
			x.Body = c.Body
		}
		if id, ok := u.Master(identity.RelationGuided); ok {
			x.Court = hexID(id)
		}
		if id, ok := u.Master(identity.RelationSupervised); ok {
			x.Bureau = hexID(id)
		}
		out = append(out, x)
	}
	return out, nil
}

// Seats implements api.Directory.
func (ss *Session) Seats(ctx context.Context) ([]api.Seat, error) {
	out := []api.Seat{}
	if err := ss.live(); err != nil {
		return out, err
	}
	c, err := ss.open.replica.Count(ctx, nil)
	if err != nil {
		return out, err
	}
	here := ss.ownSeats()
	for _, u := range ss.registry().Units() {
		for _, s := range u.Seats {
			out = append(out, api.Seat{
				Seat: hexID(s.Key), SeatName: s.Name, Roles: roleStrings(s.Roles), Unit: hexID(u.ID), UnitName: u.Name,
				Here: slices.Contains(here, s.Key), Machine: s.Machine, Forked: slices.Contains(c.Forked, s.Key),
			})
		}
	}
	return out, nil
}

// Codes implements api.Reference.
func (s *Station) Codes(context.Context) (api.Codes, error) {
	list := func(name string) []api.CodeLabel {
		out := []api.CodeLabel{}
		for _, c := range data.List(name) {
			out = append(out, api.CodeLabel{Code: c.Code, Label: api.Label{ZH: c.Zh, EN: c.En}})
		}
		return out
	}
	ofSteps := casework.StepTables()
	tables := map[string][]api.CodeLabel{}
	for _, name := range ofSteps {
		tables[name] = list(name)
	}
	return api.Codes{
		StepTables: ofSteps, Tables: tables,
		Categories: list("category"), Sources: list("source"), Tags: list("tag"), Needs: list("need"), Sides: list("side"), PartyKinds: list("kind"),
		Sexes: list("sex"), Ethnicities: list("ethnicity"), IDKinds: list("id_kind"), AgentKinds: list("agent_kind"), Authorities: list("authority"),
		AgentPowers: list("agent_power"), Capacities: list("capacity"), Relations: list("guardian_relation"),
		Bodies: list("body"), Roles: list("role"), Steps: list("step"), Fields: list("field"), AmountBands: list("amount_band"),
		OrganisationKinds: list("organisation_kind"), HelperRoles: list("helper_role"), AgreementForms: list("agreement_form"),
		States: map[string][]api.CodeLabel{
			"mediation": list("mediation_state"), "performance": list("performance_state"),
			"confirmation": list("confirmation_state"), "referral": list("referral_state"),
		},
	}, nil
}

// Divisions implements api.Reference.
func (s *Station) Divisions(_ context.Context, under string) ([]api.Division, error) {
	out := []api.Division{}
	for _, d := range data.Under(under) {
		out = append(out, api.Division{Code: d.Code, Name: d.Name, Leaf: d.Leaf})
	}
	return out, nil
}

// CheckUnitCode implements api.Reference.
func (s *Station) CheckUnitCode(_ context.Context, code string) (api.UnitCode, error) {
	c, warnings, err := casework.ParseUnitCode(strings.TrimSpace(code))
	if err != nil {
		return api.UnitCode{}, caseError(err)
	}
	out := api.UnitCode{Code: strings.TrimSpace(code), Division: append([]string{}, c.Names...), Warnings: warningReasons(warnings)}
	if data.Has("body", c.Body) {
		l := label("body", c.Body)
		out.Body = &l
	}
	return out, nil
}
