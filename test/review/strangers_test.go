package review

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/core/protocol"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// What a machine learns that belongs to nobody (S4): that a station of this
// program listens there, its key, and nothing of whose it is.

// readable is what no stranger may learn: names, codes, people, ids of units and
// of the tree, as bytes and as text.
func (c *county) readable() [][]byte {
	c.t.Helper()
	var out [][]byte
	for _, u := range []process.Unit{process.Court, process.Town, process.Village, process.Other} {
		out = append(out, []byte(u.Name), []byte(u.Code), []byte(u.Person))
	}
	for _, d := range []*process.Desk{c.court, c.town, c.village, c.other} {
		text, _ := d.Object("status")["unit"].(string)
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != 32 {
			c.t.Fatalf("%q is no unit's id", text)
		}
		// A hello bears the tree's first 8 bytes, so it is the rest that is looked for.
		out = append(out, raw[8:24], []byte(text[16:48]))
	}
	return out
}

// learnsNothing searches all that a stranger was sent.
func (c *county) learnsNothing(road string, heard []byte) {
	c.t.Helper()
	if len(heard) == 0 {
		c.t.Errorf("%s: nothing was heard at all", road)
	}
	for _, name := range c.readable() {
		if bytes.Contains(heard, name) {
			c.t.Errorf("%s: a stranger learns %q", road, name)
		}
	}
}

// asks are what a stranger may try; one who heard the tree's first bytes of
// somebody tries them too.
func asks(tree liar.ID) map[string]liar.M {
	nonce := make([]byte, 16)
	out := map[string]liar.M{}
	for name, tree := range map[string][]byte{"of no tree": make([]byte, 8), "of the tree": tree[:8]} {
		out["hello "+name] = liar.M{1: 2, 2: 1, 3: tree, 4: nonce, 6: nonce, 7: nonce, 8: nonce}
		out["introduce "+name] = liar.M{1: 2, 2: 2, 3: tree, 4: nonce}
		out["introduce "+name+" by a frame of nobody"] = liar.M{1: 2, 2: 2, 3: tree, 4: nonce, 11: []any{[]byte("a frame")}}
		out["work "+name] = liar.M{1: 2, 2: 3, 3: tree, 4: nonce, 5: nonce, 15: []byte{0xf8, 0x49, 5}, 12: 1}
	}
	return out
}

// answered holds an answer to a stranger to what it may say: a code and, with
// code 3, a proof of 16 bytes.
func answered(t *testing.T, what string, answer []byte) string {
	t.Helper()
	m, err := liar.Map(answer)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	code, _ := m[2].(uint64)
	if code != 1 && code != 3 && code != 4 && code != 6 {
		t.Errorf("%s: answered with code %d", what, code)
	}
	for key, v := range m {
		b, isBytes := v.([]byte)
		if key != 1 && key != 2 && key < 128 && (key != 6 || !isBytes || len(b) != 16) {
			t.Errorf("%s: the answer says %d: %v", what, key, v)
		}
	}
	return fmt.Sprintf("code %d", code)
}

func TestAStrangerOverTLS(t *testing.T) {
	c := newCounty(t)
	roads := c.town.Serve()
	address := strings.TrimPrefix(roads.HTTPS, "https://")

	s := exec.CommandContext(t.Context(), "openssl", "s_client", "-connect", address, "-showcerts", "-ign_eof")
	s.Stdin = strings.NewReader("GET / HTTP/1.0\r\n\r\n")
	said, err := s.CombinedOutput()
	if len(said) == 0 {
		t.Fatalf("openssl: %v", err)
	}
	block, _ := pem.Decode(said[bytes.Index(said, []byte("-----BEGIN")):])
	if block == nil {
		t.Fatalf("openssl shows no certificate: %s", said)
	}
	x := exec.CommandContext(t.Context(), "openssl", "x509", "-noout", "-text")
	x.Stdin = bytes.NewReader(pem.EncodeToMemory(block))
	text, err := x.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("openssl s_client learns:\n%s", text)
	c.learnsNothing("openssl s_client", bytes.Join([][]byte{said, text, block.Bytes}, nil))
	if n := bytes.Count(said, []byte("-----BEGIN")); n != 1 {
		t.Errorf("%d certificates are shown", n)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || len(cert.Subject.Names)+len(cert.Issuer.Names)+len(cert.Extensions) != 0 {
		t.Errorf("the certificate says more than a key: %v", err)
	}

	k := c.kit(c.village, "")
	_, machine, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for what, m := range asks(k.Tree) {
		heard := postAs(t, machine, roads.HTTPS+"/hejie/exchange/2", liar.Encode(m))
		t.Logf("%s: %s", what, answered(t, what, heard))
		c.learnsNothing(what, heard)
	}
}

// postAs sends a message over TLS with a machine's key and gives all that came.
func postAs(t *testing.T, machine ed25519.PrivateKey, url string, message []byte) []byte {
	t.Helper()
	config, err := liar.TLS(machine, nil)
	if err != nil {
		t.Fatal(err)
	}
	var certificates []byte
	config.VerifyConnection = func(s tls.ConnectionState) error {
		for _, x := range s.PeerCertificates {
			certificates = append(certificates, x.Raw...)
		}
		return nil
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(body, []byte{0x01}) || len(certificates) == 0 {
		t.Fatalf("status %d: %q", response.StatusCode, body)
	}
	return body
}

func TestAStrangerOverLibp2p(t *testing.T) {
	c := newCounty(t)
	roads := c.town.Serve()
	k := c.kit(c.village, "")
	info, err := peer.AddrInfoFromString(roads.P2P[0])
	if err != nil {
		t.Fatal(err)
	}
	stranger := bareHost(t)
	if err := stranger.Connect(t.Context(), *info); err != nil {
		t.Fatal(err)
	}
	var heard []byte
	for what, m := range asks(k.Tree) {
		answer, err := streamAs(t.Context(), stranger, info.ID, liar.Encode(m))
		if err != nil {
			// A stranger has few messages: who used them up hears nothing more.
			t.Logf("%s: the connection was closed", what)
			stranger = bareHost(t)
			if err := stranger.Connect(t.Context(), *info); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Logf("%s: %s", what, answered(t, what, answer))
		heard = append(heard, answer...)
	}
	// What libp2p's own identification says.
	protocols, err := stranger.Peerstore().GetProtocols(info.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range protocols {
		heard = append(heard, p...)
	}
	for _, key := range []string{"AgentVersion", "ProtocolVersion"} {
		v, _ := stranger.Peerstore().Get(info.ID, key)
		heard = append(heard, fmt.Sprint(v)...)
		t.Logf("%s %v", key, v)
	}
	t.Logf("protocols %v", protocols)
	for _, a := range stranger.Peerstore().Addrs(info.ID) {
		heard = append(heard, a.Bytes()...)
	}
	c.learnsNothing("libp2p", heard)
}

func bareHost(t *testing.T) host.Host {
	t.Helper()
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h, err := libp2p.New(libp2p.Identity(key), libp2p.NoListenAddrs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func streamAs(ctx context.Context, h host.Host, to peer.ID, message []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	h.Peerstore().AddAddrs(to, h.Peerstore().Addrs(to), peerstore.PermanentAddrTTL)
	s, err := h.NewStream(ctx, to, protocol.ID("/hejie/exchange/2"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	if _, err := s.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)); err != nil {
		return nil, err
	}
	var size [4]byte
	if _, err := io.ReadFull(s, size[:]); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.BigEndian.Uint32(size[:]))
	_, err = io.ReadFull(s, answer)
	return answer, err
}
