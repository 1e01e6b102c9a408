package station

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

var errNoSheet = errors.New("the recovery sheet does not open this folder: is it the sheet of this unit's first computer?")

const labelSheet = "recovery sheet"

// defaultRole is what a recovered person asks for where nobody knows better.
const defaultRole = "mediator"

// Recover implements api.Setup: a forgotten secret, or a lost computer. The
// sheet opens the store and the unit's keys and never a seat's: the person is
// enrolled as a new seat.
func (s *Station) Recover(ctx context.Context, r api.RecoverRequest) (api.RequestFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sheet, err := identity.ParseSheet(r.Sheet)
	if err != nil {
		return api.RequestFile{}, problemOf(CodeSheet, err)
	}
	if err := identity.CheckSecret(r.Secret); err != nil {
		return api.RequestFile{}, secretProblem(err)
	}
	if s.state.Unit == nil {
		return s.replaceComputer(sheet, r)
	}
	if s.state.Tree == nil {
		return api.RequestFile{}, problem(CodeAwaiting, "this folder waits for its certificate: take that first")
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return api.RequestFile{}, err
	}
	by, err := kf.OpenBySheet(sheet)
	if err != nil {
		return api.RequestFile{}, problemOf(CodeSheet, errNoSheet)
	}
	if err := s.recoverMachine(by.Store); err != nil {
		return api.RequestFile{}, err
	}
	if s.open == nil {
		if _, err := s.openStore(ctx, kf, by.Store, true); err != nil {
			return api.RequestFile{}, err
		}
	}
	unit, _ := s.open.replica.Registry().Unit(*s.state.Unit)
	if err := s.recoverUnit(ctx, s.open, sheet, unit); err != nil {
		return api.RequestFile{}, err
	}
	if len(r.Roles) == 0 {
		r.Roles = rolesBefore(unit, r.SeatName)
	}
	var machine *identity.SigningKey
	if _, known := unit.Seat(s.open.machine.Public()); !known {
		machine = &s.open.machine // made anew: the unit above enrols it with the person
	}
	file, err := s.addSeat(s.open, by, api.AddSeatRequest{SeatName: r.SeatName, Roles: r.Roles, Secret: r.Secret}, true, machine)
	if err != nil || !unit.IsRoot() {
		return file, err
	}
	return file, s.enrolRecovered(ctx, kf, unit, file, r)
}

// recoverMachine makes a new key of this computer where the old one is lost; s.mu
// is held. One that can't be read is kept under another name.
func (s *Station) recoverMachine(key seal.Key) error {
	if s.open != nil {
		return nil
	}
	if _, err := s.folder.machineKey(key); err == nil {
		return nil
	}
	machine, err := identity.NewSigningKey(s.o.Random)
	if err == nil {
		err = s.folder.setAside(machineFile)
	}
	if err != nil {
		return err
	}
	return s.folder.putMachineKey(s.o.Random, key, machine)
}

// recoverUnit takes the unit's keys from its log, where they lie sealed to the
// sheet, if this folder has none; s.mu is held.
func (s *Station) recoverUnit(ctx context.Context, o *opened, sheet identity.Sheet, unit identity.Unit) error {
	o.mu.Lock()
	lost, none := o.lostUnit, len(o.unit.Reading) == 0
	o.mu.Unlock()
	if lost == nil && !none {
		return nil
	}
	keys, err := identity.OpenEscrow(sheet, unit.Escrow)
	if err != nil && lost == nil {
		return nil // they come with the next exchange, wrapped to a seat
	}
	if err != nil {
		return problemOf(CodeSheet, fmt.Errorf("the unit's keys can't be taken from its log with this sheet: %w", err))
	}
	if err := s.folder.setAside(unitFile); err != nil {
		return err
	}
	if err := s.folder.putUnitKeys(s.o.Random, o.key, keys); err != nil {
		return err
	}
	o.mu.Lock()
	o.unit, o.lostUnit = keys, nil
	o.mu.Unlock()
	return o.replica.Unlock(ctx, keys.Reading...)
}

// rolesBefore are those that the person of this name had.
func rolesBefore(unit identity.Unit, name string) []string {
	for _, seat := range slices.Backward(unit.Seats) {
		if seat.Name == name && !seat.Machine {
			return roleStrings(seat.Roles)
		}
	}
	return []string{defaultRole}
}

// enrolRecovered lets the root's lost admin come back: nobody stands above who
// could enrol, and the sheet gave the root's issuing key.
func (s *Station) enrolRecovered(ctx context.Context, _ *identity.KeyFile, unit identity.Unit, file api.RequestFile, r api.RecoverRequest) error {
	if !slices.Contains(r.Roles, "admin") || s.open.unit.Issuing == nil {
		return nil
	}
	req, err := identity.ParseRequest(file.File.Data)
	if err != nil {
		return err
	}
	item, err := identity.AdmitSeat(req, identity.Issuer{Key: *s.open.unit.Issuing, Cert: unit.Issuing}, unit.ID, unit.Name)
	if err != nil {
		return err
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return err
	}
	by, err := kf.Unlock(req.Seat, r.Secret)
	if err != nil {
		return err
	}
	at := logPlace{unit: unit.ID, first: unit.First, branch: oplog.BranchOwn}
	if err := s.enter(ctx, s.open, by.Seat, unit.ID, at, item); err != nil {
		return err
	}
	next := s.state
	next.Seats = slices.DeleteFunc(slices.Clone(next.Seats), func(p pendingSeat) bool { return p.Seat == req.Seat })
	if err := s.folder.putState(next); err != nil {
		return err
	}
	s.state = next
	return nil
}

// replaceComputer begins a folder in place of a lost one; s.mu is held. The
// unit's keys come from its log, where they lie sealed to the sheet.
func (s *Station) replaceComputer(sheet identity.Sheet, r api.RecoverRequest) (api.RequestFile, error) {
	release, err := s.claim()
	if err != nil {
		return api.RequestFile{}, err
	}
	defer release()
	if s.state.Unit != nil {
		return api.RequestFile{}, s.alreadySetUp()
	}
	if len(r.Roles) == 0 {
		r.Roles = []string{defaultRole}
	}
	seat, err := identity.NewSeatKeys(s.o.Random)
	if err != nil {
		return api.RequestFile{}, err
	}
	machine, err := identity.NewSigningKey(s.o.Random)
	if err != nil {
		return api.RequestFile{}, err
	}
	req, err := identity.NewSeatRequest(identity.NewSeat{SeatName: r.SeatName, Roles: rolesOf(r.Roles), Seat: seat, Machine: &machine, Recovered: true})
	if err != nil {
		return api.RequestFile{}, problemOf(api.CodeInvalidField, err)
	}
	kf, by, err := identity.CreateKeyFile(s.o.Random, seat, r.SeatName, r.Secret, s.o.Cost)
	if err != nil {
		return api.RequestFile{}, err
	}
	if err = kf.AddSheet(s.o.Random, by, sheet, r.SeatName); err == nil {
		err = s.folder.putMachineKey(s.o.Random, by.Store, machine)
	}
	if err == nil {
		err = s.folder.putSealed(s.o.Random, by.Store, sheetFile, labelSheet, []byte(sheet.Text()))
	}
	if err == nil {
		err = s.folder.write(keyFile, kf.Encode())
	}
	if err != nil {
		return api.RequestFile{}, err
	}
	unit := req.Unit // zero: the certificate will tell
	next := folderState{Unit: &unit, Request: req.Bytes(), Seats: []pendingSeat{{Seat: req.Seat, Name: r.SeatName, Request: req.Bytes()}}}
	if err := s.folder.putState(next); err != nil {
		return api.RequestFile{}, err
	}
	s.state = next
	s.hints.send(api.Hint{Kind: api.HintSetup})
	return requestFile(req), nil
}

// openEscrow gives a folder that replaces a lost one its unit's keys; s.mu is
// held. A folder without a kept sheet has nothing to open.
func (s *Station) openEscrow(store seal.Key, unit identity.Unit) error {
	text, err := s.folder.sealed(store, sheetFile, labelSheet)
	if err != nil {
		return nil //nolint:nilerr // missing or damaged: with the sheet itself `recover` gives the keys later
	}
	sheet, err := identity.ParseSheet(string(text))
	if err != nil {
		return err
	}
	keys, err := identity.OpenEscrow(sheet, unit.Escrow)
	if err != nil {
		return problemOf(CodeSheet, fmt.Errorf("the recovery sheet that was typed is not the one of %s: begin again with the right sheet in an empty folder", unit.Name))
	}
	if err := s.folder.putUnitKeys(s.o.Random, store, keys); err != nil {
		return err
	}
	return s.folder.fs.Remove(s.folder.path(sheetFile))
}
