package xls_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"vereda/survey/xlsform/xls"
)

// rec writes a record.
func rec(id uint16, parts ...any) []byte {
	var body bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			body.WriteString(s)
		} else if err := binary.Write(&body, binary.LittleEndian, p); err != nil {
			panic(err)
		}
	}
	head := binary.LittleEndian.AppendUint16(nil, id)
	return append(binary.LittleEndian.AppendUint16(head, uint16(body.Len())), body.Bytes()...)
}

// utf16le writes characters of two bytes.
func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// container puts a stream into a compound file: header, table of sectors, directory, and the stream.
func container(name string, stream []byte) []byte {
	for len(stream) < 4096 || len(stream)%512 != 0 {
		stream = append(stream, 0)
	}
	const sector = 512
	header := make([]byte, sector)
	copy(header, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	put := func(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	header[30], header[32] = 9, 6
	put(header, 44, 1)
	put(header, 48, 1)
	put(header, 56, 4096)
	put(header, 60, 0xFFFFFFFE)
	put(header, 68, 0xFFFFFFFE)
	for at := 76; at < sector; at += 4 {
		put(header, at, 0xFFFFFFFF)
	}
	put(header, 76, 0)
	fat := make([]byte, sector)
	for n := range sector / 4 {
		put(fat, 4*n, 0xFFFFFFFF)
	}
	put(fat, 0, 0xFFFFFFFD)
	put(fat, 4, 0xFFFFFFFE)
	for n := range len(stream) / sector {
		put(fat, 4*(n+2), uint32(n+3))
	}
	put(fat, 4*(1+len(stream)/sector), 0xFFFFFFFE)
	directory := make([]byte, sector)
	for n, entry := range []string{"Root Entry", name} {
		e := directory[128*n:]
		copy(e, utf16le(entry))
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(entry)+2))
		e[66] = byte(5 - 3*n)
		put(e, 116, 0xFFFFFFFE)
	}
	put(directory, 128+116, 2)
	put(directory, 128+120, uint32(len(stream)))
	return bytes.Join([][]byte{header, fat, directory, stream}, nil)
}

// workbook writes a workbook with one sheet of every kind of cell. Its table of strings is continued in the middle of one.
func workbook() []byte {
	bof := rec(0x0809, uint16(0x0600), uint16(5), make([]byte, 12))
	globals := bytes.Join([][]byte{
		bof,
		rec(0x0022, uint16(0)),
		rec(0x041E, uint16(164), uint16(10), byte(0), "yyyy-mm-dd"),
		rec(0x00E0, uint16(0), uint16(0), make([]byte, 16)),
		rec(0x00E0, uint16(0), uint16(164), make([]byte, 16)),
		rec(0x00FC, uint32(3), uint32(3), uint16(4), byte(0), "type", uint16(6), byte(0x0C), uint16(1), uint32(2), "cre"),
		rec(0x003C, byte(1), utf16le("ole"), uint32(0), "xx", uint16(3), byte(1), utf16le("año")),
	}, nil)
	end := rec(0x000A)
	at := uint32(len(globals) + len(rec(0x0085, at0, byte(0), byte(0), byte(6), byte(0), "survey")) + len(end))
	globals = append(globals, rec(0x0085, at, byte(0), byte(0), byte(6), byte(0), "survey")...)
	sheet := bytes.Join([][]byte{
		end, bof,
		rec(0x00FD, uint16(0), uint16(0), uint16(0), uint32(0)),
		rec(0x00FD, uint16(0), uint16(1), uint16(0), uint32(1)),
		rec(0x00FD, uint16(0), uint16(2), uint16(0), uint32(2)),
		rec(0x0203, uint16(2), uint16(0), uint16(0), 3.25),
		rec(0x0203, uint16(2), uint16(1), uint16(1), 46350.0),
		rec(0x027E, uint16(2), uint16(2), uint16(0), uint32(1234<<2|2|1)),
		rec(0x00BD, uint16(2), uint16(3), uint16(0), uint32(7<<2|2), uint16(0), uint32(math.Float64bits(0.5)>>32), uint16(4)),
		rec(0x0006, uint16(3), uint16(0), uint16(0), uint64(0xFFFF)<<48, uint16(0)),
		rec(0x0207, uint16(2), byte(0), "ok"),
		rec(0x0006, uint16(3), uint16(1), uint16(0), uint64(0xFFFF)<<48|1<<16|1, uint16(0)),
		rec(0x0006, uint16(3), uint16(2), uint16(0), 12.0, uint16(0)),
		rec(0x0205, uint16(3), uint16(3), uint16(0), byte(0), byte(0)),
		rec(0x0204, uint16(3), uint16(4), uint16(0), uint16(1), byte(0), "L"),
		end,
	}, nil)
	return append(globals, sheet...)
}

const at0 = uint32(0)

// Every kind of cell is read as the spreadsheet shows it, at its place, and strings are read across records.
func TestCells(t *testing.T) {
	book, err := xls.Open(container("Workbook", workbook()))
	if err != nil {
		t.Fatal(err)
	}
	if got := book.Sheets(); !reflect.DeepEqual(got, []string{"survey"}) {
		t.Fatalf("sheets %q", got)
	}
	var rows [][]string
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	want := [][]string{{"type", "creole", "año"}, nil, {"3.25", "2026-11-24", "12.34", "7", "0.5"}, {"ok", "TRUE", "12", "FALSE", "L"}}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %q,\nwant %q", rows, want)
	}
}

func TestWhatIsNoWorkbookIsNamed(t *testing.T) {
	whole := container("Workbook", workbook())
	older := bytes.Replace(workbook(), []byte{0x00, 0x06}, []byte{0x00, 0x05}, 1)
	bof := rec(0x0809, uint16(0x0600), uint16(5), make([]byte, 12))
	locked := append(bof, rec(0x002F, uint16(1))...)
	for _, c := range []struct {
		file []byte
		want error
	}{
		{nil, xls.ErrDamaged}, {whole[:600], xls.ErrDamaged}, {whole[:2000], xls.ErrDamaged},
		{[]byte(strings.Repeat("x", 1000)), xls.ErrDamaged},
		{container("WordDocument", workbook()), xls.ErrOther},
		{container("Workbook", older), xls.ErrOlder},
		{container("Workbook", locked), xls.ErrLocked},
		{container("Workbook", []byte("nothing")), xls.ErrDamaged},
	} {
		if _, err := xls.Open(c.file); !errors.Is(err, c.want) {
			t.Errorf("%d bytes: %v, want %v", len(c.file), err, c.want)
		}
	}
}

// FuzzOpen changes the bytes of a workbook: no panic, and rows within the bounds of the format.
func FuzzOpen(f *testing.F) {
	f.Add(workbook(), true)
	f.Add(container("Workbook", workbook()), false)
	f.Fuzz(func(t *testing.T, b []byte, wrap bool) {
		if len(b) > 1<<16 {
			return
		}
		if wrap && len(b) < 60_000 {
			b = container("Workbook", b)
		}
		book, err := xls.Open(b)
		if err != nil {
			return
		}
		for n := range min(len(book.Sheets()), 3) {
			rows := 0
			for row := range book.Rows(n) {
				if rows++; rows > 65536 || len(row) > 256 {
					t.Fatalf("row %d has %d cells", rows, len(row))
				}
			}
		}
	})
}
