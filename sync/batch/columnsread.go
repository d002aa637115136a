package batch

import (
	"bytes"
	"encoding/binary"
	"io"
)

// itemReader is one side of a column while it is read.
type itemReader struct {
	b    []byte
	seen []string
}

// next returns the next item.
func (r *itemReader) next() (string, error) {
	if len(r.b) == 0 {
		return "", errColumns
	}
	if n := r.b[0]; n >= itemAgain {
		r.b = r.b[1:]
		if int(n-itemAgain) >= len(r.seen) {
			return "", errColumns
		}
		return r.seen[n-itemAgain], nil
	}
	item, rest, ok := bytes.Cut(r.b, []byte{itemEnd})
	if !ok || len(item) == 0 {
		return "", errColumns
	}
	r.b = rest
	s := string(item)
	if len(r.seen) < maxAgain {
		r.seen = append(r.seen, s)
	}
	return s, nil
}

// columnItems is what follows one key, while it is read.
type columnItems struct{ pieces, keys itemReader }

// columnReader reads the text that columns hold, a piece at a time.
type columnReader struct {
	columns []columnItems
	byKey   map[string]int
	names   instances
	at      int
	buffer  []byte
	pending []byte // of buffer, what was not read yet
	done    bool
}

// fromColumns returns a reader of the text. It keeps content.
func fromColumns(content []byte) (io.Reader, error) {
	rest, ok := bytes.CutPrefix(content, columnsMagic)
	count, n := binary.Uvarint(rest)
	if !ok || n <= 0 || count == 0 || count > maxColumns {
		return nil, errColumns
	}
	rest = rest[n:]
	r := &columnReader{byKey: map[string]int{}}
	for range count {
		var c columnItems
		for _, side := range []*itemReader{&c.pieces, &c.keys} {
			end := sideEnd(rest)
			if end < 0 {
				return nil, errColumns
			}
			side.b, rest = rest[:end], rest[end+1:]
		}
		r.columns = append(r.columns, c)
	}
	r.names.ids = rest
	return r, nil
}

// sideEnd finds the end of one side of a column: a byte 00 where an item would begin; -1 when there is none.
func sideEnd(b []byte) int {
	for i := 0; i < len(b); i++ {
		if b[i] == itemEnd {
			return i
		}
		if b[i] < itemAgain {
			n := bytes.IndexByte(b[i:], itemEnd)
			if n < 0 {
				return -1
			}
			i += n
		}
	}
	return -1
}

func (r *columnReader) Read(b []byte) (int, error) {
	for len(r.pending) == 0 {
		if r.done {
			return 0, io.EOF
		}
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

// next makes the next piece, and the key behind it, pending.
func (r *columnReader) next() error {
	piece, err := r.columns[r.at].pieces.next()
	if err != nil {
		return err
	}
	key, err := r.columns[r.at].keys.next()
	if err != nil {
		return err
	}
	r.buffer = append(r.buffer[:0], piece...)
	r.pending = r.buffer
	if key == endKey {
		r.done = true
		return nil
	}
	if _, known := r.byKey[key]; !known {
		r.byKey[key] = len(r.byKey) + 1
	}
	if r.at = r.byKey[key]; r.at >= len(r.columns) {
		return errColumns
	}
	r.buffer, err = r.names.lengthen(r.buffer, key)
	r.pending = r.buffer
	return err
}
