package screen

import (
	"errors"
	"strings"
	"time"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/paradata"
	"vereda/survey/record"
	"vereda/survey/store"
)

// pause is how long nothing is typed before what was typed is kept.
const pause = 300 * time.Millisecond

// capture takes the answers of one interview: into the session, and to the keeper. An answer is shown as kept only when the
// keeper has it. It has no widgets.
type capture struct {
	info    store.Interview
	session *interview.Session
	keeper  Keeper
	clock   Clock
	shown   func(interview.Change) // what an answer changed, to be shown; called after the keeper has answered

	typing map[record.Path]record.Value // typed, not yet given to the session
	stop   func()                       // of the timer that gives it
	unkept []store.Changes              // what the keeper could not take yet, oldest first
	marks  map[record.Path]bool         // answers given since the interview was opened: kept, or not
	fault  error                        // why the keeper could not; nil when all is kept
	diary  *diary                       // nil where the form asks for none
}

func newCapture(info store.Interview, s *interview.Session, k Keeper, c Clock) *capture {
	return &capture{info: info, session: s, keeper: k, clock: c, shown: func(interview.Change) {},
		typing: map[record.Path]record.Value{}, marks: map[record.Path]bool{}}
}

// answer takes one answer now.
func (c *capture) answer(p record.Path, v record.Value) error {
	delete(c.typing, p)
	if c.session.Value(p) == v && c.fault == nil {
		c.marks[p] = true
		c.shown(interview.Change{})
		return nil
	}
	change, err := c.session.Set(p, v)
	if err != nil {
		return err
	}
	c.hears(p, v)
	c.take(change, p)
	return nil
}

// typed takes an answer that is still being typed: it is given after a pause, or by flush.
func (c *capture) typed(p record.Path, v record.Value) {
	c.typing[p] = v
	delete(c.marks, p)
	if c.stop != nil {
		c.stop()
	}
	c.stop = c.clock.After(pause, c.flush)
}

// forget drops what is being typed at a path: it is no answer any more.
func (c *capture) forget(p record.Path) { delete(c.typing, p) }

// flush gives what was typed, and tries once more to keep what could not be kept.
func (c *capture) flush() {
	if c.stop != nil {
		c.stop()
		c.stop = nil
	}
	for p, v := range c.typing {
		_ = c.answer(p, v) // a question that disappeared takes no answer
	}
	clear(c.typing)
	if len(c.unkept) > 0 {
		c.take(interview.Change{}, "")
	}
}

// take keeps a change and shows it.
func (c *capture) take(change interview.Change, answered record.Path) {
	if traces := c.traces(); len(change.Set)+len(change.Unset)+len(traces) > 0 {
		c.unkept = append(c.unkept, store.Changes{Set: change.Set, Derived: change.Derived, Unset: change.Unset, At: c.clock.Now(), Traces: traces})
	}
	if answered != "" {
		c.marks[answered] = false
	}
	c.keep()
	c.shown(change)
}

func (c *capture) keep() {
	for len(c.unkept) > 0 {
		if c.fault = c.keeper.Keep(c.info.ID, c.unkept[0]); c.fault != nil {
			return
		}
		c.unkept = c.unkept[1:]
	}
	c.fault = nil
	for p := range c.marks {
		c.marks[p] = true
	}
}

// add and remove change a repeat.
func (c *capture) add(repeat record.Path) (record.Path, error) {
	c.flush()
	instance, change, err := c.session.AddInstance(repeat)
	if err == nil {
		c.did(paradata.AddRepeat, instance)
		c.take(change, "")
	}
	return instance, err
}

func (c *capture) remove(instance record.Path) error {
	c.flush()
	node := c.node(instance)
	change, err := c.session.RemoveInstance(instance)
	if err == nil {
		c.didAt(paradata.DeleteRepeat, node)
		c.take(change, "")
	}
	return err
}

// note remembers the page and the language, so that the interview opens there again.
func (c *capture) note(at record.Path, language string) error {
	c.info.At, c.info.Language = string(at), language
	c.info.Name, c.info.Changed = c.name(), c.clock.Now()
	return c.turn()
}

// name is the interview's name once every required question that it is made of has an answer; before it would say "---v1".
// Interviews of a form that names none bear its title.
func (c *capture) name() string {
	f := c.session.Form()
	if f.InstanceName == nil {
		return f.Title
	}
	for _, ref := range f.InstanceName.Refs(f.Root.ElementPath()) {
		path := record.Path(strings.TrimPrefix(ref.Path, f.Root.ElementPath()+"/"))
		if c.session.Relevant(path) && c.session.Required(path) && c.session.Value(path).IsZero() {
			return ""
		}
	}
	return c.session.Name()
}

// finish makes the interview what is sent. Before it, everything typed is given and everything given is kept.
func (c *capture) finish(t Tablet, author store.Author) error {
	c.flush()
	c.leaves()
	c.did(paradata.Finalize, "")
	c.take(c.session.Touch(), "")
	if c.fault != nil {
		return c.fault
	}
	if err := c.enclose(t); err != nil {
		return err
	}
	err := store.ErrStale
	for tries := 0; tries < 3 && errors.Is(err, store.ErrStale); tries++ { // a backup may be made in between
		err = c.seal(t.Finisher, author, t.Album.Media)
	}
	return err
}

// seal writes the interview down as it is now.
func (c *capture) seal(f Finisher, author store.Author, media func(string) (record.Media, error)) error {
	answers, derived := c.session.Answers(true)
	body, err := f.Compose(c.info.ID, author, answers, derived, true)
	if err != nil {
		return err
	}
	if err := attach(&body, media); err != nil {
		return err
	}
	revision, err := record.Seal(body)
	if err != nil {
		return err
	}
	return f.Finalize(revision)
}

// prefill gives answers that are known beforehand, as text, in the order of the form. One that the form does not take is left to
// be asked.
func (c *capture) prefill(known map[record.Path]string) {
	for _, item := range c.session.Form().Items() {
		text, ok := known[item.Path]
		if !ok || item.Kind != form.Question || text == "" {
			continue
		}
		if v, err := record.New(item.KindOf(), text); err == nil {
			_ = c.answer(item.Path, v)
		}
	}
}

// attach describes the files that a revision's answers refer to.
func attach(b *record.Body, media func(string) (record.Media, error)) error {
	for _, answers := range []record.Answers{b.Set, b.Derived} {
		for _, v := range answers {
			if v.Kind() != record.File {
				continue
			}
			m, err := media(v.String())
			if err != nil {
				return err
			}
			if b.Media == nil {
				b.Media = map[string]record.Media{}
			}
			b.Media[v.String()] = m
		}
	}
	return nil
}
