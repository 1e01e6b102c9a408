package samples

import (
	"context"

	"hejie/app/api"
)

// Unit describes one unit of a tree and its first person.
type Unit struct {
	Code, Name string
	Person     string
	Roles      []string
	Secret     string
	// Court guides the unit and Bureau supervises it, by id or code; empty: as its
	// parent's are.
	Court, Bureau string
}

// Found makes the first unit of a tree in an empty station and signs in.
func Found(ctx context.Context, st api.Station, u Unit, demo bool) (api.Session, error) {
	done, err := st.InitRoot(ctx, api.RootRequest{Unit: u.Code, UnitName: u.Name, SeatName: u.Person, Roles: u.Roles, Secret: u.Secret, Demo: demo})
	if err != nil {
		return nil, err
	}
	return st.SignIn(ctx, done.Seat, u.Secret)
}

// Enrol makes a unit in an empty station, has the parent's admin admit it, and
// signs in.
func Enrol(ctx context.Context, parent api.Session, st api.Station, u Unit) (api.Session, error) {
	request, err := st.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: u.Code, UnitName: u.Name, SeatName: u.Person, Roles: u.Roles, Secret: u.Secret})
	if err != nil {
		return nil, err
	}
	admitted, err := parent.Enrol(ctx, api.EnrolRequest{Request: request.File.Data, Court: u.Court, Bureau: u.Bureau})
	if err != nil {
		return nil, err
	}
	if _, err := st.Join(ctx, api.JoinRequest{Certificate: admitted.File.Data, Secret: u.Secret}); err != nil {
		return nil, err
	}
	return st.SignIn(ctx, request.Seat, u.Secret)
}
