package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// TestTranscripts plays the stories of testdata: commands, and what came of them. `go test -rewrite` writes the outputs anew.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		w := newWorld(t)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			command, known := commands[d.Cmd]
			if !known {
				d.Fatalf(t, "no such command: %s", d.Cmd)
			}
			return strings.TrimRight(command(w, d), "\n") + "\n"
		})
	})
}

var commands = map[string]func(*world, *datadriven.TestData) string{
	"invite":     (*world).doInvite,
	"tablet":     (*world).doTablet,
	"save":       (*world).doSave,
	"push":       (*world).doPush,
	"release":    (*world).doRelease,
	"restart":    (*world).doRestart,
	"stop":       (*world).doStop,
	"revoke":     (*world).doRevoke,
	"disk":       (*world).doDisk,
	"clock":      (*world).doClock,
	"dictionary": (*world).doDictionary,
	"publish":    (*world).doPublish,
	"archive":    (*world).doArchive,
	"state":      (*world).doState,
	"impostor":   (*world).doImpostor,
	"proxy":      (*world).doProxy,
	"draft":      (*world).doDraft,
	"collector":  (*world).doCollector,
	"verdict":    (*world).doVerdict,
}

func (w *world) arg(d *datadriven.TestData, key string) string {
	var s string
	d.MaybeScanArgs(w.t, key, &s)
	return s
}

func (w *world) tablet(d *datadriven.TestData) *tablet {
	t := w.tablets[d.CmdArgs[0].Key]
	if t == nil {
		d.Fatalf(w.t, "no tablet %s", d.CmdArgs[0].Key)
	}
	return t
}

// doInvite makes an invitation: uses=N, days=N (may be negative: already over).
func (w *world) doInvite(d *datadriven.TestData) string {
	uses, days := 1, 7
	d.MaybeScanArgs(w.t, "uses", &uses)
	d.MaybeScanArgs(w.t, "days", &days)
	var err error
	w.code, err = device.NewCode(w.random)
	w.must(err)
	w.must(w.archive.Invite(context.Background(), w.code, device.Enumerator, uses, w.now.AddDate(0, 0, days)))
	return "ok"
}

// doTablet enrols a tablet with the last invitation, or code=.
func (w *world) doTablet(d *datadriven.TestData) string {
	code := w.code
	if c := w.arg(d, "code"); c != "" {
		code = c
	}
	t, err := w.enrol(d.CmdArgs[0].Key, w.invitation(code))
	if err != nil {
		return explain(err)
	}
	claims, err := t.membership.Certificate.Open(w.project.Public())
	w.must(err)
	return fmt.Sprintf("%s is an %s of %s until %s", claims.Name, claims.Role, t.membership.Project.Name, claims.Until.Format(time.DateOnly))
}

// doSave finalizes n= interviews, of form=, with a note of kilobytes=, or changes again=K (the Kth known anywhere) to note=.
func (w *world) doSave(d *datadriven.TestData) string {
	t, n, again, form, note := w.tablet(d), 1, 0, "household", "as found"
	d.MaybeScanArgs(w.t, "n", &n)
	d.MaybeScanArgs(w.t, "again", &again)
	d.MaybeScanArgs(w.t, "form", &form)
	d.MaybeScanArgs(w.t, "note", &note)
	if kilobytes := 0; d.HasArg("kilobytes") {
		d.ScanArgs(w.t, "kilobytes", &kilobytes)
		note = randomText(w.random, kilobytes<<10)
	}
	for range n {
		id := uuid.Nil
		if again > 0 {
			id = uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", again))
		}
		w.save(t, id, form, note)
	}
	waiting, err := t.store.Waiting("")
	w.must(err)
	return fmt.Sprintf("%d waiting", waiting)
}

// doPush syncs, over a link with faults: fault=(one,two) for the first requests. In parentheses
// stands how many entries got a receipt in each round.
func (w *world) doPush(d *datadriven.TestData) string {
	t := w.tablet(d)
	for _, a := range d.CmdArgs[1:] {
		if a.Key == "fault" {
			t.link.fault = strings.Join(a.Vals, ",")
		}
	}
	var steps []string
	before := transfer.Report{}
	r, err := t.client.Sync(context.Background(), t.store, func(r transfer.Report) {
		steps = append(steps, fmt.Sprint(r.Sent+r.Refused-before.Sent-before.Refused))
		before = r
	})
	t.link.fault = ""
	out := fmt.Sprintf("sent %d, refused %d, received %d, waiting %d; round trips %d", r.Sent, r.Refused, r.Received, r.Waiting, r.RoundTrips)
	if r.Sent > 0 && !r.Central {
		out += "; no word of the centre"
	}
	if len(steps) > 1 {
		out += " (" + strings.Join(steps, ", ") + ")"
	}
	if r.ClockAhead.Abs() > time.Second {
		out += fmt.Sprintf("; clock %v ahead", r.ClockAhead.Round(time.Second))
	}
	if err != nil {
		out += "\n" + explain(err)
	}
	return out
}

// explain says what an error means to who gets it.
func explain(err error) string {
	var again *transfer.RetryError
	if !errors.As(err, &again) {
		return "final: " + err.Error()
	}
	var p *transfer.Problem
	var pin *transfer.PinError
	switch {
	case errors.As(err, &pin):
		return "later: somebody else answers at the collector's address"
	case errors.As(err, &p) && p.After > 0:
		return fmt.Sprintf("later, in %v: %v", p.After, p)
	case errors.As(err, &p):
		return "later: " + p.Error()
	case strings.Contains(err.Error(), "connection refused"):
		return "later: nobody answers"
	case errors.Is(err, errLink):
		return "later: " + errLink.Error()
	}
	return "later: " + strings.ReplaceAll(again.Err.Error(), "\n", " ")
}

// doRelease delivers requests that the link held, oldest first, long after their time. Nobody waits for their answers.
func (w *world) doRelease(d *datadriven.TestData) string {
	t := w.tablet(d)
	var out []string
	for _, r := range t.link.held {
		response, err := t.link.real.RoundTrip(r)
		w.must(err)
		response.Body.Close()
		out = append(out, response.Status)
	}
	t.link.held = nil
	return strings.Join(out, "\n")
}

// doStop and doRestart end the collector, and start it again on its data.
func (w *world) doStop(*datadriven.TestData) string {
	w.server.Close()
	return "ok"
}

func (w *world) doRestart(*datadriven.TestData) string {
	w.stop()
	w.start(w.address)
	return "ok"
}

func (w *world) doRevoke(d *datadriven.TestData) string {
	w.must(w.archive.Revoke(context.Background(), w.tablet(d).key.ID()))
	return "ok"
}

// doDisk makes the collector's disk full, busy or free.
func (w *world) doDisk(d *datadriven.TestData) string {
	w.full.Store(d.HasArg("full"))
	w.busy.Store(d.HasArg("busy"))
	return "ok"
}

// doClock sets a tablet's clock ahead=DURATION of true time (negative: behind), or true time itself: true=DURATION later.
func (w *world) doClock(d *datadriven.TestData) string {
	parse := func(s string) time.Duration {
		v, err := time.ParseDuration(s)
		w.must(err)
		return v
	}
	if later := w.arg(d, "true"); later != "" {
		w.now = w.now.Add(parse(later))
	} else {
		w.tablet(d).clock = parse(w.arg(d, "ahead"))
	}
	return "ok"
}

// doDictionary gives a tablet the form's dictionary, or an unknown one.
func (w *world) doDictionary(d *datadriven.TestData) string {
	raw := []byte("a dictionary that nobody else has, of a form that was never published")
	if !d.HasArg("unknown") {
		s, err := shape(record.FormVersion{Form: "household", Version: "1"})
		w.must(err)
		raw = s.Dictionary
	}
	w.tablet(d).dictionary = batch.NewDictionary(raw)
	return "ok"
}

func (w *world) doPublish(d *datadriven.TestData) string {
	form := w.arg(d, "form")
	w.must(w.archive.Publish(context.Background(), record.FormVersion{V: 1, Form: form, Version: "1", Name: form + ".xlsx", Source: []byte("workbook")}))
	return "ok"
}

// doArchive prints what the collector has.
func (w *world) doArchive(*datadriven.TestData) string {
	ctx := context.Background()
	total, err := w.archive.Total(ctx, fieldwork.Filter{})
	w.must(err)
	conflicts, err := w.archive.Conflicts(ctx, "household")
	w.must(err)
	aside, err := w.archive.Quarantine(ctx)
	w.must(err)
	out := fmt.Sprintf("%d interviews, %d conflicts", total, len(conflicts))
	for _, a := range aside {
		out += fmt.Sprintf("\naside: a %s, %s", a.Kind, a.Reason)
	}
	devices, err := w.archive.Devices(ctx)
	w.must(err)
	for _, d := range devices {
		if d.Clock.Abs() > time.Second {
			out += fmt.Sprintf("\nthe clock of %s is %v ahead", d.Name, d.Clock.Round(time.Second))
		}
	}
	return out
}

// doState prints what a tablet has.
func (w *world) doState(d *datadriven.TestData) string {
	t := w.tablet(d)
	list, err := t.store.Interviews()
	w.must(err)
	forms, err := t.store.Forms()
	w.must(err)
	states := map[string]int{}
	for _, i := range list {
		state := string(i.State)
		if i.Reason != "" {
			state += " (" + i.Reason + ")"
		}
		states[state]++
	}
	var out []string
	for s, n := range states {
		out = append(out, fmt.Sprintf("%d %s", n, s))
	}
	sort.Strings(out)
	return fmt.Sprintf("forms %d; interviews: %s", len(forms), strings.Join(out, ", "))
}

// doImpostor lets another server with another certificate answer at the collector's address.
func (w *world) doImpostor(*datadriven.TestData) string {
	cert, key, err := transfer.SelfSigned(w.random, time.Now(), []string{"127.0.0.1"})
	w.must(err)
	w.replaceTLS(cert, key)
	return "ok"
}

// doProxy puts a proxy before the collector that takes bodies of limit= bytes at most.
func (w *world) doProxy(d *datadriven.TestData) string {
	d.ScanArgs(w.t, "limit", &w.limit)
	return "ok"
}

// doDraft answers note= in the Kth interview, of=K, which is begun if it is not there, and leaves it a draft.
func (w *world) doDraft(d *datadriven.TestData) string {
	t, of, note := w.tablet(d), 0, ""
	d.ScanArgs(w.t, "of", &of)
	d.ScanArgs(w.t, "note", &note)
	id := uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", of))
	at := w.now.Add(t.clock)
	err := t.store.Begin(store.Interview{ID: id, Form: "household", Version: "1", State: store.Draft, Created: at, Changed: at})
	if errors.Is(err, store.ErrExists) {
		err = t.store.Reopen(id, at)
	}
	w.must(err)
	w.made = max(w.made, of)
	w.must(t.store.Keep(id, store.Changes{Set: record.Answers{"head": record.NewText("María Quispe"), "note": record.NewText(note)}, At: at}))
	return "kept"
}

// doCollector makes the collector at the address a hub, a forger of central receipts, the central one again, or ("new") one with an empty
// archive.
func (w *world) doCollector(d *datadriven.TestData) string {
	w.stop()
	switch d.CmdArgs[0].Key {
	case "hub":
		w.signer = device.Key{}
	case "forger":
		w.signer = w.newKey()
	case "central":
		w.signer = w.project
	case "new":
		w.dir = w.t.TempDir()
	}
	w.start(w.address)
	if d.CmdArgs[0].Key == "new" {
		w.must(w.archive.Publish(context.Background(), record.FormVersion{V: 1, Form: "household", Version: "1", Name: "household.xlsx", Source: []byte("workbook")}))
	}
	return "ok"
}

// doVerdict returns, or approves, the Kth interview, of=K, with a comment=.
func (w *world) doVerdict(d *datadriven.TestData) string {
	of, comment := 0, ""
	d.ScanArgs(w.t, "of", &of)
	d.MaybeScanArgs(w.t, "comment", &comment)
	knows := record.Vector{}
	for _, t := range w.tablets {
		knows[string(t.key.ID())] = 1
	}
	v := record.Verdict{Knows: knows, Interview: uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", of)), Decision: record.Decision(d.CmdArgs[0].Key),
		Said: record.Said{By: "coordinator", Device: string(w.own.ID()), At: w.now}}
	if comment != "" {
		v.Comments = []record.Comment{{Path: "note", Text: comment}}
	}
	e, err := v.Entry()
	w.must(err)
	w.must(w.archive.Put(context.Background(), e))
	return "ok"
}
