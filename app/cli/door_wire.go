package cli

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hejie/app/casework/data"
)

// A door is a loopback port of the program that has a folder open. Where it
// listens and its token lie in the folder, readable by its owner alone. Both
// sides prove that they know the token before anything else is said, so that
// neither a stranger's command is served nor a secret given to a program that
// took over a port. One connection is one command.

const (
	doorVersion = 1
	tokenSize   = 32
	// maxDoorFrame bounds one frame: a piece of a stream, or the request.
	maxDoorFrame = 1 << 20
	// doorChunk is the size of the pieces of streams.
	doorChunk = 32 << 10
	// doorGreeting is how long both sides wait for the other's proof.
	doorGreeting = 5 * time.Second
)

// The kinds of frames. Capitals come from the caller.
const (
	frameNonce   = 'n' // the owner's challenge
	frameHello   = 'H' // the caller's challenge and proof
	frameProof   = 'p' // the owner's proof
	frameRequest = 'R' // doorRequest
	frameOut     = 'o' // a piece of stdout
	frameErr     = 'e' // a piece of stderr
	frameWant    = 'w' // the owner wants a piece of stdin
	frameIn      = 'I' // it; empty: stdin has ended
	frameAsk     = 'a' // doorQuestion
	frameAnswer  = 'A' // doorAnswer
	frameExit    = 'x' // doorExit
)

// doorPlace is the content of the door file.
type doorPlace struct {
	Version int    `json:"version"`
	Address string `json:"address"`
	Token   string `json:"token"`
}

// doorRequest is a command with what it needs of its caller's world.
type doorRequest struct {
	Args     []string          `json:"args"`
	Dir      string            `json:"dir"`
	Env      map[string]string `json:"env"`
	Lang     data.Lang         `json:"lang"`
	Terminal bool              `json:"terminal"`
}

type doorQuestion struct {
	Prompt string `json:"prompt"`
	Secret bool   `json:"secret"`
}

type doorAnswer struct {
	Line   string `json:"line"`
	Failed bool   `json:"failed"`
}

type doorExit struct {
	Status int `json:"status"`
}

var errDoorFrame = errors.New("not a frame of this door")

// writeFrame writes one frame in one call, so that frames of several streams
// stay whole under the caller's lock.
func writeFrame(w io.Writer, kind byte, payload []byte) error {
	frame := make([]byte, 5, 5+len(payload))
	frame[0] = kind
	binary.BigEndian.PutUint32(frame[1:], uint32(len(payload)))
	_, err := w.Write(append(frame, payload...))
	return err
}

func writeJSONFrame(w io.Writer, kind byte, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(payload) > maxDoorFrame {
		return fmt.Errorf("%w: %d bytes", errDoorFrame, len(payload))
	}
	return writeFrame(w, kind, payload)
}

// readFrame reads one frame of at most maxDoorFrame bytes.
func readFrame(r io.Reader) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > maxDoorFrame {
		return 0, nil, fmt.Errorf("%w: %d bytes", errDoorFrame, size)
	}
	payload = make([]byte, size)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, err
	}
	return head[0], payload, nil
}

// expect reads one frame of a kind and, unless size is negative, of a size.
func expect(r io.Reader, kind byte, size int) ([]byte, error) {
	got, payload, err := readFrame(r)
	if err != nil {
		return nil, err
	}
	if got != kind || size >= 0 && len(payload) != size {
		return nil, errDoorFrame
	}
	return payload, nil
}

// proof is what one side shows of the token; who keeps one side's proof from
// being sent back as the other's.
func proof(token []byte, who string, owner, caller []byte) []byte {
	h := hmac.New(sha256.New, token)
	for _, part := range [][]byte{[]byte("hejie door " + who + "\x00"), owner, caller} {
		h.Write(part) // a hash never fails
	}
	return h.Sum(nil)
}

// readPlace reads a door file.
func readPlace(name string) (address string, token []byte, err error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return "", nil, err
	}
	var p doorPlace
	if err := json.Unmarshal(raw, &p); err != nil {
		return "", nil, err
	}
	token, err = hex.DecodeString(p.Token)
	if err != nil || len(token) != tokenSize || p.Version != doorVersion {
		return "", nil, errDoorFrame
	}
	return p.Address, token, nil
}
