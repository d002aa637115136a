package relay_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/device"
	"vereda/sync/relay"
	"vereda/sync/transfer"
)

// TestTranscripts plays the stories of testdata: commands, and what came of them. `go test -rewrite` writes the outputs anew.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		w := newWorld(t, t.TempDir())
		defer w.close()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			command, known := commands[d.Cmd]
			if !known {
				d.Fatalf(t, "no such command: %s", d.Cmd)
			}
			return strings.TrimRight(command(w, t, d), "\n") + "\n"
		})
		for _, c := range w.collectors {
			if c.server != nil {
				c.sound()
			}
		}
	})
}

var commands = map[string]func(*world, *testing.T, *datadriven.TestData) string{
	"collector":  (*world).doCollector,
	"tablet":     (*world).doTablet,
	"publish":    (*world).doPublish,
	"photo":      (*world).doPhoto,
	"files":      (*world).doFiles,
	"cover":      (*world).doCover,
	"album":      (*world).doAlbum,
	"spoil":      (*world).doSpoil,
	"save":       (*world).doSave,
	"push":       (*world).doPush,
	"relay":      (*world).doRelay,
	"show":       (*world).doShow,
	"state":      (*world).doState,
	"destroy":    (*world).doDestroy,
	"backup":     (*world).doBackup,
	"restore":    (*world).doRestore,
	"forge":      (*world).doForge,
	"clock":      (*world).doClock,
	"revoke":     (*world).doRevoke,
	"say":        (*world).doSay,
	"equal":      (*world).doEqual,
	"dictionary": (*world).doDictionary,
}

// text is an argument, "" when it is not there.
func text(t *testing.T, d *datadriven.TestData, key string) string {
	var s string
	d.MaybeScanArgs(t, key, &s)
	return s
}

// number is an argument, or else what it is otherwise.
func number(t *testing.T, d *datadriven.TestData, key string, otherwise int) int {
	d.MaybeScanArgs(t, key, &otherwise)
	return otherwise
}

func (w *world) collector(t *testing.T, d *datadriven.TestData, name string) *collector {
	if w.collectors[name] == nil {
		d.Fatalf(t, "no collector %q", name)
	}
	return w.collectors[name]
}

func (w *world) first(t *testing.T, d *datadriven.TestData) *collector {
	return w.collector(t, d, d.CmdArgs[0].Key)
}

func (w *world) tablet(t *testing.T, d *datadriven.TestData, name string) *tablet {
	if w.tablets[name] == nil {
		d.Fatalf(t, "no tablet %q", name)
	}
	return w.tablets[name]
}

// doCollector makes a collector: a hub, or the central one; one that cannot= read a form.
func (w *world) doCollector(t *testing.T, d *datadriven.TestData) string {
	w.addCollector(d.CmdArgs[0].Key, d.HasArg("central"), text(t, d, "cannot"))
	return "ok"
}

// doTablet makes a tablet, for=ANOTHER that it replaces.
func (w *world) doTablet(t *testing.T, d *datadriven.TestData) string {
	var replaces []device.ID
	if older := text(t, d, "for"); older != "" {
		replaces = append(replaces, w.tablet(t, d, older).key.ID())
	}
	w.addTablet(d.CmdArgs[0].Key, replaces...)
	return "ok"
}

func (w *world) doPublish(t *testing.T, d *datadriven.TestData) string {
	if size := number(t, d, "file", 0); size > 0 {
		w.publishWith(w.first(t, d), text(t, d, "form"), size)
		return "ok"
	}
	w.first(t, d).publish(text(t, d, "form"))
	return "ok"
}

// doSave finalizes n= interviews of form=, or changes again=K to note=.
func (w *world) doSave(t *testing.T, d *datadriven.TestData) string {
	tablet, form, note := w.tablet(t, d, d.CmdArgs[0].Key), "household", "as found"
	d.MaybeScanArgs(t, "form", &form)
	d.MaybeScanArgs(t, "note", &note)
	for range number(t, d, "n", 1) {
		w.save(tablet, number(t, d, "again", 0), form, note)
	}
	left, err := tablet.store.Left()
	w.must(err)
	return fmt.Sprintf("%d left", left)
}

// doPush lets a tablet sync at= a collector.
func (w *world) doPush(t *testing.T, d *datadriven.TestData) string {
	tablet := w.tablet(t, d, d.CmdArgs[0].Key)
	var faults []string
	if fault := text(t, d, "fault"); fault != "" {
		faults = strings.Split(fault, ",")
	}
	r, err := w.push(tablet, w.collector(t, d, text(t, d, "at")), faults...)
	left, lost := tablet.store.Left()
	w.must(lost)
	out := fmt.Sprintf("%s: sent %d, refused %d, received %d; the centre lacks %d", r.Collector, r.Sent, r.Refused, r.Received, left)
	if err != nil {
		out += "\n" + explain(err)
	}
	return out
}

func explain(err error) string {
	var p *transfer.Problem
	var again *transfer.RetryError
	switch {
	case errors.Is(err, errLink):
		return "later: " + errLink.Error()
	case errors.As(err, &again) && errors.As(err, &p):
		return "later: " + p.Error()
	case errors.As(err, &again):
		return "later: nobody answers"
	}
	return "final: " + err.Error()
}

// doRelay lets a hub exchange with=(an upstream) over a link with fault=(one,two), until neither side lacks anything.
func (w *world) doRelay(t *testing.T, d *datadriven.TestData) string {
	hub, upstream := w.first(t, d), w.collector(t, d, text(t, d, "with"))
	r := hub.relay(upstream)
	for _, a := range d.CmdArgs[1:] {
		if a.Key == "fault" {
			hub.links[upstream.name].faults = slices.Clone(a.Vals)
		}
	}
	before := r.State()
	err := r.Once(background)
	return told(before, r.State(), err)
}

func told(before, s relay.State, err error) string {
	out := fmt.Sprintf("up %d, down %d, waiting %d", s.Up-before.Up, s.Down-before.Down, s.Waiting)
	if err != nil {
		out += "\n" + explain(err)
	}
	return out
}

// doShow prints what a collector has.
func (w *world) doShow(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	total, err := c.archive.Total(background, fieldwork.Filter{})
	w.must(err)
	conflicts, err := c.archive.Conflicts(background, "")
	w.must(err)
	out := fmt.Sprintf("%d interviews, %d conflicts", total, len(conflicts))
	list, err := c.archive.Interviews(background, fieldwork.Filter{})
	w.must(err)
	slices.SortFunc(list, func(a, b fieldwork.Interview) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	for i, one := range list {
		if one.State != "" {
			out += fmt.Sprintf("\ninterview %d is %s", i+1, one.State)
		}
		if !one.Corrected.IsZero() && one.Corrected.Sub(one.At).Abs() > time.Minute {
			out += fmt.Sprintf("\ninterview %d: %s by its clock, %s really", i+1, one.At.UTC().Format(time.DateTime), one.Corrected.UTC().Format(time.DateTime))
		}
	}
	assigned, err := c.archive.Assignments(background, fieldwork.AssignmentFilter{})
	w.must(err)
	for _, a := range assigned {
		out += fmt.Sprintf("\nhousehold %s is for %s, visits %d, done %t", a.Household, w.nameOf(a.Assignee), a.Visits, a.Done)
		if a.Disputed {
			out += ", disputed"
		}
	}
	aside, err := c.archive.Quarantine(background)
	w.must(err)
	for _, a := range aside {
		out += fmt.Sprintf("\naside: a %s, %s", a.Kind, a.Reason)
	}
	stuck, err := c.archive.Stuck(background)
	w.must(err)
	for _, s := range stuck {
		out += fmt.Sprintf("\nstuck on the way %s: a batch of %s, %s", s.Direction, w.nameOf(s.Device), s.Reason)
	}
	return out
}

// nameOf names a device.
func (w *world) nameOf(id string) string {
	for name, t := range w.tablets {
		if string(t.key.ID()) == id {
			return name
		}
	}
	for name, c := range w.collectors {
		if string(c.key.ID()) == id {
			return name
		}
	}
	return "nobody"
}

// doState prints what a tablet has.
func (w *world) doState(t *testing.T, d *datadriven.TestData) string {
	tablet := w.tablet(t, d, d.CmdArgs[0].Key)
	j, err := tablet.store.Journey(time.Time{})
	w.must(err)
	var hubs []string
	for _, r := range j.Relays {
		hubs = append(hubs, fmt.Sprintf("%d at %s", r.Interviews, r.Name))
	}
	out := fmt.Sprintf("%d at the centre, %s, %d waiting, %d refused", j.Central, strings.Join(append(hubs, fmt.Sprintf("%d at hubs", len(hubs))), ", "), j.Waiting, j.Refused)
	list, err := tablet.store.Interviews()
	w.must(err)
	for i, one := range list {
		open, err := tablet.store.Returned(one.ID)
		w.must(err)
		for _, v := range open {
			out += fmt.Sprintf("\ninterview %d came back: %s", i+1, v.Note)
		}
	}
	assigned, err := tablet.store.Assignments()
	w.must(err)
	for _, a := range assigned {
		out += fmt.Sprintf("\nhousehold %s is for %s", a.Household, w.nameOf(a.Assignee))
	}
	return out
}

// doDestroy ends a collector and all that it had.
func (w *world) doDestroy(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	c.stop()
	w.must(os.RemoveAll(c.dir))
	return "ok"
}

// doBackup copies a collector's folder; doRestore puts the copy in its place, as another archive.
func (w *world) doBackup(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	c.stop()
	w.must(copyFolder(c.dir, c.dir+".backup"))
	c.start()
	w.moved(c)
	return "ok"
}

func (w *world) doRestore(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	if c.server != nil {
		c.stop()
	}
	w.must(copyFolder(c.dir+".backup", c.dir))
	if text(t, d, "files") == "gone" {
		w.must(os.RemoveAll(filepath.Join(c.dir, "media")))
	}
	c.start()
	w.must(c.archive.Renew(background))
	w.moved(c)
	return "ok"
}

// moved lets all hubs look for a collector at its new address.
func (w *world) moved(c *collector) {
	for _, other := range w.collectors {
		delete(other.relays, c.name)
	}
}

// doForge lets a hub write a receipt in the centre's name for a tablet's last batch.
func (w *world) doForge(t *testing.T, d *datadriven.TestData) string {
	hub, tablet := w.first(t, d), w.tablet(t, d, text(t, d, "for"))
	list, _, err := hub.archive.Batches(background, "", 0, 1000, 1<<30)
	w.must(err)
	r := device.Receipt{Archive: "0193a5b2-0000-4000-8000-000000000000", Device: tablet.key.ID(), Runs: []device.Run{{Status: "stored", Count: 1}}}
	r.Batch = list[len(list)-1].ID.String()
	statement, err := device.SignReceipt(hub.key, r)
	w.must(err)
	e := record.Entry{Kind: record.KindReceipt, Body: statement}
	if d.HasArg("seal") { // the hub puts it into a batch of its own, past its own archive
		b, err := hub.seal([]record.Entry{e})
		w.must(err)
		to := w.collector(t, d, text(t, d, "seal"))
		receipts, err := to.archive.Receive(background, b, "hub")
		w.must(err)
		return fmt.Sprintf("%s: %s %s", to.name, receipts[0].Status, receipts[0].Reason)
	}
	return fmt.Sprint(hub.archive.Put(background, e))
}

// doClock sets the clock of a collector or a tablet ahead= of true time, or true time itself later.
func (w *world) doClock(t *testing.T, d *datadriven.TestData) string {
	parse := func(s string) time.Duration {
		v, err := time.ParseDuration(s)
		w.must(err)
		return v
	}
	if later := text(t, d, "true"); later != "" {
		w.now = w.now.Add(parse(later))
		return "ok"
	}
	ahead, name := parse(text(t, d, "ahead")), d.CmdArgs[0].Key
	if c := w.collectors[name]; c != nil {
		c.ahead = ahead
	} else {
		w.tablet(t, d, name).ahead = ahead
	}
	return "ok"
}

func (w *world) doRevoke(t *testing.T, d *datadriven.TestData) string {
	w.must(w.first(t, d).archive.Revoke(background, w.tablet(t, d, text(t, d, "tablet")).key.ID()))
	return "ok"
}

// doSay lets a coordinator at a collector say something: verdict=returned interview=K note=, or assignment=HOUSEHOLD to=TABLET, or
// setting=NAME value=, or duplicate=(K,L) decision=.
func (w *world) doSay(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	said := record.Said{By: "Carla", Device: string(c.key.ID()), At: c.clock()}
	var e record.Entry
	var err error
	switch {
	case d.HasArg("verdict"):
		e, err = c.verdict(said, interviewID(number(t, d, "interview", 1)), record.Decision(text(t, d, "verdict")), text(t, d, "note"))
	case d.HasArg("assignment"):
		a := record.Assignment{Assignment: uuid.NewSHA1(uuid.Nil, []byte(text(t, d, "assignment"))), Form: "household", Household: text(t, d, "assignment")}
		if to := text(t, d, "to"); to != "" {
			a.Assignee = string(w.tablet(t, d, to).key.ID())
		}
		if before, err := c.archive.Assignment(background, a.Assignment); err == nil {
			said.After = before.Stands
		}
		a.Said = said
		e, err = a.Entry()
	case d.HasArg("setting"):
		e, err = record.Setting{Name: text(t, d, "setting"), Value: []byte(text(t, d, "value")), Said: said}.Entry()
	case d.HasArg("duplicate"):
		var a, b int
		d.ScanArgs(t, "duplicate", &a, &b)
		e, err = record.Duplicate{A: interviewID(a), B: interviewID(b), Decision: record.Decision(text(t, d, "decision")), Said: said}.Entry()
	}
	w.must(err)
	w.must(c.archive.Put(background, e))
	return "ok"
}

// verdict judges an interview as a collector knows it.
func (c *collector) verdict(said record.Said, id uuid.UUID, decision record.Decision, note string) (record.Entry, error) {
	s, err := c.archive.Story(background, id)
	if err != nil {
		return record.Entry{}, err
	}
	for _, v := range s.Verdicts {
		if v.Stands {
			said.After = append(said.After, v.ID)
		}
	}
	return record.Verdict{Interview: id, Knows: s.Merged.Vector, Decision: decision, Note: note, Said: said}.Entry()
}

// doEqual compares the exports of collectors.
func (w *world) doEqual(t *testing.T, d *datadriven.TestData) string {
	first := w.first(t, d).export()
	for _, a := range d.CmdArgs[1:] {
		if other := w.collector(t, d, a.Key).export(); other != first {
			return fmt.Sprintf("%s differs:\n%s\n%s", a.Key, first, other)
		}
	}
	return "equal"
}

func (w *world) doDictionary(t *testing.T, d *datadriven.TestData) string {
	w.tablet(t, d, d.CmdArgs[0].Key).dictionary = true
	return "ok"
}
