package record

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"github.com/google/uuid"
)

// householdBody is as large as an interview of the built-in questionnaire: 38 texts, a position, a roster of 4.
func householdBody(random *rand.Rand, device string) Body {
	b := Body{Interview: uuid.Must(uuid.NewRandomFromReader(random)), Form: "household_access", Version: "2026111501", Device: device, N: 1,
		At: time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC), By: "ana", Final: true, Set: Answers{}, Derived: Answers{}}
	for i := range 38 {
		b.Set[Path(fmt.Sprintf("grp_%c/question_%d", 'a'+i%5, i))] = NewText(fmt.Sprintf("answer %d", random.Intn(1000)))
	}
	p, _ := New(Geopoint, "7.11 -73.12 959 4.5")
	b.Set["grp_a/position"] = p
	for m := range 4 {
		member := Path(fmt.Sprintf("grp_c/roster/%04dx7k2m4", m+1))
		b.Set[member] = Exists()
		for i := range 5 {
			b.Set[member.Join(fmt.Sprintf("m_%d", i))] = NewInteger(random.Int63n(90))
		}
		b.Derived[member.Join("m_adult")] = NewInteger(1)
	}
	return b
}

func sealedHousehold(b *testing.B) Revision {
	r, err := Seal(householdBody(rand.New(rand.NewSource(7)), "A"))
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func BenchmarkSeal(b *testing.B) {
	body := householdBody(rand.New(rand.NewSource(7)), "A")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Seal(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseRevision(b *testing.B) {
	raw := sealedHousehold(b).Bytes()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseRevision(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMerge reads and merges histories of one revision, of three (one of them concurrent), and of 30.
func BenchmarkMerge(b *testing.B) {
	for _, count := range []int{1, 3, 30} {
		b.Run(fmt.Sprintf("revisions=%d", count), func(b *testing.B) { benchmarkMerge(b, count) })
	}
}

func benchmarkMerge(b *testing.B, count int) {
	first := sealedHousehold(b)
	raw := [][]byte{first.Bytes()}
	for n := 1; n < count; n++ {
		body := Body{Interview: first.Interview, Form: first.Form, Version: first.Version, Device: string(rune('A' + n%3)), N: uint64(n/3) + 1,
			At: first.At, Set: Answers{Path(fmt.Sprintf("grp_a/question_%d", n%10*5)): NewText(fmt.Sprint(n))}, After: Vector{"A": 1}}
		if body.After[body.Device] = body.N - 1; body.Device == "A" {
			body.N, body.After["A"] = body.N+1, body.N
		}
		r, err := Seal(body)
		if err != nil {
			b.Fatal(err)
		}
		raw = append(raw, r.Bytes())
	}
	revisions := 0
	b.ReportAllocs()
	for b.Loop() {
		h := NewHistory(first.Interview)
		for _, bytes := range raw {
			r, err := ParseRevision(bytes)
			if err == nil {
				_, err = h.Add(r)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		h.Merge()
		revisions += h.Len()
	}
	b.ReportMetric(float64(revisions)/b.Elapsed().Seconds(), "revisions/s")
}
