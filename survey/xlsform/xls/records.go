package xls

import "encoding/binary"

// The records (MS-XLS) that hold what cells show.
const (
	recordBOF        = 0x0809
	recordEOF        = 0x000A
	recordFilePass   = 0x002F
	recordDateMode   = 0x0022
	recordBoundSheet = 0x0085
	recordFormat     = 0x041E
	recordXF         = 0x00E0
	recordSST        = 0x00FC
	recordContinue   = 0x003C
	recordLabelSST   = 0x00FD
	recordLabel      = 0x0204
	recordRString    = 0x00D6
	recordNumber     = 0x0203
	recordRK         = 0x027E
	recordMulRK      = 0x00BD
	recordFormula    = 0x0006
	recordString     = 0x0207
	recordBoolErr    = 0x0205
)

// record is one record, with those that continue it.
type record struct {
	id    uint16
	parts [][]byte // the first is the record's own
}

func (r record) data() []byte { return r.parts[0] }

// next reads the record at a place of the stream and returns the place behind it; ok is false at the end.
func next(stream []byte, at int) (r record, after int, ok bool) {
	part := func() ([]byte, bool) {
		if at < 0 || at+4 > len(stream) {
			return nil, false
		}
		size := int(binary.LittleEndian.Uint16(stream[at+2:]))
		if at+4+size > len(stream) {
			return nil, false
		}
		body := stream[at+4 : at+4+size]
		at += 4 + size
		return body, true
	}
	if at >= 0 && at+2 <= len(stream) {
		r.id = binary.LittleEndian.Uint16(stream[at:])
	}
	body, ok := part()
	if !ok {
		return r, at, false
	}
	r.parts = append(r.parts, body)
	for at+2 <= len(stream) && binary.LittleEndian.Uint16(stream[at:]) == recordContinue {
		if body, ok = part(); !ok {
			break
		}
		r.parts = append(r.parts, body)
	}
	return r, at, true
}

// reader reads the bytes of a record across its parts.
type reader struct {
	parts [][]byte
	short bool // the record ended too early
}

// take returns the next n bytes, at most to the end of the part.
func (r *reader) take(n int) []byte {
	for len(r.parts) > 0 && len(r.parts[0]) == 0 {
		r.parts = r.parts[1:]
	}
	if len(r.parts) == 0 {
		r.short = r.short || n > 0
		return nil
	}
	n = min(n, len(r.parts[0]))
	b := r.parts[0][:n]
	r.parts[0] = r.parts[0][n:]
	return b
}

// number reads a whole number of n bytes.
func (r *reader) number(n int) int {
	v := 0
	for k := range n {
		if b := r.take(1); len(b) == 1 {
			v |= int(b[0]) << (8 * k)
		}
	}
	return v
}

func (r *reader) skip(n int) {
	for n > 0 && !r.short {
		n -= len(r.take(n))
	}
}

// text reads a string whose length in characters stands before it, in size bytes.
func (r *reader) text(size int) string {
	count, flags := r.number(size), r.number(1)
	runs, extra := 0, 0
	if flags&8 != 0 {
		runs = r.number(2)
	}
	if flags&4 != 0 {
		extra = r.number(4)
	}
	s := r.characters(count, flags&1 != 0)
	r.skip(4*runs + extra)
	return s
}

// characters reads characters of one byte or of two; in each part that continues the record their width stands anew.
func (r *reader) characters(count int, two bool) string {
	var s []byte // as UTF-16
	for count > 0 && !r.short {
		if len(r.parts) > 1 && len(r.parts[0]) == 0 {
			r.parts = r.parts[1:]
			two = r.number(1)&1 != 0
		}
		if two {
			part := r.take(2 * count)
			s = append(s, part...)
			if count -= len(part) / 2; len(part)%2 != 0 {
				r.short = true
			}
			continue
		}
		part := r.take(count)
		for _, c := range part {
			s = append(s, c, 0)
		}
		count -= len(part)
	}
	return wide(s)
}
