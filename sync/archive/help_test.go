package archive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// opener gives a test an archive in a folder; it is closed when the test ends.
type opener func(t testing.TB, dir string, o Options) *Archive

func openSQLite(t testing.TB, dir string, o Options) *Archive {
	t.Helper()
	a, err := Open(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// clock stands still on a day of November in Bogotá.
func clock() time.Time {
	return time.Date(2026, 11, 23, 9, 30, 0, 0, time.FixedZone("", -5*3600))
}

func testOptions() Options { return Options{Now: clock, Shape: readTestForm, Rules: testRules{}} }

// readTestForm reads a source of lines: "path kind" for a question, "path" for a repeat whose questions follow below it.
func readTestForm(f record.FormVersion) (Shape, error) {
	s := Shape{Form: f.Form, Version: f.Version, Title: "The form " + f.Form, Dictionary: f.Source}
	kinds := map[string]record.Kind{"text": record.Text, "integer": record.Integer, "decimal": record.Decimal, "choices": record.Choices, "date": record.Date, "geopoint": record.Geopoint}
	for line := range strings.Lines(string(f.Source)) {
		path, kind, isQuestion := strings.Cut(strings.TrimSpace(line), " ")
		if !isQuestion {
			s.Repeats = append(s.Repeats, Repeat{Path: record.Path(path)})
			continue
		}
		if kinds[kind] == 0 {
			return Shape{}, fmt.Errorf("no type %q", kind)
		}
		c, owner := Column{record.Path(path), kinds[kind]}, &s.Columns
		for i := range s.Repeats {
			if c.Path.Under(s.Repeats[i].Path) {
				owner = &s.Repeats[i].Columns
			}
		}
		*owner = append(*owner, c)
	}
	return s, nil
}

// testRules name an interview by its head, and want the head to be at least 10 years old.
type testRules struct{}

func (testRules) Review(m record.Merged) (string, []fieldwork.Flag) {
	var flags []fieldwork.Flag
	if age := m.Answers["age"].String(); len(age) == 1 {
		flags = append(flags, fieldwork.Flag{Path: "age", Kind: "constraint", Message: "too young"})
	}
	return m.Answers["head"].String(), flags
}

const householdForm = `head text
age integer
income decimal
uses choices
place geopoint
roster
roster/name text
roster/age integer
roster/devices
roster/devices/model text
`

func formVersion(version, source string) record.FormVersion {
	return record.FormVersion{V: 1, Form: "household", Version: version, Name: "household.xlsx", Source: []byte(source)}
}

// person is a device of a test, by its name.
func person(name string, role device.Role) device.Claims {
	seed := bytes.Repeat([]byte{0}, ed25519.SeedSize)
	copy(seed, name)
	return device.Claims{V: 1, Device: ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), Name: name, Role: role}
}

var (
	ana   = person("Ana", device.Enumerator)
	beto  = person("Beto", device.Enumerator)
	carla = person("Carla", device.Coordinator)
)

// interviewID numbers the interviews of a test.
func interviewID(n int) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], 0x0198_0000_0000_7000)
	binary.BigEndian.PutUint64(id[8:], uint64(n)|1<<63)
	return id
}

// revise writes a revision in short: answers as "path=value".
func revise(t testing.TB, who device.Claims, interview int, n uint64, after record.Vector, answers ...string) record.Revision {
	t.Helper()
	b := record.Body{V: 1, Interview: interviewID(interview), Form: "household", Version: "1", Device: string(who.ID()), N: n, After: record.Vector{}, At: clock(), By: who.Name, Final: true, Set: record.Answers{}}
	for d, seen := range after {
		b.After[d] = seen
	}
	if n > 1 {
		b.After[b.Device] = n - 1
	}
	for _, a := range answers {
		path, text, _ := strings.Cut(a, "=")
		b.Set[record.Path(path)] = valueOf(t, path, text)
		for p := record.Path(path); p != ""; p = p.Parent() {
			if instance, inside := p.Instance(); inside {
				b.Set[instance] = record.Exists()
				p = instance
			}
		}
	}
	r, err := record.Seal(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func valueOf(t testing.TB, path, text string) record.Value {
	t.Helper()
	kind := record.Text
	switch record.Path(path).Name() {
	case "age":
		kind = record.Integer
	case "income":
		kind = record.Decimal
	case "uses":
		kind = record.Choices
	case "place":
		kind = record.Geopoint
	}
	v, err := record.New(kind, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// receive stores entries as a batch of one sender and returns the statuses, with reasons.
func receive(t testing.TB, a *Archive, from device.Claims, entries ...record.Entry) []string {
	t.Helper()
	receipts, err := a.Receive(context.Background(), batchOf(from, entries...), "network")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for i, r := range receipts {
		if r.Entry != entries[i].ID() {
			t.Fatalf("receipt %d is for another entry", i)
		}
		list = append(list, strings.TrimSpace(string(r.Status)+" "+r.Reason))
	}
	return list
}

func batchOf(from device.Claims, entries ...record.Entry) *batch.Batch {
	b := &batch.Batch{Device: from, Entries: entries}
	for _, e := range entries {
		id := e.ID()
		for i := range id {
			b.ID[i] ^= id[i]
		}
	}
	return b
}

func publish(t testing.TB, a *Archive, version, source string) {
	t.Helper()
	if err := a.Publish(context.Background(), formVersion(version, source)); err != nil {
		t.Fatal(err)
	}
}

// dump writes all rows of a form as text: what every export is made of.
func dump(t testing.TB, a *Archive) string {
	t.Helper()
	var b strings.Builder
	for _, repeat := range []record.Path{"", "roster", "roster/devices"} {
		for row, err := range a.Rows(context.Background(), "household", repeat) {
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "#%d %s v%s by=%s final=%t conflicts=%d:", row.Interview[15], row.Instance, row.Version, row.By, row.Final, row.Conflicts)
			var cells []string
			for p, v := range row.Answers {
				cells = append(cells, fmt.Sprintf(" %s=%s", p, v))
			}
			slices.Sort(cells)
			fmt.Fprintln(&b, strings.Join(cells, ""))
		}
	}
	return b.String()
}

// want compares texts that are lists of lines, and shows both.
func want(t testing.TB, got any, expected string) {
	t.Helper()
	text := strings.TrimSpace(fmt.Sprint(got))
	if list, ok := got.([]string); ok {
		text = strings.Join(list, "\n")
	}
	if expected = strings.TrimSpace(strings.ReplaceAll(expected, "\t", "")); text != expected {
		t.Errorf("got\n%s\nwant\n%s", text, expected)
	}
}

func wantError(t testing.TB, err, expected error) {
	t.Helper()
	if !errors.Is(err, expected) {
		t.Errorf("got error %v, want %v", err, expected)
	}
}

func entry(t testing.TB, kind string, body any) record.Entry {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return record.Entry{Kind: kind, Body: b}
}
