package exchange

import (
	"errors"
	"fmt"
)

// The errors on which a caller of Run decides.
var (
	// ErrOtherTree is returned when the other station belongs to another tree.
	ErrOtherTree = errors.New("the other station belongs to another tree: stations of different trees exchange nothing")
	// ErrSelf is returned for a session of a station with itself.
	ErrSelf = errors.New("that is this station itself: give the address of another one")
	// ErrNotEnrolled is returned when one side still does not know the other
	// after both showed the log entries that admit them.
	ErrNotEnrolled = errors.New("the other station is not enrolled in this tree, as far as is known here: exchange the enrolment files first")
	// ErrStranger is returned when the other side does not know this station,
	// even after it was introduced.
	ErrStranger = errors.New("the other station does not know this one: it was not enrolled there, or was revoked")
	// ErrUnproven is returned when a station unknown here does not know this one
	// and can't show that it belongs to this tree: nothing was told to it.
	ErrUnproven = errors.New("what answers there is unknown here and can't show that it belongs to this tree: nothing was told to it")
	// ErrNewerMessage is returned when the other side says something that must be
	// understood and that this program does not know.
	ErrNewerMessage = errors.New("the other station says something that this program does not know: update this program")
	// ErrMalformed is returned when the other side sends what is not this
	// protocol, or answers what was not asked.
	ErrMalformed = errors.New("the other station sent a malformed message")
	// ErrNoEnd is returned when the other side keeps the session from ending.
	ErrNoEnd = errors.New("the other station never comes to an end; the connection was given up")
	// ErrFlood is returned by Serve when a peer has used up its budget (the
	// connection is to be closed), and by Run when the other side says so.
	ErrFlood = errors.New("too many messages or too many bad ones from one station: the connection is closed, try again later")
	// ErrTooLarge is returned for a message over MaxMessage.
	ErrTooLarge = errors.New("a message over the limit")
	// ErrPeerDisk is returned when the other station could not save what it got.
	ErrPeerDisk = errors.New("the other station's disk is full: nothing was lost, sync again when it has room")
	// ErrPeerFailed is returned when the other station failed in itself.
	ErrPeerFailed = errors.New("the other station failed while answering: nothing was lost, sync again")
)

// VersionError is returned when the two sides speak no common version: the
// greatest of each.
type VersionError struct{ Ours, Theirs uint }

func (e *VersionError) Error() string {
	if e.Theirs == e.Ours {
		return "the other station does not know something that this program says: its program must be updated"
	}
	if e.Theirs > e.Ours {
		return fmt.Sprintf("the other station speaks version %d of the exchange and this program version %d: update this program", e.Theirs, e.Ours)
	}
	return fmt.Sprintf("the other station speaks version %d of the exchange and this program version %d: its program must be updated", e.Theirs, e.Ours)
}

// code is an error on the wire. Numbers are for ever.
type code uint

const (
	codeOK        code = 0
	codeTree      code = 1 // the caller names another tree
	codeVersion   code = 2 // no common version, or a key that had to be understood
	codeStranger  code = 3 // unknown caller: introduce yourself
	codeMalformed code = 4
	codeRestart   code = 5 // the nonce is of an earlier process: say hello again
	codeFlood     code = 6
	codeFailed    code = 7
	codeDiskFull  code = 8
)

// err turns an answered code into this side's error.
func (c code) err(theirs uint) error {
	switch c {
	case codeOK:
		return nil
	case codeTree:
		return ErrOtherTree
	case codeVersion:
		return &VersionError{Ours: Version, Theirs: theirs}
	case codeStranger:
		return errIntroduce
	case codeMalformed:
		return fmt.Errorf("the other station could not read this one's message: %w", ErrPeerFailed)
	case codeRestart:
		return errRestart
	case codeFlood:
		return ErrFlood
	case codeDiskFull:
		return ErrPeerDisk
	}
	return ErrPeerFailed
}

// Inside a session these two are answered by doing what they say.
var (
	errIntroduce = errors.New("the other side asks for an introduction")
	errRestart   = errors.New("the other side began anew")
)
