package process

import (
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
)

// Shared names the variable with a folder that one run of all tests shares: the
// program in it was built, and a county set up, once (`go run ./test/process/make
// DIR`). Where it is not set each test binary makes its own.
const Shared = "HEJIE_SHARED"

// What lies in a shared folder.
const (
	sharedProgram = "hejie"
	sharedCounty  = "county"
)

// countyFile describes the county; the tests in a browser read it as well.
//
//go:embed county.json
var countyFile []byte

// The county's units, and the secret of everybody in it.
var (
	described = describe()

	Secret  = described.Secret
	Court   = described.Court
	Town    = described.Town
	Village = described.Village
	Other   = described.Other
)

type description struct {
	Secret                      string
	Court, Town, Village, Other Unit
}

func describe() (d description) {
	if err := json.Unmarshal(countyFile, &d); err != nil {
		panic(err) // the file is part of the program
	}
	return d
}

// County is a court, a township under it and two villages, without cases.
type County struct {
	Court, Town, Village, Other *Desk
}

// desks are the county's desks below a folder.
func desks(t T, program, dir string) County {
	desk := func(name string) *Desk {
		return &Desk{T: t, Program: program, Dir: filepath.Join(dir, name), Pin: Secret}
	}
	return County{desk("court"), desk("town"), desk("village"), desk("other")}
}

func (c *County) each(f func(**Desk)) {
	for _, d := range []**Desk{&c.Court, &c.Town, &c.Village, &c.Other} {
		f(d)
	}
}

// SetUp makes a county below a folder, by commands as its people would.
func SetUp(t T, program, dir string) {
	t.Helper()
	c := desks(t, program, dir)
	c.each(func(d **Desk) {
		if err := os.MkdirAll((*d).Dir, 0o700); err != nil {
			t.Fatal(err)
		}
	})
	c.Court.Root(Court)
	c.Town.Join(c.Court, Town)
	c.Village.Join(c.Town, Village)
	c.Other.Join(c.Town, Other)
}

var (
	countyOnce sync.Once
	countyDir  string
	countyOwn  bool // made here, and so removed by Clean
)

// NewCounty is a copy of a county that is made once.
func NewCounty(t T, program string) County {
	t.Helper()
	countyOnce.Do(func() {
		// A program that was given is another build, which sets up its own folders.
		if dir := os.Getenv(Shared); dir != "" && os.Getenv(Program) == "" {
			countyDir = filepath.Join(dir, sharedCounty)
			return
		}
		dir, err := os.MkdirTemp("", "county")
		if err != nil {
			t.Fatal(err)
		}
		countyOwn = true
		SetUp(t, program, dir)
		countyDir = dir
	})
	if countyDir == "" {
		t.Fatal("the county could not be made")
	}
	c := desks(t, program, countyDir)
	c.each(func(d **Desk) { *d = (*d).Copy(t) })
	return c
}

// Clean removes the county that this test binary made; TestMain calls it.
func Clean() {
	if countyOwn {
		_ = os.RemoveAll(countyDir)
	}
}
