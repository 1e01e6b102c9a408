package liar

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Road is an open HTTPS session with a served folder, as one machine.
type Road struct {
	tree   ID
	url    string
	client *http.Client
	ours   []byte
	theirs []byte
	// Logs and Data are how many entries the other side shares with this one, as it
	// said when hello found a difference.
	Logs, Data uint64
}

// TLS is what a machine shows: chain holds the certificates of the first
// edition, of the second the key alone is shown.
func TLS(machine ed25519.PrivateKey, chain [][]byte) (*tls.Config, error) {
	if !oldTLS() {
		der, err := bareCertificate(machine)
		if err != nil {
			return nil, err
		}
		chain = [][]byte{der}
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		Certificates:       []tls.Certificate{{Certificate: chain, PrivateKey: machine}},
		InsecureSkipVerify: true,
	}, nil
}

func bareCertificate(machine ed25519.PrivateKey) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	return x509.CreateCertificate(nil, template, template, machine.Public(), machine)
}

// Dial says hello at https://host:port.
func Dial(ctx context.Context, address string, config *tls.Config, tree ID) (*Road, error) {
	r := &Road{
		tree: tree, url: address + "/hejie/exchange/" + fmt.Sprint(exchangeVersion()),
		client: &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}},
	}
	r.ours = random(16)
	answer, err := r.Ask(ctx, M{2: 1, 3: tree[:8], 6: random(16), 7: random(16), 8: random(16), 9: 1, 10: 1})
	if err != nil {
		return nil, err
	}
	r.theirs, r.Logs, r.Data = answer.bytes(4), answer.number(9), answer.number(10)
	return r, nil
}

// Close ends the connection.
func (r *Road) Close() { r.client.CloseIdleConnections() }

// CodeError is an answer with a code.
type CodeError struct {
	Code     uint64
	Sentence string
}

func (e *CodeError) Error() string {
	return fmt.Sprintf("answered with code %d %s", e.Code, e.Sentence)
}

// Ask sends a message with the session's nonces, version and grease, and reads
// the answer.
func (r *Road) Ask(ctx context.Context, message M) (M, error) {
	m := message.clone()
	m[1], m[4], m[200] = exchangeVersion(), r.ours, random(2)
	if r.theirs != nil {
		m[5] = r.theirs
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(Encode(m)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/vnd.hejie.exchange")
	response, err := r.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusTooManyRequests {
		return nil, fmt.Errorf("status %d: %.200s", response.StatusCode, b)
	}
	answer, err := Map(b)
	if err != nil {
		return nil, err
	}
	if code := answer.number(2); code != 0 {
		sentence, _ := answer[3].(string)
		return nil, &CodeError{code, sentence}
	}
	return answer, nil
}

// Outcome is what became of a pushed frame.
type Outcome struct {
	Code     byte // 1 new, 2 held, 3 refused, 4 kept without body, 5 cargo
	Reason   uint64
	Sentence string
}

// Push sends frames in one message.
func (r *Road) Push(ctx context.Context, frames ...Frame) ([]Outcome, error) {
	var list []byte
	for _, f := range frames {
		list = append(list, f.Kind)
		list = binary.AppendUvarint(list, uint64(len(f.Bytes)))
		list = append(list, f.Bytes...)
	}
	batch := append(binary.AppendUvarint([]byte{0}, uint64(len(list))), list...)
	answer, err := r.Ask(ctx, M{2: 3, 14: batch})
	if err != nil {
		return nil, err
	}
	codes := answer.bytes(21)
	if len(codes) != len(frames) {
		return nil, fmt.Errorf("%d outcomes for %d frames", len(codes), len(frames))
	}
	out := make([]Outcome, len(codes))
	for i, c := range codes {
		out[i].Code = c
	}
	for _, v := range answer.list(22) {
		refusal, _ := v.(M)
		if i := refusal.number(1); i < uint64(len(out)) {
			out[i].Reason = refusal.number(2)
			out[i].Sentence, _ = refusal[3].(string)
		}
	}
	return out, nil
}

// Phases of wants.
const (
	phaseLogs = 1
	phaseData = 2
)

// pull asks for everything that is shared in a phase.
func (r *Road) pull(ctx context.Context, phase int) ([]Frame, error) {
	var all []Frame
	wants := []byte{0xf8, 0x49, 5} // up to the end: all
	for {
		answer, err := r.Ask(ctx, M{2: 3, 12: phase, 15: wants})
		if err != nil {
			return nil, err
		}
		if batch := answer.bytes(14); len(batch) > 0 {
			frames, err := unpack(batch)
			if err != nil {
				return nil, err
			}
			all = append(all, frames...)
		}
		next := answer.bytes(15)
		if next == nil {
			return all, nil
		}
		// Skip up to where it ended, from there all.
		key := bytes.TrimRight(next, "\x00")
		wants = append([]byte{7, byte(len(key))}, key...)
		wants = append(wants, 0, 0, 5)
	}
}

func unpack(batch []byte) ([]Frame, error) {
	length, n := binary.Uvarint(batch[1:])
	if n <= 0 {
		return nil, fmt.Errorf("a batch without a length")
	}
	list := batch[1+n:]
	if batch[0] == 1 {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer d.Close()
		if list, err = d.DecodeAll(list, nil); err != nil {
			return nil, err
		}
	}
	if uint64(len(list)) != length {
		return nil, fmt.Errorf("a batch of %d bytes says %d", len(list), length)
	}
	var frames []Frame
	for len(list) > 0 {
		size, n := binary.Uvarint(list[1:])
		if n <= 0 || uint64(len(list)) < 1+uint64(n)+size {
			return nil, fmt.Errorf("a frame cut short")
		}
		end := 1 + uint64(n) + size
		frames = append(frames, Frame{list[0], list[1+n : end]})
		list = list[end:]
	}
	return frames, nil
}

// Receipts brings receipts and takes all that the other side holds.
func (r *Road) Receipts(ctx context.Context, bring ...[]byte) ([][]byte, error) {
	list := make([]any, len(bring))
	for i := range bring {
		list[i] = bring[i]
	}
	m := M{2: 3, 17: true}
	if len(list) > 0 {
		m[18] = list
	}
	answer, err := r.Ask(ctx, m)
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, v := range answer.list(18) {
		if b, ok := v.([]byte); ok {
			all = append(all, b)
		}
	}
	return all, nil
}
