package batch_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// testProject is the project of this package's tests.
const testProject = "0193a5b2-7d1c-7000-8000-0000000000aa"

func newKey(t testing.TB, seed byte) device.Key {
	t.Helper()
	k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sealer returns a device of the test project, whose key is newKey(t, 1).
func sealer(t testing.TB, seed byte) batch.Sealer {
	t.Helper()
	key := newKey(t, seed)
	from := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	cert, err := device.Issue(newKey(t, 1), device.Claims{Project: testProject, Device: key.Public(), Name: "Inés Quispe",
		Role: device.Enumerator, From: from, Until: from.AddDate(2, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return batch.Sealer{Project: testProject, Key: key, Certificate: cert}
}

func opener(t testing.TB, dictionaries ...*batch.Dictionary) batch.Opener {
	return batch.Opener{Project: testProject, ProjectKey: newKey(t, 1).Public(), Dictionaries: func(id uint32) *batch.Dictionary {
		for _, d := range dictionaries {
			if d.ID == id {
				return d
			}
		}
		return nil
	}}
}

// household is a form of 38 texts, a position and a roster of 3 to 6 members, as the peers were measured with.
type household struct {
	random *rand.Rand
	device device.ID
	clock  time.Time
}

var places = strings.Fields("vereda corregimiento caserío quebrada loma cruce camino puente escuela parcela finca orilla monte cerro")
var names = strings.Fields("María José Luis Ana Carmen Pedro Rosa Juan Elena Diego Luz Marta Iván Sofía Quispe Mamani Rojas Gómez Díaz Cruz")
var members = []string{"m_name", "m_age", "m_sex", "m_uses_internet", "m_device"}

func (h *household) words(list []string, n int) string {
	var out []string
	for range n {
		out = append(out, list[h.random.IntN(len(list))])
	}
	return strings.Join(out, " ")
}

// interview returns the entry of one finalized interview.
func (h *household) interview(t testing.TB) record.Entry {
	t.Helper()
	h.clock = h.clock.Add(time.Duration(20+h.random.IntN(30)) * time.Minute)
	set := record.Answers{}
	for i := range 38 {
		path := record.Path(fmt.Sprintf("grp_%c/question_%02d_text", 'a'+i/8, i))
		switch i % 4 {
		case 0:
			set[path] = record.NewText(h.words(names, 2))
		case 1:
			set[path] = record.NewText(h.words([]string{"yes", "no", "dont_know"}, 1))
		case 2:
			set[path] = record.NewText(h.words([]string{"mobile_data", "fixed_line", "satellite", "community_network", "none"}, 1))
		default:
			set[path] = record.NewText(h.words(places, 2))
		}
	}
	position, err := record.New(record.Geopoint, fmt.Sprintf("%.6f %.6f %d.0 %.1f", 4+h.random.Float64(), -74-h.random.Float64(), 2000+h.random.IntN(900), 3+9*h.random.Float64()))
	if err != nil {
		t.Fatal(err)
	}
	set["grp_a/position"] = position
	for i := range 3 + h.random.IntN(4) {
		h.member(t, set, i+1)
	}
	id, _ := uuid.NewV7FromReader(randomReader{h.random})
	r, err := record.Seal(record.Body{V: 1, Interview: id, Form: "household_access", Version: "2026112301",
		Device: string(h.device), N: 1, At: h.clock, By: "Inés Quispe", Final: true, Set: set})
	if err != nil {
		t.Fatal(err)
	}
	return r.Entry()
}

func (h *household) member(t testing.TB, set record.Answers, ordinal int) {
	instance, err := record.NewInstanceID(ordinal, randomReader{h.random})
	if err != nil {
		t.Fatal(err)
	}
	path := record.Path("grp_c/roster").Join(instance)
	set[path] = record.Exists()
	set[path.Join(members[0])] = record.NewText(h.words(names, 2))
	set[path.Join(members[1])] = record.NewInteger(int64(h.random.IntN(90)))
	set[path.Join(members[2])] = record.NewText(h.words([]string{"female", "male"}, 1))
	set[path.Join(members[3])] = record.NewText(h.words([]string{"daily", "weekly", "never"}, 1))
	set[path.Join(members[4])] = record.NewText(h.words([]string{"smartphone", "computer", "tablet", "none"}, 1))
}

// randomReader gives bytes of a seeded generator.
type randomReader struct{ *rand.Rand }

func (r randomReader) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return len(b), nil
}

func interviews(t testing.TB, s batch.Sealer, n int) []record.Entry {
	t.Helper()
	h := household{rand.New(rand.NewPCG(7, 7)), s.Key.ID(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.FixedZone("", -5*3600))}
	var out []record.Entry
	for range n {
		out = append(out, h.interview(t))
	}
	return out
}

// dictionaryOf is what a form's dictionary holds: the skeleton of a revision with the names of questions and choices.
func dictionaryOf(t testing.TB) *batch.Dictionary {
	other := household{rand.New(rand.NewPCG(1, 2)), newKey(t, 99).ID(), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	var raw []byte
	for range 2 {
		raw = append(raw, other.interview(t).Body...)
	}
	return batch.NewDictionary(raw)
}

// Bytes on the wire are dear: what 1, 10, 50 and 500 interviews cost is measured, and may not grow unseen.
func TestSizes(t *testing.T) {
	s := sealer(t, 2)
	all := interviews(t, s, 500)
	for _, c := range []struct {
		dictionary *batch.Dictionary
		most       map[int]int // bytes an interview
	}{
		{nil, map[int]int{1: 1300, 10: 510, 50: 415, 500: 385}},
		{dictionaryOf(t), map[int]int{1: 860, 10: 310, 50: 200, 500: 150}},
	} {
		for _, n := range []int{1, 10, 50, 500} {
			raw := 0
			for _, e := range all[:n] {
				raw += len(e.Body)
			}
			size := len(sealed(t, s, c.dictionary, all[:n]...))
			t.Logf("dictionary %v: %3d interviews of %d bytes take %d bytes each", c.dictionary != nil, n, raw/n, size/n)
			if size/n > c.most[n] {
				t.Errorf("dictionary %v: %d interviews take %d bytes each", c.dictionary != nil, n, size/n)
			}
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	s, d := sealer(b, 2), dictionaryOf(b)
	all := interviews(b, s, 50)
	for b.Loop() {
		if _, err := s.Seal(io.Discard, all, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s, d := sealer(b, 2), dictionaryOf(b)
	good := sealed(b, s, d, interviews(b, s, 50)...)
	o := opener(b, d)
	for b.Loop() {
		if _, err := o.Open(bytes.NewReader(good)); err != nil {
			b.Fatal(err)
		}
	}
}

// Sealing takes little memory: a collector seals for many tablets, and a tablet may be a cheap telephone.
func TestSealingTakesLittleMemory(t *testing.T) {
	s := sealer(t, 2)
	all := interviews(t, s, 50)
	for name, d := range map[string]*batch.Dictionary{"no dictionary": nil, "a form's": dictionaryOf(t)} {
		runtime.GC()
		runtime.GC() // what other tests left in the pools is gone
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		sealed(t, s, d, all...)
		runtime.ReadMemStats(&after)
		t.Logf("%s: %d kB", name, (after.TotalAlloc-before.TotalAlloc)>>10)
		if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 {
			t.Errorf("with %s, sealing 50 interviews took %d MB", name, took>>20)
		}
	}
}
