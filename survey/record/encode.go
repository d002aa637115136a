package record

import (
	"cmp"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// appendBody writes a body in the order of docs/revision-format.md: fields as Body has them, keys sorted by
// bytes, no white space, empty fields left out.
func appendBody(b []byte, body Body) []byte {
	b = append(b, `{"v":`...)
	b = strconv.AppendInt(b, int64(body.V), 10)
	b = append(b, `,"interview":"`...)
	b = append(b, body.Interview.String()...)
	b = appendText(append(b, `","form":`...), body.Form)
	b = appendText(append(b, `,"version":`...), body.Version)
	b = appendText(append(b, `,"device":`...), body.Device)
	b = append(b, `,"n":`...)
	b = strconv.AppendUint(b, body.N, 10)
	after := maps.Clone(body.After)
	maps.DeleteFunc(after, func(_ string, n uint64) bool { return n == 0 })
	b = appendMap(b, "after", after, func(b []byte, n uint64) []byte { return strconv.AppendUint(b, n, 10) })
	b = append(b, `,"at":"`...)
	b = body.At.Truncate(time.Millisecond).AppendFormat(b, "2006-01-02T15:04:05.000Z07:00")
	b = append(b, '"')
	if body.By != "" {
		b = appendText(append(b, `,"by":`...), body.By)
	}
	if body.Final {
		b = append(b, `,"final":true`...)
	}
	value := func(b []byte, v Value) []byte { return v.appendJSON(b) }
	b = appendMap(b, "set", body.Set, value)
	b = appendMap(b, "derived", body.Derived, value)
	b = appendUnset(b, body.Unset)
	b = appendMap(b, "media", body.Media, appendMedia)
	if body.Assignment != uuid.Nil {
		b = append(b, `,"assignment":"`...)
		b = append(b, body.Assignment.String()...)
		b = append(b, '"')
	}
	b = appendIDs(b, "verdicts", body.Verdicts)
	return append(b, '}')
}

// appendIDs writes a field that is an ascending list of IDs, unless it is empty.
func appendIDs(b []byte, field string, ids []ID) []byte {
	if len(ids) == 0 {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, field...)
	b = append(b, `":[`...)
	for i, id := range sortedIDs(ids) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = hex.AppendEncode(b, id[:])
		b = append(b, '"')
	}
	return append(b, ']')
}

// sortedIDs returns the IDs ascending, each once. It leaves what it was given alone.
func sortedIDs(ids []ID) []ID {
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, compareIDs)
	return slices.Compact(sorted)
}

// appendMap writes a field that is an object, unless it is empty.
func appendMap[K ~string, V any](b []byte, field string, m map[K]V, write func([]byte, V) []byte) []byte {
	if len(m) == 0 {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, field...)
	b = append(b, `":{`...)
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare[K])
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, string(k)), ':')
		b = write(b, m[k])
	}
	return append(b, '}')
}

func appendUnset(b []byte, unset []Path) []byte {
	if len(unset) == 0 {
		return b
	}
	b = append(b, `,"unset":[`...)
	for i, p := range slices.Compact(slices.Sorted(slices.Values(unset))) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, string(p))
	}
	return append(b, ']')
}

func appendMedia(b []byte, m Media) []byte {
	b = append(b, `{"sha256":"`...)
	b = hex.AppendEncode(b, m.SHA256[:])
	b = append(b, `","size":`...)
	b = strconv.AppendInt(b, m.Size, 10)
	b = appendText(append(b, `,"type":`...), m.Type)
	return append(b, '}')
}
