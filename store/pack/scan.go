package pack

import (
	"bytes"
	"fmt"
)

// window is how much of a file a scan reads at a time: more than one record.
const window = 2 * (maxPayload + recordHeader + tagSize)

// placed is a record and where it lies.
type placed struct {
	record
	offset int64
	length int
}

func (p *placed) end() int64 { return p.offset + int64(p.length) }

// scanner walks over the records of a file from a place to its end.
type scanner struct {
	f        *file
	buf      []byte
	at       int64 // file offset of buf[0]
	end      int64
	lastSeq  uint64
	damaged  func(from, to int64, what string)
	badSince int64 // where the present bad stretch begins; -1: none
}

func newScanner(f *file, from, end int64, lastSeq uint64, damaged func(from, to int64, what string)) *scanner {
	return &scanner{f: f, at: from, end: end, lastSeq: lastSeq, damaged: damaged, badSince: -1}
}

// fill makes sure that buf holds n bytes, or all up to the end.
func (s *scanner) fill(n int) error {
	if len(s.buf) >= n || s.at+int64(len(s.buf)) >= s.end {
		return nil
	}
	have := len(s.buf)
	want := int(min(int64(window), s.end-s.at))
	buf := make([]byte, want)
	copy(buf, s.buf)
	got, err := s.f.readThrough(buf[have:], s.at+int64(have))
	if err != nil {
		return fmt.Errorf("read %s: %w", s.f.path, err)
	}
	s.buf = buf[:have+got]
	if got < want-have {
		s.end = s.at + int64(len(s.buf))
	}
	return nil
}

func (s *scanner) skip(n int) {
	s.buf = s.buf[n:]
	s.at += int64(n)
}

// next returns the next valid record; false at the end of the file, when
// badSince tells whether something unreadable lies before the end.
func (s *scanner) next() (placed, bool, error) {
	for {
		if err := s.fill(recordHeader); err != nil {
			return placed{}, false, err
		}
		if len(s.buf) == 0 {
			return placed{}, false, nil
		}
		n := recordLength(s.buf)
		if n > 0 {
			if err := s.fill(n); err != nil {
				return placed{}, false, err
			}
		}
		if n > 0 && len(s.buf) >= n {
			r, err := decodeRecord(s.f.aead, s.buf[:n])
			if err == nil && r.seq > s.lastSeq {
				p := placed{record: r, offset: s.at, length: n}
				s.lastSeq = r.seq
				s.skip(n)
				if s.badSince >= 0 {
					s.damaged(s.badSince, p.offset, "no readable record")
					s.badSince = -1
				}
				return p, true, nil
			}
		}
		if s.badSince < 0 {
			s.badSince = s.at
		}
		s.seek()
	}
}

// seek goes to the next place that may begin a record.
func (s *scanner) seek() {
	i := bytes.Index(s.buf[1:], marker[:1])
	if i < 0 {
		s.skip(len(s.buf))
		return
	}
	s.skip(i + 1)
}

// commits walks over a file and passes the records of each commit, with a last
// one that is not whole passed as such.
func (f *file) commits(from, end int64, lastSeq uint64, damaged func(from, to int64, what string),
	fn func(records []placed, last bool) error,
) (badTail int64, err error) {
	s := newScanner(f, from, end, lastSeq, damaged)
	var commit []placed
	for {
		p, ok, err := s.next()
		if err != nil {
			return 0, err
		}
		if len(commit) > 0 && (!ok || !p.sameCommit(&commit[0].record)) {
			if err := fn(commit, !ok); err != nil {
				return 0, err
			}
			commit = nil
		}
		if !ok {
			return s.badSince, nil
		}
		commit = append(commit, p)
	}
}
