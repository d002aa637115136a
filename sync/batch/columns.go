package batch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"

	"vereda/survey/record"
)

// A batch against a dictionary may have its lines laid out in columns: all answers to one question side by side compress a third
// better than interview by interview. It is the lines that are hashed and signed; columns only carry them.
//
// The text is cut before and behind each key of its objects ("name":), wherever they stand: piece, key, piece, key, …, piece. A
// column holds the pieces that follow one key, and the keys that follow those; column 0 belongs to the beginning of the text, the
// others follow in the order in which their keys first appear. In keys, a segment that is the ID of a repeat's instance is written # when it is the same
// as the last at that depth, else +, and the ID goes to a list of its own. The end is the key ".".
//
//	content   "columns 1" 00, the number of columns (unsigned varint); of each column
//	          its pieces and 00, its keys and 00; the IDs of instances, ten bytes each
//	item      its bytes and 00; or one byte 80+n when it equals the n-th different item, from 0, of the same pieces or keys
//
// No text that is JSON has a byte 00, and no piece or key is empty or begins with a byte over 7f.
var columnsMagic = []byte("columns 1\x00")

const (
	itemEnd   = 0x00
	itemAgain = 0x80
	maxAgain  = 0x80

	maxColumns = 1 << 16 // each costs a reader some memory
	endKey     = "."
	idSize     = 10
)

// items is one side of a column while it is written.
type items struct {
	b    []byte
	seen map[string]byte
}

func (i *items) add(item string) {
	if n, again := i.seen[item]; again {
		i.b = append(i.b, itemAgain+n)
		return
	}
	if i.seen == nil {
		i.seen = map[string]byte{}
	}
	if len(i.seen) < maxAgain {
		i.seen[item] = byte(len(i.seen))
	}
	i.b = append(append(i.b, item...), itemEnd)
}

// column is what follows one key.
type column struct{ pieces, keys items }

// toColumns lays text out in columns; false for a text that cannot be.
func toColumns(text []byte) ([]byte, bool) {
	if bytes.IndexByte(text, itemEnd) >= 0 {
		return nil, false
	}
	columns := []*column{{}}
	byKey := map[string]int{}
	at, names := 0, instances{}
	for {
		start, end := nextKey(text)
		if !plainItem(text[:start]) {
			return nil, false
		}
		columns[at].pieces.add(string(text[:start]))
		if start == len(text) {
			break
		}
		key, ok := names.shorten(string(text[start:end]))
		if !ok {
			return nil, false
		}
		columns[at].keys.add(key)
		if _, known := byKey[key]; !known {
			if len(columns) == maxColumns {
				return nil, false
			}
			byKey[key] = len(columns)
			columns = append(columns, &column{})
		}
		at, text = byKey[key], text[end:]
	}
	columns[at].keys.add(endKey)
	out := binary.AppendUvarint(bytes.Clone(columnsMagic), uint64(len(columns)))
	for _, c := range columns {
		out = append(append(out, c.pieces.b...), itemEnd)
		out = append(append(out, c.keys.b...), itemEnd)
	}
	return append(out, names.ids...), true
}

func plainItem(b []byte) bool { return len(b) > 0 && b[0] < itemAgain }

// nextKey finds the first key in text: a string, and the colon behind it. Both are len(text) when there is none.
func nextKey(text []byte) (start, end int) {
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		start = i
		for i++; i < len(text) && text[i] != '"'; i++ {
			if text[i] == '\\' {
				i++
			}
		}
		if i+1 < len(text) && text[i+1] == ':' {
			return start, i + 2
		}
	}
	return len(text), len(text)
}

// instances are the IDs of repeat instances: the current one at each depth, and those to come or gone by.
type instances struct {
	current []string
	ids     []byte
}

const (
	sameInstance = "#"
	nextInstance = "+"
	keyTail      = `":`
)

// shorten writes a key without its instance IDs; false for one that would not come back.
func (n *instances) shorten(key string) (string, bool) {
	inner := key[1 : len(key)-len(keyTail)]
	segments, depth := strings.Split(inner, "/"), 0
	for i, s := range segments {
		if s == sameInstance || s == nextInstance {
			return "", false
		}
		if len(s) != idSize || !record.IsInstanceID(s) {
			continue
		}
		if depth < len(n.current) && n.current[depth] == s {
			segments[i] = sameInstance
		} else {
			segments[i] = nextInstance
			n.current = append(n.current[:depth], s)
			n.ids = append(n.ids, s...)
		}
		depth++
	}
	return `"` + strings.Join(segments, "/") + keyTail, true
}

var errColumns = errors.New("columns that don't fit together")

// lengthen appends the key that shorten made key of.
func (n *instances) lengthen(b []byte, key string) ([]byte, error) {
	if len(key) < 1+len(keyTail) {
		return nil, errColumns
	}
	inner, depth := key[1:len(key)-len(keyTail)], 0
	b = append(b, key[0])
	for more := true; more; {
		var segment string
		segment, inner, more = strings.Cut(inner, "/")
		switch segment {
		case sameInstance:
			if depth >= len(n.current) {
				return nil, errColumns
			}
			segment = n.current[depth]
			depth++
		case nextInstance:
			if len(n.ids) < idSize || depth > len(n.current) {
				return nil, errColumns
			}
			segment = string(n.ids[:idSize])
			n.ids = n.ids[idSize:]
			n.current = append(n.current[:depth], segment)
			depth++
		}
		b = append(b, segment...)
		if more {
			b = append(b, '/')
		}
	}
	return append(b, keyTail...), nil
}
