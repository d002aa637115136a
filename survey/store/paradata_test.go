package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"vereda/survey/record"
)

func lines(t testing.TB, s *Store, n int) (all []string) {
	t.Helper()
	traces, err := s.Traces(interviewID(n))
	must(t, err)
	for _, trace := range traces {
		all = append(all, fmt.Sprintf("%d %s", trace.N, trace.Line))
	}
	return all
}

func wantLines(t testing.TB, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTheLogIsKeptWithTheAnswers(t *testing.T) {
	s, path := fresh(t)
	id := begin(t, s, 1, record.Answers{"a": record.NewText("x")})
	begin(t, s, 2, nil)
	must(t, s.Keep(id, Changes{Set: record.Answers{"a": record.NewText("y")}, Traces: []Trace{{1, []byte("start")}, {2, []byte("half")}}}))
	must(t, s.Turn(Interview{ID: id, At: "b"}, []Trace{{2, []byte("whole")}, {300, []byte("far")}}))
	must(t, s.Close())

	s = open(t, path)
	wantLines(t, lines(t, s, 1), "1 start", "2 whole", "300 far")
	wantLines(t, lines(t, s, 2))
	if i, err := s.Interview(id); err != nil || i.At != "b" {
		t.Errorf("%+v, %v", i, err)
	}
	finalize(t, s, id, "d", true)
	wantLines(t, lines(t, s, 1), "1 start", "2 whole", "300 far")
	if err := s.Turn(Interview{ID: id}, []Trace{{301, []byte("late")}}); !errors.Is(err, ErrNotDraft) {
		t.Error(err)
	}
	must(t, s.Reopen(id, noon))
	must(t, s.Turn(Interview{ID: id}, []Trace{{301, []byte("again")}}))
	wantLines(t, lines(t, s, 1), "1 start", "2 whole", "300 far", "301 again")
}

func TestTheLogGoesWithTheInterview(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"a": record.NewText("x")})
	must(t, s.Turn(Interview{ID: id}, []Trace{{1, []byte("start")}}))
	must(t, s.Discard(id))
	wantLines(t, lines(t, s, 1))

	id = begin(t, s, 2, record.Answers{"a": record.NewText("x")})
	must(t, s.Turn(Interview{ID: id}, []Trace{{1, []byte("start")}}))
	r := finalize(t, s, id, "d", true)
	must(t, s.Settle(central(r, record.Stored, "")))
	n, err := s.Forget(noon.AddDate(0, 0, KeepDays+1))
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	wantLines(t, lines(t, s, 2))
}

// A file of before there was a log is opened, protected and written to as it is.
func TestAFileWithoutALog(t *testing.T) {
	s, path := fresh(t)
	id := begin(t, s, 1, record.Answers{"a": record.NewText("x")})
	must(t, s.db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket(bucketParadata) }))
	must(t, s.Close())
	s = open(t, path)
	wantLines(t, lines(t, s, 1))
	must(t, s.Keep(id, Changes{Set: record.Answers{"a": record.NewText("y")}}))
	must(t, s.Turn(Interview{ID: id}, []Trace{{1, []byte("start")}}))
	wantLines(t, lines(t, s, 1), "1 start")
}

func TestTheInterviewThatWasFinalizedLast(t *testing.T) {
	s, _ := fresh(t)
	if _, err := s.LastSaved("household"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	for n, name := range []string{"Ana", "Luz", "Eva"} {
		id := begin(t, s, n+1, record.Answers{"name": record.NewText(name)})
		if name != "Eva" { // still a draft
			finalize(t, s, id, "d", true)
		} else {
			finalize(t, s, id, "d", false) // only a backup
		}
	}
	check := func(form, want string) {
		t.Helper()
		answers, err := s.LastSaved(form)
		if err != nil || answers["name"].String() != want {
			t.Errorf("%v, %v", answers, err)
		}
	}
	check("household", "Luz")
	must(t, s.Reopen(interviewID(1), noon))
	must(t, s.Keep(interviewID(1), Changes{Set: record.Answers{"name": record.NewText("Ana María")}}))
	check("household", "Luz")
	finalize(t, s, interviewID(1), "d", true)
	check("household", "Ana María")
	if _, err := s.LastSaved("market"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// BenchmarkKeepWithItsLog keeps an answer by turns without and with a row of the log, and tells the median of each in microseconds.
func BenchmarkKeepWithItsLog(b *testing.B) {
	line := []byte("question,/data/grp_c/roster[2]/m_age,1550615022682,1550615097082,37.4229983,-122.084,14.08,41,42,,")
	s := open(b, manyInterviews(b, 1000))
	var took [2][]float64
	n := int64(0)
	for b.Loop() {
		n++
		var traces []Trace
		if n%2 == 1 {
			traces = []Trace{{N: uint64(n / 20), Line: line}}
		}
		began := time.Now()
		must(b, s.Keep(interviewID(500), Changes{Set: record.Answers{"age": record.NewInteger(n), "total": record.NewInteger(n), "adult": record.NewInteger(1)},
			Derived: map[record.Path]bool{"total": true, "adult": true}, At: noon, Traces: traces}))
		took[n%2] = append(took[n%2], float64(time.Since(began).Microseconds()))
	}
	for i, name := range []string{"without-µs", "with-µs"} {
		if len(took[i]) > 0 {
			slices.Sort(took[i])
			b.ReportMetric(took[i][len(took[i])/2], name)
		}
	}
}
