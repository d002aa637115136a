package screen

import (
	"bytes"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/paradata"
	"vereda/survey/record"
	"vereda/survey/store"
)

// diary records how an interview is held, where its form asks for that.
type diary struct {
	log      *paradata.Recorder
	position func() record.Value
}

// record begins to record a sitting: the first of an interview, or one more. before is what was recorded of it on this tablet.
func (c *capture) record(env interview.Env, first bool, before []store.Trace) {
	o, asked := paradata.Of(c.session.Form())
	if !asked {
		return
	}
	user, last := env.Enumerator, uint64(0)
	if user == "" {
		user = env.Device
	}
	if n := len(before); n > 0 {
		last = before[n-1].N
	}
	c.diary = &diary{paradata.NewRecorder(o, user, last, c.clock.Now()), env.Position}
	kind := paradata.Resume
	if first {
		kind = paradata.Start
	}
	c.did(kind, "")
	switch {
	case o.Places && env.Position != nil:
		c.did(paradata.Located, "")
	case o.Places:
		c.did(paradata.Unlocated, "")
	}
}

// locate asks the device where it is, when it is time to.
func (c *capture) locate() {
	if now := c.clock.Now(); c.diary.position != nil && c.diary.log.Due(now) {
		c.diary.log.Locate(now, c.diary.position())
	}
}

// did records that something happened.
func (c *capture) did(kind paradata.Kind, path record.Path) { c.didAt(kind, c.node(path)) }

func (c *capture) didAt(kind paradata.Kind, node string) {
	if c.diary == nil {
		return
	}
	c.locate()
	c.diary.log.Do(c.clock.Now(), kind, node)
}

// sees records what is on the screen.
func (c *capture) sees(views ...paradata.View) {
	if c.diary == nil {
		return
	}
	c.locate()
	for i := range views {
		if v := &views[i]; v.Path != "" {
			v.Node, v.Value = c.node(v.Path), c.session.Value(v.Path).String()
		}
	}
	c.diary.log.Show(c.clock.Now(), views...)
}

// hears records that a question has another answer.
func (c *capture) hears(path record.Path, v record.Value) {
	if c.diary != nil {
		c.diary.log.Answer(c.clock.Now(), path, v.String())
	}
}

// node is a path as the log names it; "" of none.
func (c *capture) node(path record.Path) string {
	if path == "" {
		return ""
	}
	return paradata.Node(c.session.Form(), path, c.session.Instances)
}

// traces returns what was recorded since the last time, to be kept with what is kept now.
func (c *capture) traces() (traces []store.Trace) {
	if c.diary == nil {
		return nil
	}
	for _, r := range c.diary.log.Rows() {
		traces = append(traces, store.Trace{N: r.N, Line: r.Line})
	}
	return traces
}

// turn keeps the page and the language, with what was recorded. While answers wait to be kept, what was recorded waits behind them.
func (c *capture) turn() error {
	if len(c.unkept) > 0 {
		return c.keeper.Turn(c.info, nil)
	}
	traces := c.traces()
	err := c.keeper.Turn(c.info, traces)
	if err != nil && c.diary != nil {
		var rows []paradata.Row
		for _, t := range traces {
			rows = append(rows, paradata.Row{N: t.N, Line: t.Line})
		}
		c.diary.log.Again(rows)
	}
	return err
}

// leaves records that the interview is left.
func (c *capture) leaves() {
	if c.diary != nil {
		c.diary.log.Leave(c.clock.Now())
		c.did(paradata.Save, "")
		c.did(paradata.Exit, "")
	}
}

// enclose makes the file of all that was recorded the answer of the form's audit.
func (c *capture) enclose(t Tablet) error {
	if c.diary == nil {
		return nil
	}
	traces, err := t.Shelf.Traces(c.info.ID)
	if err != nil {
		return err
	}
	var events []paradata.Event
	for _, trace := range traces {
		e, err := paradata.Parse(trace.Line)
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	var file bytes.Buffer
	if err := paradata.WriteFile(&file, c.diary.log.Options(), events); err != nil {
		return err
	}
	name, err := t.Album.Add(paradata.FileName, &file)
	if err != nil {
		return err
	}
	v, err := record.New(record.File, name)
	if err != nil {
		return err
	}
	c.take(c.session.Audit(v), "")
	return c.fault
}

// views are the questions of a page as the log has them.
func (p *interviewPage) views() (views []paradata.View) {
	if p.page.Lists() {
		return []paradata.View{{Kind: paradata.Listing, Path: p.page.Path}}
	}
	if p.page.Item.Kind != form.Question {
		views = append(views, paradata.View{Kind: paradata.Group, Path: p.page.Path})
	}
	for _, path := range p.page.Items {
		views = append(views, paradata.View{Kind: paradata.Question, Path: path})
	}
	return views
}

// objects records what is wrong with the answers of the page.
func (p *interviewPage) objects() {
	for _, path := range p.page.Items {
		if p.garbled[path] || len(p.c.session.Check(path, p.c.info.Language)) > 0 {
			p.c.did(paradata.Constraint, path)
		}
	}
}
