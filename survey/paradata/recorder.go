package paradata

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vereda/survey/record"
)

// Row is an event in its place in an interview's log. Whoever keeps rows puts one with a number that is there already in the place of
// the one before: an event that lasts is kept as far as it has come.
type Row struct {
	N    uint64 // from 1
	Line []byte // as Parse reads it
}

// View is a question on the screen, or a group.
type View struct {
	Kind  Kind // Question, Group, End, or Listing, which is not logged
	Path  record.Path
	Node  string
	Value string // the answer as it comes on the screen
}

// Recorder makes rows of what a person does in one sitting. Times come in as they are read from one clock: differences are taken of
// its monotonic reading where it has one, so that setting the device's clock does not change how long anything took. Not safe for
// concurrent use.
type Recorder struct {
	o     Options
	user  string
	began time.Time
	since int64 // began, in milliseconds
	last  uint64
	open  []shown
	rows  []Row // that are to be kept
	seen  []fix
}

// shown is what is on the screen.
type shown struct {
	n     uint64
	path  record.Path
	event Event
	value string // as it is now
}

// fix is a position and when it was taken.
type fix struct {
	at    int64
	place [3]string // latitude, longitude, accuracy
	error float64   // of the accuracy; many metres where it is not known
}

// NewRecorder returns a recorder for a sitting that begins now, of an interview whose last row is numbered last (0: there is none). user is who holds it. It tells
// nothing before 1970.
func NewRecorder(o Options, user string, last uint64, now time.Time) *Recorder {
	return &Recorder{o: o, user: user, began: now, since: max(now.UnixMilli(), 0), last: last}
}

// Options returns what is recorded.
func (r *Recorder) Options() Options { return r.o }

func (r *Recorder) milliseconds(now time.Time) int64 {
	return r.since + max(now.Sub(r.began).Milliseconds(), 0)
}

// Show says what is on the screen now. What was there before and is there still goes on; what is not ends.
func (r *Recorder) Show(now time.Time, views ...View) {
	var open []shown
	for _, o := range r.open {
		if !slices.ContainsFunc(views, o.is) {
			r.write(o, now)
		}
	}
	at := r.milliseconds(now)
	for _, v := range views {
		if i := slices.IndexFunc(r.open, func(o shown) bool { return o.is(v) }); i >= 0 {
			open = append(open, r.open[i])
			continue
		}
		r.last++
		e := r.event(v.Kind, v.Node, at)
		e.Old = v.Value
		open = append(open, shown{r.last, v.Path, e, v.Value})
	}
	r.open = open
}

func (o shown) is(v View) bool {
	return o.path == v.Path && o.event.Kind == v.Kind && o.event.Node == v.Node
}

// Leave says that nothing is on the screen any more.
func (r *Recorder) Leave(now time.Time) {
	for i := range r.open {
		r.write(r.open[i], now)
	}
	r.open = r.open[:0]
}

// Answer says that a question on the screen has another answer. What is not on the screen has no answer in the log: a calculation, or what a prefilled visit brought.
func (r *Recorder) Answer(now time.Time, path record.Path, value string) {
	for i := range r.open {
		if o := &r.open[i]; o.path == path && o.event.Kind == Question {
			o.value = value
			r.write(*o, now)
		}
	}
}

// Do says that something happened at a moment. AddRepeat and DeleteRepeat began when their page came on the screen.
func (r *Recorder) Do(now time.Time, kind Kind, node string) {
	e := r.event(kind, node, r.milliseconds(now))
	if kind == AddRepeat || kind == DeleteRepeat {
		e.End = e.Start
		for _, o := range r.open {
			e.Start = min(e.Start, o.event.Start)
		}
	}
	r.add(e)
}

// Explain says why a finished interview was changed.
func (r *Recorder) Explain(now time.Time, why string) {
	e := r.event(Reason, "", r.milliseconds(now))
	e.Reason = why
	r.add(e)
}

// Locate says where the device is, as a geopoint; where the form does not ask for it, nothing is remembered.
func (r *Recorder) Locate(now time.Time, position record.Value) {
	parts := strings.Fields(position.String())
	if !r.o.Places || position.Kind() != record.Geopoint || len(parts) < 2 {
		return
	}
	f := fix{at: r.milliseconds(now), place: [3]string{parts[0], parts[1]}, error: 1e9}
	if len(parts) > 3 {
		if accuracy, err := strconv.ParseFloat(parts[3], 64); err == nil {
			f.place[2], f.error = parts[3], accuracy
		}
	}
	r.forget(f.at)
	r.seen = append(r.seen, f)
}

// Due reports whether it is time to ask the device where it is.
func (r *Recorder) Due(now time.Time) bool {
	n := len(r.seen)
	return r.o.Places && (n == 0 || r.milliseconds(now)-r.seen[n-1].at >= r.o.Interval.Milliseconds())
}

// forget drops positions that are too old.
func (r *Recorder) forget(now int64) {
	for len(r.seen) > 0 && now-r.seen[0].at > r.o.Age.Milliseconds() {
		r.seen = r.seen[1:]
	}
}

// Rows returns the rows that are to be kept, and takes them to be kept from now on.
func (r *Recorder) Rows() []Row {
	rows := r.rows
	r.rows = nil
	return rows
}

// Again says that rows could not be kept: they come with the next ones.
func (r *Recorder) Again(rows []Row) { r.rows = append(rows, r.rows...) }

func (r *Recorder) event(kind Kind, node string, at int64) Event {
	e := Event{Kind: kind, Node: node, Start: at}
	if r.o.User {
		e.User = r.user
	}
	return e
}

func (r *Recorder) add(e Event) {
	r.place(&e, e.Start)
	r.last++
	r.rows = append(r.rows, Row{r.last, e.Line()})
}

// write writes down something on the screen as it is now.
func (r *Recorder) write(o shown, now time.Time) {
	if o.event.Kind == Listing {
		return
	}
	e := o.event
	if e.End = r.milliseconds(now); r.o.Changes && e.Old != o.value {
		e.New = o.value
	} else {
		e.Old = ""
	}
	r.place(&e, e.End)
	row := Row{o.n, e.Line()}
	for i := range r.rows {
		if r.rows[i].N == row.N {
			r.rows[i] = row
			return
		}
	}
	r.rows = append(r.rows, row)
}

// place adds the most accurate position of those that are not too old.
func (r *Recorder) place(e *Event, at int64) {
	r.forget(at)
	best := -1
	for i, f := range r.seen {
		if best < 0 || f.error <= r.seen[best].error {
			best = i
		}
	}
	if best >= 0 {
		p := r.seen[best].place
		e.Latitude, e.Longitude, e.Accuracy = p[0], p[1], p[2]
	}
}
