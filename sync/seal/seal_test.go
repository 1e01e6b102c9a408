package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"hejie/store/host"
)

func newKey(t testing.TB) Key {
	k, err := NewKey(host.SystemRandom)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAChangedByteOpensNothing(t *testing.T) {
	k := newKey(t)
	salt, header, plain := make([]byte, SaltSize), []byte("header"), []byte("王小例把围墙退回老墙中线")
	sealed, err := k.SealBody(salt, header, plain)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.OpenBody(salt, header, sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("opened %q, %v", got, err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := k.OpenBody(salt, header, bad); !errors.Is(err, ErrSealed) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	if _, err := k.OpenBody(salt, []byte("headeR"), sealed); !errors.Is(err, ErrSealed) {
		t.Fatal("another header opened it")
	}
	if _, err := newKey(t).OpenBody(salt, header, sealed); !errors.Is(err, ErrSealed) {
		t.Fatal("another key opened it")
	}
}

// RFC 3394 §4.6: 256 bits of key data with a 256-bit key.
func TestKeyWrapAsInTheRFC(t *testing.T) {
	kek, _ := hex.DecodeString("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
	key, _ := hex.DecodeString("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
	want, _ := hex.DecodeString("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")
	got, err := Key(kek).WrapKey(Key(key))
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%x, %v", got, err)
	}
	back, err := Key(kek).UnwrapKey(got)
	if err != nil || back != Key(key) {
		t.Fatalf("%v, %v", back, err)
	}
	got[3] ^= 1
	if _, err := Key(kek).UnwrapKey(got); !errors.Is(err, ErrSealed) {
		t.Fatalf("a changed wrap opened: %v", err)
	}
}

func TestSealedToAUnitOpensOnlyThere(t *testing.T) {
	a, err := NewPrivateKey(host.SystemRandom)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := NewPrivateKey(host.SystemRandom)
	if len(a.Public()) != PublicKeySize {
		t.Fatalf("public key of %d bytes", len(a.Public()))
	}
	sealed, err := SealTo(host.SystemRandom, a.Public(), []byte("for"), []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := PrivateKeyFrom(a.Seed())
	if err != nil || again.Name() != a.Name() {
		t.Fatalf("restored as %x, %v", again.Name(), err)
	}
	if got, err := again.OpenSealed([]byte("for"), sealed); err != nil || string(got) != "secret" {
		t.Fatalf("%q, %v", got, err)
	}
	for name, try := range map[string]func() error{
		"another unit":    func() error { _, err := b.OpenSealed([]byte("for"), sealed); return err },
		"another purpose": func() error { _, err := a.OpenSealed([]byte("fOr"), sealed); return err },
		"cut short":       func() error { _, err := a.OpenSealed([]byte("for"), sealed[:100]); return err },
	} {
		if err := try(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestContentComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "content")
		if rapid.Bool().Draw(t, "repetitive") {
			content = bytes.Repeat(content, 4)
		}
		pad := rapid.Bool().Draw(t, "pad")
		p, err := Pack(content, pad)
		if err != nil {
			t.Fatal(err)
		}
		if pad && len(p)%32 != 0 {
			t.Fatalf("%d bytes are not a step", len(p))
		}
		back, err := Unpack(p)
		if err != nil || !bytes.Equal(back, content) {
			t.Fatalf("%d bytes back, %v", len(back), err)
		}
	})
}

func TestAContentThatGrowsWithoutEndIsRefused(t *testing.T) {
	for _, c := range compressions {
		stored := c.encoder.EncodeAll(make([]byte, 50_000_000), nil)
		binary.LittleEndian.PutUint32(stored[5:], 65_535) // its own word on its length agrees
		p := binary.AppendUvarint([]byte{c.number}, 65_535)
		p = append(binary.AppendUvarint(p, uint64(len(stored))), stored...)
		if _, err := Unpack(p); !errors.Is(err, ErrContent) {
			t.Fatalf("a bomb of %d bytes: %v", len(stored), err)
		}
	}
}

// Padding is what will want to change: its amount decides nothing.
func TestAnyPaddingIsTaken(t *testing.T) {
	p, _ := Pack([]byte("以旧土墙中心线为墙体中心线"), false)
	for _, n := range []int{0, 1, 31, 1000, 100_000} {
		if got, err := Unpack(append(bytes.Clone(p), make([]byte, n)...)); err != nil || len(got) == 0 {
			t.Errorf("%d zeros: %v", n, err)
		}
	}
	if _, err := Unpack(append(bytes.Clone(p), 0, 1)); !errors.Is(err, ErrContent) {
		t.Errorf("padding that says something: %v", err)
	}
}

func TestALaterCompressionIsNewerAndNotBroken(t *testing.T) {
	if _, err := Unpack([]byte{3, 5, 5, 1, 2, 3, 4, 5}); !errors.Is(err, ErrNewer) || errors.Is(err, ErrContent) {
		t.Errorf("%v", err)
	}
}

// What decoders differ on is refused by all: no two programs see two contents.
func TestOneFrameAndNothingElse(t *testing.T) {
	content := bytes.Repeat([]byte("土墙"), 40)
	with := func(options ...zstd.EOption) []byte {
		e, err := zstd.NewWriter(nil, options...)
		if err != nil {
			t.Fatal(err)
		}
		return e.EncodeAll(content, nil)
	}
	plain := with(zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	open := bytes.Clone(plain)
	open[6] &^= 1 // after magic, descriptor and a length of one byte: the first block's head
	skip := append([]byte{0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9}, plain...)
	stored := func(z []byte, full int) []byte {
		p := binary.AppendUvarint([]byte{zstdContent}, uint64(full))
		return append(binary.AppendUvarint(p, uint64(len(z))), z...)
	}
	if got, err := Unpack(stored(plain, len(content))); err != nil || !bytes.Equal(got, content) {
		t.Fatal(err)
	}
	for name, p := range map[string][]byte{
		"two frames":          stored(append(bytes.Clone(plain), plain...), 2*len(content)),
		"a frame to skip":     stored(skip, len(content)),
		"a checksum":          stored(with(zstd.WithEncoderCRC(true), zstd.WithSingleSegment(true)), len(content)),
		"a window":            stored(with(zstd.WithEncoderCRC(false), zstd.WithSingleSegment(false)), len(content)),
		"a byte after it":     stored(append(bytes.Clone(plain), 0), len(content)),
		"the last block open": stored(open, len(content)),
		"a dictionary number": stored(with(zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true), zstd.WithEncoderDictRaw(7, dictionary1)), len(content)),
	} {
		if _, err := Unpack(p); !errors.Is(err, ErrContent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A body of any size that a writer may make is one frame.
func TestLargeContentComesBack(t *testing.T) {
	for _, n := range []int{254, 255, 256, 257, 65_791, 65_792, 200_000, MaxContent} {
		content := bytes.Repeat([]byte("界墙协议"), n/12+1)[:n]
		p, err := Pack(content, true)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Unpack(p); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// The dictionary's bytes are for ever, and a reader finds them beside the vectors.
func TestTheDictionaryNeverChanges(t *testing.T) {
	const want = "d582bf1d7b1a735ddd383bcec9c22e5bc0b536acd65d72c94a48d8a528d0cf3e"
	if sum := sha256.Sum256(dictionary1); hex.EncodeToString(sum[:]) != want {
		t.Errorf("dictionary 1 is %x", sum)
	}
	beside, err := os.ReadFile("../../test/vectors/dictionary1.bin")
	if err != nil || !bytes.Equal(beside, dictionary1) {
		t.Errorf("test/vectors/dictionary1.bin is another one: %v", err)
	}
}

func FuzzUnpack(f *testing.F) {
	p, _ := Pack([]byte("以旧土墙中心线为墙体中心线以旧土墙中心线为墙体中心线"), true)
	f.Add(p)
	f.Add([]byte{2, 9, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		content, err := Unpack(data)
		if err != nil {
			return
		}
		if again, err := Pack(content, true); err != nil {
			t.Fatalf("%d bytes can't be packed again: %v", len(content), err)
		} else if back, err := Unpack(again); err != nil || !bytes.Equal(back, content) {
			t.Fatalf("%d bytes don't come back: %v", len(content), err)
		}
	})
}
