package export

import (
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"testing"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

// many is a source of n interviews made on the way, 38 texts and a position each, and a roster of four.
type many struct{ n int }

func (m many) Rows(_ context.Context, _ string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		for i := range m.n {
			if repeat == "" {
				if !yield(fieldwork.Row{Interview: id(i), Version: "1", Device: "tab-1", Answers: fullAnswers}, nil) {
					return
				}
				continue
			}
			for j := range 4 {
				instance := record.Path(fmt.Sprintf("roster/%04dabcdef", j+1))
				if !yield(fieldwork.Row{Interview: id(i), Instance: instance, Answers: memberAnswers}, nil) {
					return
				}
			}
		}
	}
}

var (
	fullAnswers   = make(record.Answers)
	memberAnswers = make(record.Answers)
)

func wide(t testing.TB) *form.Form {
	var items, members []*form.Item
	for i := range 38 {
		name := fmt.Sprintf("q%02d", i)
		items = append(items, ask(form.TypeText, name))
		fullAnswers[record.Path(name)] = record.NewText("una respuesta")
	}
	items = append(items, ask(form.TypeGeopoint, "gps"))
	fullAnswers["gps"] = value(t, record.Geopoint, "4.6097 -74.0817 2600 5")
	for i := range 6 {
		name := fmt.Sprintf("m%02d", i)
		members = append(members, ask(form.TypeText, name))
		memberAnswers[record.Path("roster/"+name)] = record.NewText("sí")
	}
	return build("1", append(items, group(form.Repeat, "roster", members...))...)
}

func BenchmarkCSV10000(b *testing.B)  { benchmark(b, (*Exporter).WriteZip) }
func BenchmarkXLSX10000(b *testing.B) { benchmark(b, (*Exporter).WriteXLSX) }

func BenchmarkMainCSV10000(b *testing.B) {
	benchmark(b, func(e *Exporter, ctx context.Context, w io.Writer, src Source) error {
		return e.WriteCSV(ctx, w, src, "")
	})
}

func benchmark(b *testing.B, write func(*Exporter, context.Context, io.Writer, Source) error) {
	e := exporter(b, Options{Drafts: true, Forms: []*form.Form{wide(b)}})
	b.ReportAllocs()
	for b.Loop() {
		if err := write(e, b.Context(), io.Discard, many{10_000}); err != nil {
			b.Fatal(err)
		}
	}
}

// What CSV and GeoJSON hold in memory does not grow with the number of interviews.
func TestMemoryIsBounded(t *testing.T) {
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{wide(t)}})
	for name, write := range map[string]func(context.Context, io.Writer, Source) error{"zip": e.WriteZip, "geojson": e.WriteGeoJSON} {
		w := &peak{}
		if err := write(t.Context(), w, many{100_000}); err != nil {
			t.Fatal(err)
		}
		if w.most > 64<<20 {
			t.Errorf("%s of 100,000 interviews held %d MB", name, w.most>>20)
		}
	}
}

// peak notes the live heap every 64 writes.
type peak struct {
	n    int
	most uint64
}

func (p *peak) Write(b []byte) (int, error) {
	if p.n++; p.n%64 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.most = max(p.most, m.HeapAlloc)
	}
	return len(b), nil
}
