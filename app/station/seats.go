package station

import (
	"context"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// stationBodies are the bodies whose units supervise the files of units under
// them (DESIGN 5); a court never does. Nor are a court's or a bureau's own files
// read by whoever admits it: the law sets the two side by side (人民调解法 5).
var stationBodies = []string{"zz", "sfs", "sfj", "zt"}

// mayEnrol reports whether this person can admit others: an admin with the
// unit's issuing key on this folder.
func (ss *Session) mayEnrol() bool {
	ss.open.mu.Lock()
	defer ss.open.mu.Unlock()
	return ss.open.unit.Issuing != nil && ss.has("admin")
}

// PreviewEnrolment implements api.Admin.
func (ss *Session) PreviewEnrolment(_ context.Context, request []byte) (api.EnrolmentPreview, error) {
	if err := ss.live(); err != nil {
		return api.EnrolmentPreview{}, err
	}
	req, err := identity.ParseRequest(request)
	if err != nil {
		return api.EnrolmentPreview{}, problemOf(CodeBadRequestFile, err)
	}
	out := api.EnrolmentPreview{Kind: "unit", Unit: hexID(req.Unit), UnitCode: req.Code, UnitName: req.Name, SeatName: req.SeatName, Roles: roleStrings(req.Roles), Words: requestWords(req)}
	if req.Kind != identity.RequestUnit {
		out.Kind = "seat"
		if u, ok := ss.registry().Unit(req.Unit); ok {
			out.UnitCode, out.UnitName = u.Code, u.Name
		}
		return out, nil
	}
	_, warnings, err := casework.ParseUnitCode(req.Code)
	if err != nil {
		return out, caseError(err)
	}
	out.Warnings = warningReasons(warnings)
	out.Taken = len(ss.registry().ByCode(req.Code)) > 0
	return out, nil
}

// Enrol implements api.Admin.
func (ss *Session) Enrol(ctx context.Context, r api.EnrolRequest) (api.Enrolled, error) {
	if err := ss.need("enrolling", "admin"); err != nil {
		return api.Enrolled{}, err
	}
	req, err := identity.ParseRequest(r.Request)
	if err != nil {
		return api.Enrolled{}, problemOf(CodeBadRequestFile, err)
	}
	ss.open.mu.Lock()
	issuing := ss.open.unit.Issuing
	ss.open.mu.Unlock()
	own, ok := ss.registry().Unit(ss.unit)
	if issuing == nil || !ok || own.Issuing == nil {
		return api.Enrolled{}, say(CodeNotAllowed, "denied.issuing")
	}
	by := identity.Issuer{Key: *issuing, Cert: own.Issuing}
	if _, _, taken := ss.registry().Seat(req.Seat); taken {
		return ss.certificateFor(ctx, req) // asked again: the same certificate
	}
	if err := ss.seedMatching(ctx); err != nil {
		return api.Enrolled{}, err
	}
	if r.SeatOf != "" || req.Kind != identity.RequestUnit {
		err = ss.enrolSeat(ctx, req, r.SeatOf, by, own)
	} else {
		err = ss.admitUnit(ctx, req, r, by)
	}
	if err != nil {
		return api.Enrolled{}, err
	}
	ss.pay(ctx)
	return ss.certificateFor(ctx, req)
}

func (ss *Session) admitUnit(ctx context.Context, req *identity.Request, r api.EnrolRequest, by identity.Issuer) error {
	code, _, err := casework.ParseUnitCode(req.Code)
	if err != nil {
		return caseError(err)
	}
	if len(ss.registry().ByCode(req.Code)) > 0 && !r.AnotherBody {
		return problem(CodeCodeTaken, fmt.Sprintf("a unit with the code %s is admitted already: say --seat-of for one more person of it, or --another-body for a second body", req.Code), "code", req.Code)
	}
	segment, ok := ss.registry().FreeSegment(ss.unit)
	if !ok {
		return problem(api.CodeTooLarge, "this unit has no room for another unit under it")
	}
	own, _ := ss.registry().Unit(ss.unit)
	parent, _, err := casework.ParseUnitCode(own.Code)
	byParent := err == nil && slices.Contains(stationBodies, parent.Body) && data.Has("body", parent.Body) && !isMaster(code.Body)
	admit, err := identity.AdmitUnit(req, by, segment, byParent)
	if err != nil {
		return problemOf(CodeBadRequestFile, err)
	}
	matching, err := ss.matchingItem(ctx, req.Unit, req.Reading)
	if err != nil {
		return err
	}
	relations, err := ss.firstRelations(req.Unit, req.Code, own, r.Court, r.Bureau)
	if err != nil {
		return err
	}
	items := slices.Concat([]identity.Item{admit}, relations, matching)
	return ss.station.enter(ctx, ss.open, ss.keys, ss.unit, logPlace{unit: req.Unit, branch: oplog.BranchParent}, items...)
}

// enrolSeat enrols one more person of a unit: in its own branch there, in the
// parent's branch at the parent.
func (ss *Session) enrolSeat(ctx context.Context, req *identity.Request, of string, by identity.Issuer, own identity.Unit) error {
	target := req.Unit
	if of != "" {
		u, ok := ss.unitBy(of)
		if !ok {
			return problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here, or several have that code: give its id", shorten(of)), "unit", shorten(of))
		}
		if req.Kind != identity.RequestUnit && target != (store.ID{}) && u.ID != target {
			return problem(CodeBadRequestFile, "the request is for another unit than the one named")
		}
		target = u.ID
	} else if target == (store.ID{}) {
		return problem(CodeBadRequestFile, "the request does not tell of which unit it is: name the unit with --seat-of")
	}
	u, ok := ss.registry().Unit(target)
	if !ok {
		return problem(CodeUnknownUnit, "the request is for a unit that is not known here")
	}
	at := logPlace{unit: u.ID, first: u.First, branch: oplog.BranchOwn}
	if u.ID != own.ID {
		if u.Parent != own.ID {
			return say(CodeNotAllowed, "denied.enrol")
		}
		at.branch = oplog.BranchParent
	}
	item, err := identity.AdmitSeat(req, by, u.ID, u.Name)
	if err != nil {
		return problemOf(CodeBadRequestFile, err)
	}
	return ss.station.enter(ctx, ss.open, ss.keys, ss.unit, at, item)
}

// certificateFor writes the certificate file of a seat that the logs here admit.
func (ss *Session) certificateFor(ctx context.Context, req *identity.Request) (api.Enrolled, error) {
	id, _, ok := ss.registry().Seat(req.Seat)
	if !ok {
		return api.Enrolled{}, problem(CodeUnknownSeat, "this seat is not enrolled")
	}
	u, _ := ss.registry().Unit(id)
	file := certificateFile{Version: certificateVersion, Kind: certificateKind}
	units := append([]store.ID{id}, ss.registry().AncestorsOf(id)...)
	slices.Reverse(units)
	err := ss.view(ctx, func(rd store.Reader) error {
		for _, x := range units {
			frames, err := ss.open.replica.LogFrames(rd, x)
			if err != nil {
				return err
			}
			file.Frames = append(file.Frames, frames...)
		}
		var err error
		file.Wraps, err = ss.open.replica.WrapsFor(rd, req.EncKey)
		return err
	})
	if err != nil {
		return api.Enrolled{}, err
	}
	tree := ss.open.replica.Self().Tree
	root, _ := ss.registry().Unit(tree)
	parent, _ := ss.registry().Unit(u.Parent)
	return api.Enrolled{
		Unit: hexID(id), Seat: hexID(req.Seat), Issuer: hexID(ss.unit),
		File:   api.File{Name: "certificate-" + hexID(req.Seat)[:8] + ".hejie", MediaType: mediaCertificate, Data: file.encode()},
		Root:   api.NamedWords{Unit: hexID(tree), Name: root.Name, Words: treeWords(tree, tree)},
		Parent: api.NamedWords{Unit: hexID(u.Parent), Name: parent.Name, Words: treeWords(tree, u.Parent)},
	}, nil
}

// AddSeat implements api.Admin: one more person on this folder, opened by a
// present seat.
func (ss *Session) AddSeat(_ context.Context, r api.AddSeatRequest) (api.RequestFile, error) {
	if err := ss.live(); err != nil {
		return api.RequestFile{}, err
	}
	s := ss.station
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addSeat(ss.open, identity.Opened{Store: ss.open.key}, r, false, nil)
}

// addSeat makes keys and a slot for one more seat; s.mu is held. machine is to be
// enrolled with it; nil: this computer's is enrolled already.
func (s *Station) addSeat(o *opened, by identity.Opened, r api.AddSeatRequest, recovered bool, machine *identity.SigningKey) (api.RequestFile, error) {
	if err := identity.CheckSecret(r.Secret); err != nil {
		return api.RequestFile{}, secretProblem(err)
	}
	keys, err := identity.NewSeatKeys(s.o.Random)
	if err != nil {
		return api.RequestFile{}, err
	}
	req, err := identity.NewSeatRequest(identity.NewSeat{Unit: *s.state.Unit, SeatName: r.SeatName, Roles: rolesOf(r.Roles), Seat: keys, Machine: machine, Recovered: recovered})
	if err != nil {
		return api.RequestFile{}, problemOf(api.CodeInvalidField, err)
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return api.RequestFile{}, err
	}
	if err := kf.AddSlot(s.o.Random, by, keys, r.SeatName, r.Secret, s.o.Cost); err != nil {
		return api.RequestFile{}, secretProblem(err)
	}
	next := s.state
	next.Seats = append(slices.Clone(next.Seats), pendingSeat{Seat: req.Seat, Name: r.SeatName, Request: req.Bytes()})
	if err := s.folder.write(keyFile, kf.Encode()); err != nil {
		return api.RequestFile{}, err
	}
	if err := s.folder.putState(next); err != nil {
		return api.RequestFile{}, err
	}
	s.state = next
	if o != nil {
		o.keyFile = kf
	}
	s.hints.send(api.Hint{Kind: api.HintSeat})
	return requestFile(req), nil
}

// JoinSeat implements api.Admin: takes the certificate of a seat added here.
func (ss *Session) JoinSeat(ctx context.Context, file []byte) (api.SetupDone, error) {
	if err := ss.live(); err != nil {
		return api.SetupDone{}, err
	}
	s := ss.station
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.joinSeat(ctx, ss.open, file)
}

// joinSeat takes a certificate file for a seat that waits; s.mu is held.
func (s *Station) joinSeat(ctx context.Context, o *opened, file []byte) (api.SetupDone, error) {
	c, err := readCertificate(file)
	if err != nil {
		return api.SetupDone{}, err
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return api.SetupDone{}, err
	}
	// Who waits comes first. One who has joined takes the file again where the log
	// that enrols him is lost here.
	keys := make([]identity.SeatKey, 0, len(kf.Slots)+len(s.state.Seats))
	for _, p := range s.state.Seats {
		keys = append(keys, p.Seat)
	}
	for _, slot := range kf.Slots {
		if slot.Kind == identity.SlotSecret {
			keys = append(keys, slot.Seat)
		}
	}
	for _, key := range keys {
		id, seat, ok := c.registry.Seat(key)
		if !ok || id != *s.state.Unit || c.tree != *s.state.Tree || seat.Waiting {
			continue
		}
		if err := s.takeCertificate(ctx, o, c); err != nil {
			return api.SetupDone{}, err
		}
		next := s.state
		next.Seats = slices.DeleteFunc(slices.Clone(next.Seats), func(p pendingSeat) bool { return p.Seat == key })
		if err := s.folder.putState(next); err != nil {
			return api.SetupDone{}, err
		}
		s.state = next
		return api.SetupDone{Unit: hexID(id), Seat: hexID(seat.Key), Role: joinRoles(seat.Roles)}, s.keepCertificate(ctx, o)
	}
	return api.SetupDone{}, problem(CodeBadCertificate, "this file admits nobody who waits on this computer or works on it")
}

// ChangeSecret implements api.Admin.
func (ss *Session) ChangeSecret(ctx context.Context, previous, next string) error {
	if err := ss.live(); err != nil {
		return err
	}
	s := ss.station
	s.mu.Lock()
	defer s.mu.Unlock()
	kf, err := s.folder.keyFile()
	if err != nil {
		return err
	}
	if err := identity.CheckSecret(next); err != nil {
		return secretProblem(err)
	}
	if _, err := s.unlock(ctx, kf, ss.seat(), previous); err != nil {
		return err
	}
	if err := kf.ChangeSecret(s.o.Random, ss.seat(), previous, next, s.o.Cost); err != nil {
		return secretProblem(err)
	}
	if err := s.folder.write(keyFile, kf.Encode()); err != nil {
		return err
	}
	ss.open.keyFile = kf
	return nil
}
