package station

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

func selfOf(tree, unit store.ID, machine identity.SigningKey) exchange.Self {
	return exchange.Self{Tree: tree, Unit: unit, Seat: machine.Public()}
}

// SetupState implements api.Setup.
func (s *Station) SetupState(context.Context) (api.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := api.SetupState{State: api.SetupEmpty, Version: s.o.Version}
	if s.state.Unit == nil {
		return out, s.lost
	}
	out.Unit, out.UnitCode, out.UnitName, out.Demo = hexID(*s.state.Unit), s.state.Code, s.state.Name, s.state.Demo
	if s.state.Tree != nil {
		out.State = api.SetupReady
		return out, nil
	}
	out.State = api.SetupAwaiting
	req, err := identity.ParseRequest(s.state.Request)
	if err != nil {
		return out, err
	}
	out.Seat, out.SeatName, out.Words = hexID(req.Seat), req.SeatName, requestWords(req)
	return out, nil
}

// newcomer is what a new folder begins with.
type newcomer struct {
	seat    identity.SeatKeys
	unit    identity.UnitKeys
	machine identity.SigningKey
	sheet   identity.Sheet
	request *identity.Request
}

type newcomerSpec struct {
	code, name, person, secret string
	roles                      []string
	demo                       bool
}

func (s *Station) newcomer(spec newcomerSpec) (*newcomer, error) {
	if _, _, err := casework.ParseUnitCode(spec.code); err != nil {
		return nil, err
	}
	if err := identity.CheckSecret(spec.secret); err != nil {
		return nil, secretProblem(err)
	}
	n := &newcomer{}
	roles := rolesOf(spec.roles)
	admin := false
	for _, r := range roles {
		admin = admin || r == "admin"
	}
	var err error
	if n.seat, err = identity.NewSeatKeys(s.o.Random); err == nil {
		if n.unit, err = identity.NewUnitKeys(s.o.Random, admin); err == nil {
			n.machine, err = identity.NewSigningKey(s.o.Random)
		}
	}
	if err == nil {
		n.sheet, err = identity.NewSheet(s.o.Random)
	}
	if err != nil {
		return nil, err
	}
	escrow, err := identity.SealEscrow(s.o.Random, n.sheet, n.unit)
	if err != nil {
		return nil, err
	}
	n.request, err = identity.NewUnitRequest(identity.NewUnit{
		Code: spec.code, Name: spec.name, SeatName: spec.person, Roles: roles,
		Seat: n.seat, Unit: n.unit, Machine: n.machine, Escrow: escrow, Demo: spec.demo,
	})
	if err != nil {
		return nil, problemOf(api.CodeInvalidField, err)
	}
	return n, nil
}

// keep writes a newcomer's keys into the folder; s.mu is held. The state file
// comes last: until it is there the folder counts as empty.
func (s *Station) keep(n *newcomer, secret string) (*identity.KeyFile, identity.Opened, error) {
	kf, by, err := identity.CreateKeyFile(s.o.Random, n.seat, n.request.SeatName, secret, s.o.Cost)
	if err != nil {
		return nil, by, err
	}
	if err = kf.AddSheet(s.o.Random, by, n.sheet, n.request.Name); err == nil {
		err = s.folder.putMachineKey(s.o.Random, by.Store, n.machine)
	}
	if err == nil {
		err = s.folder.putUnitKeys(s.o.Random, by.Store, n.unit)
	}
	if err == nil {
		err = s.folder.write(keyFile, kf.Encode())
	}
	return kf, by, err
}

// claim takes the folder's lock while it is set up, and refuses a folder that
// holds keys or data and doesn't say whose; s.mu is held.
func (s *Station) claim() (release func(), err error) {
	if err := s.folder.fs.MkdirAll(s.o.Dir); err != nil {
		return nil, err
	}
	l, err := s.folder.fs.Lock(s.folder.path("lock"))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", store.ErrInUse, s.o.Dir)
	}
	// Another program may have set the folder up since this one looked.
	if s.state, s.lost, err = s.folder.whose(); err == nil {
		err = s.lost
	}
	if err == nil && s.state.Tree == nil {
		err = s.mayHoldData()
	}
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	return func() { _ = l.Close() }, nil
}

// mayHoldData refuses to set up a folder that holds packs or facts, whatever its
// state file says; s.mu is held.
func (s *Station) mayHoldData() error {
	held, err := s.folder.holds()
	if err != nil {
		return err
	}
	held = slices.DeleteFunc(held, func(name string) bool { return strings.HasPrefix(name, "keys/") && s.state.Unit != nil })
	if len(held) == 0 {
		return nil
	}
	return problem(CodeHoldsData, fmt.Sprintf("%s holds %s already, of a station whose state is not ready: nothing was changed. Take the unit's certificate file with `join`; to begin anew, choose another folder", s.o.Dir, strings.Join(held, ", ")), "folder", s.o.Dir, "files", strings.Join(held, ", "))
}

// InitRoot implements api.Setup: the first unit of a tree is its own authority.
func (s *Station) InitRoot(ctx context.Context, r api.RootRequest) (api.SetupDone, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	release, err := s.claim()
	if err != nil {
		return api.SetupDone{}, err
	}
	if s.state.Unit != nil {
		release()
		return api.SetupDone{}, s.alreadySetUp()
	}
	n, err := s.newcomer(newcomerSpec{r.Unit, r.UnitName, r.SeatName, r.Secret, r.Roles, r.Demo})
	if err != nil {
		release()
		return api.SetupDone{}, err
	}
	if n.unit.Issuing == nil {
		release()
		return api.SetupDone{}, problem(api.CodeInvalidField, "the first person of a root needs the role admin: only an admin can admit other units", "field", "roles")
	}
	kf, by, err := s.keep(n, r.Secret)
	release() // the store takes the lock itself
	if err != nil {
		return api.SetupDone{}, err
	}
	second, err := identity.NewSecondSheet(s.o.Random)
	if err != nil {
		return api.SetupDone{}, err
	}
	tree := n.request.Unit
	s.state = folderState{Tree: &tree, Unit: &tree, Code: r.Unit, Name: r.UnitName, Demo: r.Demo}
	o, err := s.openStore(ctx, kf, by.Store, false)
	if err == nil {
		err = s.foundTree(ctx, o, n, second)
	}
	if err == nil {
		err = s.folder.putState(s.state)
	}
	if err == nil {
		err = s.keepCertificate(ctx, o)
	}
	if err != nil {
		s.state = folderState{}
		if s.open != nil {
			_ = s.open.store.Close()
			s.setOpen(nil)
		}
		return api.SetupDone{}, err
	}
	s.hints.send(api.Hint{Kind: api.HintSetup})
	return api.SetupDone{Unit: hexID(tree), Seat: hexID(n.request.Seat), Role: joinRoles(n.request.Roles), Recovery: sheetOf(n, n.sheet), Second: sheetOf(n, second)}, nil
}

func (s *Station) alreadySetUp() error {
	e := problem(CodeAlreadySetUp, fmt.Sprintf("%s holds the station %s (%s) already: choose another folder", s.o.Dir, s.state.Name, s.state.Code))
	if now, err := s.folder.state(); err != nil || now.Unit == nil {
		e.Reason.Detail += "; its file keys/state is missing or damaged, and is made again when somebody signs in"
	}
	return e
}

// foundTree writes the first entry of a tree; it promises the key on the second
// sheet, which is kept nowhere else.
func (s *Station) foundTree(ctx context.Context, o *opened, n *newcomer, second identity.Sheet) error {
	promise, err := second.Promise()
	if err != nil {
		return err
	}
	admit, err := identity.AdmitRoot(n.request, *n.unit.Issuing, promise)
	if err != nil {
		return err
	}
	matching, err := s.newMatching(n)
	if err != nil {
		return err
	}
	return s.enter(ctx, o, n.seat, n.request.Unit, logPlace{unit: n.request.Unit, branch: oplog.BranchOwn}, admit, matching)
}

func sheetOf(n *newcomer, sheet identity.Sheet) *api.RecoverySheet {
	page := identity.SheetPage{UnitName: n.request.Name, UnitCode: n.request.Code, SeatName: n.request.SeatName}
	return &api.RecoverySheet{UnitName: n.request.Name, Code: sheet.Text(), Text: sheet.Print(page, false) + "\n" + sheet.Print(page, true)}
}

// RequestEnrolment implements api.Setup.
func (s *Station) RequestEnrolment(_ context.Context, r api.EnrolmentRequest) (api.RequestFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	release, err := s.claim()
	if err != nil {
		return api.RequestFile{}, err
	}
	defer release()
	if s.state.Tree != nil || (s.state.Unit != nil && !r.Replace) {
		return api.RequestFile{}, s.alreadySetUp()
	}
	n, err := s.newcomer(newcomerSpec{r.Unit, r.UnitName, r.SeatName, r.Secret, r.Roles, false})
	if err != nil {
		return api.RequestFile{}, err
	}
	if _, _, err := s.keep(n, r.Secret); err != nil {
		return api.RequestFile{}, err
	}
	unit := n.request.Unit
	next := folderState{Unit: &unit, Request: n.request.Bytes(), Code: r.Unit, Name: r.UnitName}
	next.Seats = []pendingSeat{{Seat: n.request.Seat, Name: n.request.SeatName, Request: n.request.Bytes()}}
	if err := s.folder.putState(next); err != nil {
		return api.RequestFile{}, err
	}
	s.state = next
	s.hints.send(api.Hint{Kind: api.HintSetup})
	f := requestFile(n.request)
	f.Recovery = sheetOf(n, n.sheet)
	return f, nil
}

func requestFile(r *identity.Request) api.RequestFile {
	return api.RequestFile{
		Unit: hexID(r.Unit), Seat: hexID(r.Seat), Words: requestWords(r),
		File: api.File{Name: "request-" + hexID(r.Seat)[:8] + ".hejie", MediaType: mediaRequest, Data: r.Bytes()},
	}
}

const (
	mediaRequest     = "application/vnd.hejie.request"
	mediaCertificate = "application/vnd.hejie.certificate"
)

// PreviewJoin implements api.Setup.
func (s *Station) PreviewJoin(_ context.Context, r api.JoinRequest) (api.JoinPreview, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, u, seat, err := s.readJoin(r.Certificate)
	if err != nil {
		return api.JoinPreview{}, err
	}
	root, parent := c.named(c.tree), c.named(u.Parent)
	return api.JoinPreview{Unit: hexID(u.ID), UnitName: u.Name, SeatName: seat.Name, Roles: roleStrings(seat.Roles), Demo: c.demo(), Root: root, Parent: parent}, nil
}

// readJoin reads the certificate that this waiting folder asked for; s.mu is held.
func (s *Station) readJoin(data []byte) (*certificate, identity.Unit, identity.Seat, error) {
	none := func(err error) (*certificate, identity.Unit, identity.Seat, error) {
		return nil, identity.Unit{}, identity.Seat{}, err
	}
	if s.state.Tree != nil {
		return none(s.alreadySetUp())
	}
	if s.state.Unit == nil && s.lost == nil {
		return none(problem(CodeNotSetUp, fmt.Sprintf("%s made no request: begin with `init --request`", s.o.Dir)))
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return none(err)
	}
	c, err := readCertificate(data)
	if err != nil {
		return none(err)
	}
	if req, err := identity.ParseRequest(s.state.Request); err == nil {
		u, seat, err := c.admits(req.Seat)
		return c, u, seat, err
	}
	// The request is lost: whoever has a slot here may have made it.
	err = problem(CodeBadCertificate, "this file admits nobody whose key lies in this folder")
	for _, slot := range kf.Slots {
		if slot.Kind == identity.SlotSecret {
			if u, seat, e := c.admits(slot.Seat); e == nil {
				return c, u, seat, nil
			}
		}
	}
	return none(err)
}

// Join implements api.Setup: takes the logs that admit this folder. Nothing is
// written into any log.
func (s *Station) Join(ctx context.Context, r api.JoinRequest) (api.SetupDone, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, u, seat, err := s.readJoin(r.Certificate)
	if err != nil {
		return api.SetupDone{}, err
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return api.SetupDone{}, err
	}
	by, err := s.unlock(ctx, kf, seat.Key, r.Secret)
	if err != nil {
		return api.SetupDone{}, err
	}
	before, unit := s.state, u.ID
	s.state = stateOf(c, u)
	if before.Unit != nil && unit != *before.Unit { // enrolled as one more seat of a unit that exists: its keys come wrapped to this seat
		if err := s.folder.putUnitKeys(s.o.Random, by.Store, identity.UnitKeys{}); err != nil {
			s.state = before
			return api.SetupDone{}, err
		}
	}
	if err := s.openEscrow(by.Store, u); err != nil {
		s.state = before
		return api.SetupDone{}, err
	}
	o, err := s.openStore(ctx, kf, by.Store, s.lost != nil)
	if err == nil {
		err = s.takeCertificate(ctx, o, c)
	}
	if err == nil {
		err = s.takeReadingKeys(ctx, o, by.Seat)
	}
	if err == nil {
		err = s.folder.putState(s.state)
	}
	if err == nil {
		err = s.keepCertificate(ctx, o)
	}
	if err != nil {
		s.state = before
		if s.open != nil {
			_ = s.open.store.Close()
			s.setOpen(nil)
		}
		return api.SetupDone{}, err
	}
	s.lost = nil
	s.hints.send(api.Hint{Kind: api.HintSetup})
	return api.SetupDone{Unit: hexID(unit), Seat: hexID(seat.Key), Role: joinRoles(seat.Roles)}, nil
}

// takeCertificate stores the frames of a certificate file; all must find their place.
func (s *Station) takeCertificate(ctx context.Context, o *opened, c *certificate) error {
	verdicts, err := o.replica.Take(ctx, exchange.Peer{}, c.frames)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		if v.Outcome == exchange.Refused {
			return problem(CodeBadCertificate, "the certificate file does not fit: "+v.Sentence)
		}
	}
	return nil
}

func (c *certificate) named(id store.ID) api.NamedWords {
	u, _ := c.registry.Unit(id)
	return api.NamedWords{Unit: hexID(id), Name: u.Name, Words: treeWords(c.tree, id)}
}

func (c *certificate) demo() bool {
	root, _ := c.registry.Unit(c.tree)
	return root.Demo
}
