package archive

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// benchForm is of the size of a household survey: 38 texts, a number, a position, a roster of four members.
func benchForm() string {
	var b strings.Builder
	for i := range 38 {
		fmt.Fprintf(&b, "group_%d/question_%d text\n", i/10, i)
	}
	b.WriteString("age integer\nplace geopoint\nroster\nroster/name text\nroster/age integer\nroster/relation text\nroster/uses_internet text\n")
	return b.String()
}

// benchInterview is about 2,600 bytes.
func benchInterview(b *testing.B, n int) record.Entry { return benchRevision(b, ana, n).Entry() }

func benchRevision(b testing.TB, who device.Claims, n int) record.Revision {
	answers := []string{fmt.Sprintf("age=%d", 18+n%60), "place=4.5981 -74.0758 2640 5"}
	for i := range 38 {
		answers = append(answers, fmt.Sprintf("group_%d/question_%d=answer %d of some words", i/10, i, n%17))
	}
	for i := range 4 {
		member := fmt.Sprintf("roster/%04daaaaaa/", i+1)
		answers = append(answers, fmt.Sprintf("%sname=Name %d", member, n%100), fmt.Sprintf("%sage=%d", member, n%80), member+"relation=child", member+"uses_internet=yes")
	}
	return revise(b, who, n, 1, nil, answers...)
}

func benchArchive(b *testing.B) *Archive {
	a := openSQLite(b, b.TempDir(), testOptions())
	publish(b, a, "1", benchForm())
	return a
}

// BenchmarkReceive stores interviews in batches from a number of clients at once.
func BenchmarkReceive(b *testing.B) {
	for _, size := range []int{50, 1} {
		for _, clients := range []int{1, 16} {
			b.Run(fmt.Sprintf("batch=%d/clients=%d", size, clients), func(b *testing.B) { benchReceive(b, size, clients) })
		}
	}
}

func benchReceive(b *testing.B, size, clients int) {
	a := benchArchive(b)
	batches := make([]*batch.Batch, b.N)
	for i := range batches {
		entries := make([]record.Entry, size)
		for j := range entries {
			entries[j] = benchInterview(b, i*size+j)
		}
		batches[i] = batchOf(ana, entries...)
		batches[i].Raw = make([]byte, 240*size) // about what a batch takes
		rand.NewChaCha8([32]byte{byte(i), byte(i >> 8)}).Read(batches[i].Raw)
	}
	var next atomic.Int64
	b.SetParallelism((clients + 1) / 2)
	b.ResetTimer()
	if clients == 1 {
		for _, one := range batches {
			if _, err := a.Receive(background, one, "network"); err != nil {
				b.Fatal(err)
			}
		}
	} else {
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, err := a.Receive(background, batches[next.Add(1)-1], "network"); err != nil {
					b.Error(err)
				}
			}
		})
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "interviews/s")
}

// BenchmarkSettle merges new interviews and writes them into columns.
func BenchmarkSettle(b *testing.B) {
	a := benchArchive(b)
	fill(b, a, b.N)
	b.ResetTimer()
	if err := a.Settle(background); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "interviews/s")
}

func fill(b *testing.B, a *Archive, n int) {
	for i := 0; i < n; i += 500 {
		var entries []record.Entry
		for j := i; j < min(n, i+500); j++ {
			entries = append(entries, benchInterview(b, j))
		}
		receive(b, a, ana, entries...)
	}
}

// BenchmarkRead measures what pages and exports read. VEREDA_BENCH_INTERVIEWS says over how many interviews; 10,000 by default.
func BenchmarkRead(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("VEREDA_BENCH_INTERVIEWS"))
	if err != nil {
		n = 10_000
	}
	a := benchArchive(b)
	fill(b, a, n)
	if err := a.Settle(background); err != nil {
		b.Fatal(err)
	}
	for _, query := range []struct {
		name string
		run  func() error
	}{
		{"interviews", func() error { _, err := a.Interviews(background, fieldwork.Filter{}); return err }},
		{"interviews of a form", func() error {
			_, err := a.Interviews(background, fieldwork.Filter{Form: "household"})
			return err
		}},
		{"interviews in conflict", func() error {
			_, err := a.Interviews(background, fieldwork.Filter{Conflicts: true})
			return err
		}},
		{"interviews of a device", func() error {
			_, err := a.Interviews(background, fieldwork.Filter{Device: string(ana.ID())})
			return err
		}},
		{"interviews to review", func() error {
			_, err := a.Interviews(background, fieldwork.Filter{State: fieldwork.ToReview})
			return err
		}},
		{"interviews far behind", func() error {
			_, err := a.Interviews(background, fieldwork.Filter{Behind: fieldwork.Place{Received: clock(), ID: interviewID(n / 20)}})
			return err
		}},
		{"total", func() error { _, err := a.Total(background, fieldwork.Filter{}); return err }},
		{"total of a form", func() error { _, err := a.Total(background, fieldwork.Filter{Form: "household"}); return err }},
		{"total in conflict", func() error { _, err := a.Total(background, fieldwork.Filter{Conflicts: true}); return err }},
		{"conflicts", func() error { _, err := a.Conflicts(background, "household"); return err }},
		{"counts", func() error { _, err := a.Counts(background); return err }},
		{"devices", func() error { _, err := a.Devices(background); return err }},
		{"story", func() error { _, err := a.Story(background, interviewID(n/2)); return err }},
		{"since", func() error { _, _, err := a.Since(background, ana, 0, 100, 1<<20); return err }},
		{"rows", func() error { return readRows(a, "") }},
		{"rows of the roster", func() error { return readRows(a, "roster") }},
	} {
		b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(query.name, " ", "_"), n), func(b *testing.B) {
			for b.Loop() {
				if err := query.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func readRows(a *Archive, repeat record.Path) error {
	for _, err := range a.Rows(background, "household", repeat) {
		if err != nil {
			return err
		}
	}
	return nil
}
