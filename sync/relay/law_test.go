package relay_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/record"
)

// TestMain makes do with fewer runs of the law than a package without disks would: -rapid.checks says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "12"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestAllCollectorsAgree: whatever tablets and coordinators do at whichever collector, whoever relays to whom, with answers lost, requests
// doubled and hubs destroyed: when at last everybody has met everybody, all collectors have the same, and no tablet has anything
// left that the centre lacks.
func TestAllCollectorsAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(rt, dir)
		defer w.close()
		f := &field{world: w, t: rt, unsaid: map[string]bool{}}
		f.begin()
		for range rapid.IntRange(5, 30).Draw(rt, "acts") {
			f.act()
		}
		f.end()
	})
}

// field is a world in which anything may happen.
type field struct {
	*world
	t     *rapid.T
	hubs  []string // the centre first
	teams []string

	unsaid  map[string]bool // collectors whose own coordinators said something
	revoked bool            // some tablet was
}

func (f *field) begin() {
	f.hubs = []string{"centre"}
	f.addCollector("centre", true, "").publish("household")
	for i := range rapid.IntRange(1, 3).Draw(f.t, "hubs") {
		name := fmt.Sprint("hub", i)
		f.hubs = append(f.hubs, name)
		f.addCollector(name, false, "")
	}
	for i := range rapid.IntRange(1, 3).Draw(f.t, "tablets") {
		name := fmt.Sprint("tablet", i)
		f.teams = append(f.teams, name)
		f.addTablet(name).dictionary = rapid.Bool().Draw(f.t, "dictionary")
	}
}

func (f *field) anyHub(label string) *collector {
	return f.collectors[rapid.SampledFrom(f.hubs).Draw(f.t, label)]
}

// act lets one thing happen.
func (f *field) act() {
	tablet, c := f.tablets[rapid.SampledFrom(f.teams).Draw(f.t, "tablet")], f.anyHub("at")
	switch rapid.SampledFrom([]string{"save", "save", "change", "push", "push", "relay", "relay", "judge", "assign", "set", "decide", "destroy", "restart", "revoke"}).Draw(f.t, "act") {
	case "save":
		f.save(tablet, 0, "household", fmt.Sprint("note ", f.made))
	case "change":
		if list, err := tablet.store.Interviews(); err == nil && len(list) > 0 {
			id := rapid.SampledFrom(list).Draw(f.t, "interview").ID
			f.save(tablet, numberOf(id), "household", rapid.SampledFrom([]string{"x", "y"}).Draw(f.t, "note"))
		}
	case "push":
		if _, err := f.push(tablet, c); !f.revoked {
			f.must(err)
		}
	case "relay":
		to := f.anyHub("upstream")
		if to == c {
			return
		}
		r := c.relay(to)
		c.links[to.name].faults = []string{"", rapid.SampledFrom([]string{"", "drop-reply", "drop-request", "duplicate"}).Draw(f.t, "fault")}
		_ = r.Once(background) // an error is what the fault made of it
		c.links[to.name].faults = nil
	case "judge":
		f.judge(c)
	case "assign":
		household := fmt.Sprint("H", rapid.IntRange(1, 2).Draw(f.t, "household"))
		a := record.Assignment{Assignment: uuid.NewSHA1(uuid.Nil, []byte(household)), Form: "household", Household: household,
			Assignee: string(tablet.key.ID()), Said: c.says()}
		f.put(c, a)
	case "set":
		f.put(c, record.Setting{Name: "photos", Value: []byte(rapid.SampledFrom([]string{`"any"`, `"wifi"`}).Draw(f.t, "value")), Said: c.says()})
	case "decide":
		if f.made > 1 {
			f.put(c, record.Duplicate{A: interviewID(1), B: interviewID(2), Decision: rapid.SampledFrom([]record.Decision{record.Same, record.Different}).Draw(f.t, "decision"), Said: c.says()})
		}
	case "revoke": // hubs that have not heard of it go on taking what the tablet sends
		if rapid.IntRange(0, 3).Draw(f.t, "really") == 0 {
			f.must(c.archive.Revoke(background, tablet.key.ID()))
			f.revoked, f.unsaid[c.name] = true, true
		}
	case "destroy":
		f.destroy(c)
	case "restart":
		c.stop()
		c.start()
		f.moved(c)
	}
}

func (c *collector) says() record.Said {
	return record.Said{By: "Carla", Device: string(c.key.ID()), At: c.clock()}
}

// put stores what a coordinator says at a collector.
func (f *field) put(c *collector, said interface{ Entry() (record.Entry, error) }) {
	e, err := said.Entry()
	f.must(err)
	f.must(c.archive.Put(background, e))
	f.unsaid[c.name] = true
}

// judge returns or approves an interview that a collector knows.
func (f *field) judge(c *collector) {
	if f.made == 0 {
		return
	}
	id := interviewID(rapid.IntRange(1, f.made).Draw(f.t, "interview"))
	e, err := c.verdict(c.says(), id, rapid.SampledFrom([]record.Decision{record.Approved, record.Returned}).Draw(f.t, "verdict"), "look again")
	if err == nil { // it is known here
		f.must(c.archive.Put(background, e))
		f.unsaid[c.name] = true
	}
}

// destroy takes a hub's disk away with all it gathered; a new hub takes its place. Only what its own coordinators said is passed on before:
// of that nobody else has a copy.
func (f *field) destroy(c *collector) {
	if c.central {
		return
	}
	if f.unsaid[c.name] {
		f.must(c.relay(f.collectors["centre"]).Once(background))
	}
	f.unsaid[c.name] = false
	c.stop()
	f.must(os.RemoveAll(c.dir))
	c.start()
	f.moved(c)
	f.must(c.relay(f.collectors["centre"]).Once(background))
}

// end lets everybody meet everybody, and looks.
func (f *field) end() {
	for range 3 {
		for _, from := range f.hubs {
			for _, to := range f.hubs {
				if from != to {
					f.must(f.collectors[from].relay(f.collectors[to]).Once(background))
				}
			}
		}
		for _, name := range f.teams {
			if _, err := f.push(f.tablets[name], f.collectors["centre"]); !f.revoked {
				f.must(err)
			}
		}
	}
	for _, name := range f.teams {
		if left, err := f.tablets[name].store.Left(); err != nil || left > 0 && !f.revoked {
			f.t.Fatalf("%s has %d entries that the centre lacks, %v", name, left, err)
		}
	}
	centre := f.collectors["centre"]
	all := centre.export()
	for _, name := range f.hubs {
		c := f.collectors[name]
		if other := c.export(); other != all {
			f.t.Fatalf("%s differs from the centre:\n%s\n%s", name, other, all)
		}
		c.sound()
		if stuck, err := c.archive.Stuck(background); err != nil || len(stuck) > 0 {
			f.t.Fatalf("%s: stuck %v, %v", name, stuck, err)
		}
	}
	if n := len(slices.Collect(rowsOf(f, centre))); n != f.made && !f.revoked {
		f.t.Fatalf("%d interviews of %d", n, f.made)
	}
}

// rowsOf yields the interviews that a collector has.
func rowsOf(f *field, c *collector) func(yield func(uuid.UUID) bool) {
	return func(yield func(uuid.UUID) bool) {
		for row, err := range c.archive.Rows(background, "household", "") {
			f.must(err)
			if !yield(row.Interview) {
				return
			}
		}
	}
}

// numberOf is the number of an interview.
func numberOf(id uuid.UUID) (n int) {
	fmt.Sscanf(id.String()[24:], "%d", &n)
	return n
}
