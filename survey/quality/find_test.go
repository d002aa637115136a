package quality_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/quality"
	"vereda/survey/quality/qualitytest"
)

func ExampleFind() {
	morning := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	first := quality.Household{Interview: uuid.UUID{15: 1}, Form: "hh", EA: "CO-0012", Number: "7", Phones: []string{"300 123 4567"}, By: "vera", At: morning,
		Position: quality.Position{Known: true, Lat: 4.5, Lon: -75.25, Accuracy: 8},
		Members:  []quality.Member{{Name: "María Quispe de Rojas", Sex: "2", Age: 41, HasAge: true}, {Name: "Luis Rojas", Sex: "1", Age: 44, HasAge: true}}}
	second := quality.Household{Interview: uuid.UUID{15: 2}, Form: "hh", EA: "CO-0012", Number: "17", Phones: []string{"+57 3001234567"}, By: "luis", At: morning.Add(50 * time.Hour),
		Position: quality.Position{Known: true, Lat: 4.5001, Lon: -75.2502, Accuracy: 20},
		Members:  []quality.Member{{Name: "Luis Roxas", Sex: "1", Age: 45, HasAge: true}, {Name: "QUISPE ROJAS MARIA", Sex: "2", Age: 40, HasAge: true}}}
	for _, pair := range quality.Find(slices.Values([]quality.Household{first, second}), quality.Options{}).Pairs {
		for _, r := range pair.Reasons {
			fmt.Printf("%-10s %-9s %s | %s %.0f m, %d of %d, %v\n", r.Kind, r.Agreement, r.A, r.B, r.Metres, r.Matched, r.Of, r.Between)
		}
	}
	// Output:
	// ea         same      CO-0012 | CO-0012 0 m, 0 of 0, 0s
	// number     different 7 | 17 0 m, 0 of 0, 0s
	// position   same      8 | 20 25 m, 0 of 0, 0s
	// phone      same      300 123 4567 | +57 3001234567 0 m, 0 of 0, 0s
	// head       swapped   María Quispe de Rojas | Luis Roxas 0 m, 0 of 0, 0s
	// members    same       |  0 m, 1 of 1, 0s
	// enumerator different vera | luis 0 m, 0 of 0, 0s
	// time       apart      |  0 m, 0 of 0, 50h0m0s
}

func small(t *testing.T, seed uint64) []quality.Household {
	t.Helper()
	return qualitytest.Do(qualitytest.Plan{Seed: seed, Interviews: 2000, Duplicates: 0.1, World: qualitytest.Worlds()[seed%3]}).Interviews
}

// plain is a pair without what a NaN or a map could hide.
func plain(t *testing.T, pairs []quality.Pair) string {
	t.Helper()
	text, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheOrderOfInterviewsDoesNotMatter(t *testing.T) {
	for seed := range uint64(3) {
		in := small(t, seed)
		first := quality.Find(slices.Values(in), quality.Options{})
		random := rand.New(rand.NewPCG(seed, 0))
		random.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		again := quality.Find(slices.Values(in), quality.Options{})
		if plain(t, first.Pairs) != plain(t, again.Pairs) || first.Compared != again.Compared || len(first.Pairs) == 0 {
			t.Errorf("seed %d: %d pairs, in another order %d", seed, len(first.Pairs), len(again.Pairs))
		}
	}
}

func TestOneAfterTheOtherIsAllAtOnce(t *testing.T) {
	for seed := range uint64(3) {
		in := small(t, seed)
		found := quality.Find(slices.Values(in), quality.Options{})
		if len(found.Crowded) > 0 {
			t.Fatalf("seed %d: %+v", seed, found.Crowded)
		}
		x := quality.NewIndex(quality.Options{})
		var pairs []quality.Pair
		for _, h := range in {
			pairs = append(pairs, x.Candidates(h)...)
			x.Add(h)
		}
		sorted := quality.Find(slices.Values(in), quality.Options{}).Pairs
		less := func(p, q quality.Pair) int {
			return slices.Compare(append(p.A[:], p.B[:]...), append(q.A[:], q.B[:]...))
		}
		slices.SortFunc(pairs, less)
		slices.SortFunc(sorted, less)
		if plain(t, pairs) != plain(t, sorted) {
			t.Errorf("seed %d: %d pairs, all at once %d", seed, len(pairs), len(sorted))
		}
	}
}

// TestTheIndexIsASet holds an index against all households at once, while they come, change and go.
func TestTheIndexIsASet(t *testing.T) {
	pool := small(t, 1)[:300]
	rapid.Check(t, func(t *rapid.T) {
		x, model := quality.NewIndex(quality.Options{}), map[uuid.UUID]quality.Household{}
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				if x.Len() != len(model) {
					t.Fatalf("%d households, not %d", x.Len(), len(model))
				}
			},
			"add": func(t *rapid.T) {
				h := rapid.SampledFrom(pool).Draw(t, "household")
				if rapid.Bool().Draw(t, "under another ID") {
					h.Interview = uuid.UUID{15: byte(rapid.IntRange(1, 20).Draw(t, "id"))}
				}
				x.Add(h)
				model[h.Interview] = h
			},
			"remove": func(t *rapid.T) {
				id := uuid.UUID{15: byte(rapid.IntRange(1, 20).Draw(t, "id"))}
				x.Remove(id)
				delete(model, id)
			},
			"candidates": func(t *rapid.T) {
				h := rapid.SampledFrom(pool).Draw(t, "household")
				all := []quality.Household{h}
				for id, m := range model {
					if id != h.Interview {
						all = append(all, m)
					}
				}
				var want []quality.Pair
				for _, p := range quality.Find(slices.Values(all), quality.Options{}).Pairs {
					if p.A == h.Interview || p.B == h.Interview {
						want = append(want, p)
					}
				}
				if got := x.Candidates(h); !reflect.DeepEqual(got, want) {
					t.Fatalf("%+v, not %+v", got, want)
				}
			},
		})
	})
}

func TestAnIndexForgetsWhatWasReplaced(t *testing.T) {
	in := small(t, 2)[:100]
	x, fresh := quality.NewIndex(quality.Options{}), quality.NewIndex(quality.Options{})
	for range 40 {
		for _, h := range in {
			x.Add(h)
		}
	}
	for _, h := range in {
		fresh.Add(h)
	}
	for _, h := range in {
		if got, want := x.Candidates(h), fresh.Candidates(h); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, not %+v", got, want)
		}
	}
	if kept := quality.Kept(x); kept > 1200 {
		t.Errorf("of %d households %d are kept", x.Len(), kept)
	}
}

// TestCrowdedBlocks: where everybody is in area "1", the work still grows with the number of households, and it is said so.
func TestCrowdedBlocks(t *testing.T) {
	in := small(t, 0)
	for n := range in {
		in[n].EA = "1"
	}
	found := quality.Find(slices.Values(in), quality.Options{})
	if len(found.Crowded) == 0 || found.Crowded[0].Block != "ea" || found.Crowded[0].Households != len(in) {
		t.Fatalf("%+v", found.Crowded)
	}
	if most := 100 * len(in); found.Compared > most {
		t.Errorf("%d pairs were compared among %d households", found.Compared, len(in))
	}
	for n := range in {
		in[n] = quality.Household{Interview: in[n].Interview, Form: "hh", EA: "1", Number: "1", Phones: []string{"3001234567"}, Members: []quality.Member{{Name: "Ana Ruiz"}, {Name: "Luis Ruiz"}},
			Position: quality.Position{Known: true, Lat: 4, Lon: -75}}
	}
	if found := quality.Find(slices.Values(in), quality.Options{}); found.Compared > 100*len(in) {
		t.Errorf("%d pairs were compared among %d households that are all the same", found.Compared, len(in))
	}
}

func TestWhatIsNeverAPair(t *testing.T) {
	h := small(t, 0)[0]
	same, otherForm := h, h
	otherForm.Interview, otherForm.Form = uuid.UUID{1}, "listing"
	empty := []quality.Household{{Interview: uuid.UUID{2}, Form: "hh"}, {Interview: uuid.UUID{3}, Form: "hh"}}
	found := quality.Find(slices.Values(append(empty, h, same, otherForm)), quality.Options{Least: 1e-9})
	if len(found.Pairs) != 0 || found.Compared != 0 {
		t.Errorf("an interview with itself, one of another form, or two that say nothing: %+v", found.Pairs)
	}
}

func TestAgreementsTravelAsNames(t *testing.T) {
	for a := quality.Unknown; a <= quality.Differ; a++ {
		text, err := a.MarshalText()
		var back quality.Agreement
		if err != nil || back.UnmarshalText(text) != nil || back != a {
			t.Errorf("%v is %q, and that is %v", a, text, back)
		}
	}
	if err := new(quality.Agreement).UnmarshalText([]byte("perhaps")); err == nil {
		t.Error("there is an agreement perhaps")
	}
}
