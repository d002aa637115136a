package export

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// WriteGeoJSON writes the main table as a feature collection (RFC 7946), a feature per interview, on a line of its own; its
// properties are the columns of the table. Interviews without a position are there too, with no geometry (section 3.2).
// It holds one interview in memory.
func (e *Exporter) WriteGeoJSON(ctx context.Context, w io.Writer, src Source) error {
	t := e.main()
	out := bufio.NewWriterSize(w, 64<<10)
	out.WriteString(`{"type":"FeatureCollection","features":[`)
	f := feature{names: quotedNames(t), geo: e.positions()}
	for row, err := range e.rows(ctx, src, t) {
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if err := f.write(t, row); err != nil {
			return fmt.Errorf("export: interview %s: %w", row.Interview, err)
		}
		if _, err := out.Write(f.buf.Bytes()); err != nil {
			return err
		}
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// positions returns the questions that may place an interview, in order.
func (e *Exporter) positions() []*question {
	var list []*question
	for _, q := range e.main().questions {
		if q.geo() && (e.o.Position == "" || e.o.Position == q.path) {
			list = append(list, q)
		}
	}
	return list
}

func quotedNames(t *table) [][]byte {
	var names [][]byte
	for _, name := range t.header() {
		names = append(names, quoted(name))
	}
	return names
}

// quoted writes a JSON string, with <, > and & as they are.
func quoted(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

// feature makes the text of one feature after the other.
type feature struct {
	names [][]byte
	geo   []*question
	buf   bytes.Buffer
	cells []cell
	begun bool
}

func (f *feature) write(t *table, row fieldwork.Row) error {
	f.buf.Reset()
	if f.begun {
		f.buf.WriteByte(',')
	}
	f.begun = true
	geometry, err := f.geometry(row)
	if err != nil {
		return err
	}
	fmt.Fprintf(&f.buf, "\n"+`{"type":"Feature","id":"%s","geometry":%s,"properties":{`, row.Interview, geometry)
	f.cells = t.cells(f.cells[:0], row)
	for i, c := range f.cells {
		if i > 0 {
			f.buf.WriteByte(',')
		}
		f.buf.Write(f.names[i])
		f.buf.WriteByte(':')
		f.buf.Write(c.json())
	}
	f.buf.WriteString("}}")
	return nil
}

// json writes a cell: numbers as numbers, names of choices as an array, all else as text; null for no answer.
func (c cell) json() []byte {
	switch {
	case c.text == "":
		return []byte("null")
	case (c.kind == record.Integer || c.kind == record.Decimal) && json.Valid([]byte(c.text)):
		return []byte(c.text)
	case c.kind == record.Choices:
		var b bytes.Buffer
		b.WriteByte('[')
		for i, name := range strings.Fields(c.text) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(quoted(name))
		}
		b.WriteByte(']')
		return b.Bytes()
	}
	return quoted(c.text)
}

// geometry returns the geometry of the first answer that places the interview, or null.
func (f *feature) geometry(row fieldwork.Row) ([]byte, error) {
	for _, q := range f.geo {
		if g := geometry(row.Answers[q.path]); g != nil {
			return geojson.NewGeometry(g).MarshalJSON()
		}
	}
	return []byte("null"), nil
}

// geometry reads a geo answer; nil when it is none. A shape's ring is closed and runs counterclockwise (RFC 7946, section 3.1.6).
func geometry(v record.Value) orb.Geometry {
	var line orb.LineString
	for part := range strings.SplitSeq(v.String(), ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, ok := point(part)
		if !ok {
			return nil
		}
		line = append(line, p)
	}
	switch {
	case v.Kind() == record.Geopoint && len(line) == 1:
		return line[0]
	case v.Kind() == record.Geotrace && len(line) >= 2:
		return line
	case v.Kind() == record.Geoshape && len(line) >= 3:
		return polygon(orb.Ring(line))
	}
	return nil
}

func polygon(ring orb.Ring) orb.Geometry {
	if !ring.Closed() {
		ring = append(ring, ring[0])
	}
	if ring.Orientation() == orb.CW {
		ring.Reverse()
	}
	return orb.Polygon{ring}
}

// point reads "latitude longitude ..."; GeoJSON has longitude first.
func point(s string) (orb.Point, bool) {
	fields := strings.Fields(s)
	if len(fields) < 2 {
		return orb.Point{}, false
	}
	lat, err1 := strconv.ParseFloat(fields[0], 64)
	lon, err2 := strconv.ParseFloat(fields[1], 64)
	return orb.Point{lon, lat}, err1 == nil && err2 == nil
}
