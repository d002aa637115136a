package interview

import (
	"slices"
	"strconv"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Resume goes on with an interview: given are its answers, people's and derived ones. Nothing that was calculated
// once is calculated again: neither defaults, nor calculations that hold something and ask the clock or chance. All others are, from the answers.
// Answers to questions the form does not have are returned by Strangers and kept. A choice that is not offered stays, and is a problem.
func Resume(f *form.Form, env Env, answers record.Answers) (*Session, error) {
	return resume(f, env, answers, func(record.Path) bool { return false })
}

// Reopen is Resume where it is known which answers are derived. What a person answered to a calculated question stays, as it did before, until something
// that the calculation reads changes; answers to questions the form does not have stay a person's or derived.
func Reopen(f *form.Form, env Env, answers record.Answers, derived map[record.Path]bool) (*Session, error) {
	s, err := resume(f, env, answers, func(p record.Path) bool { return !derived[p] })
	if err != nil {
		return nil, err
	}
	for p := range s.lost {
		s.lostDerived[p] = derived[p]
	}
	return s, nil
}

// resume goes on with answers; given tells which a person gave, also where the form calculates.
func resume(f *form.Form, env Env, answers record.Answers, given func(record.Path) bool) (*Session, error) {
	s, err := open(f, env)
	if err != nil {
		return nil, err
	}
	s.lost, s.lostDerived = record.Answers{}, map[record.Path]bool{}
	sorted := make([]record.Path, 0, len(answers))
	for p := range answers {
		sorted = append(sorted, p)
	}
	slices.Sort(sorted)
	for _, p := range sorted {
		if !s.restore(p, answers[p], given(p)) {
			s.lost[p] = answers[p]
		}
	}
	s.show(&s.root.cells[0], true)
	s.begin(false)
	s.pushAll(s.root)
	s.drain()
	s.doubts = nil
	s.finish()
	s.root.everything(func(c *cell) { c.kept = false })
	return s, nil
}

// restore puts an instance or an answer back; false when the form has no place for it. Paths come sorted, so an instance comes before what
// it holds.
func (s *Session) restore(p record.Path, v record.Value, given bool) bool {
	if p.IsInstance() {
		return v == record.Exists() && s.restoreInstance(p)
	}
	c := s.find(p, false)
	if c == nil || c.item.Kind != form.Question || c.item.KindOf() == 0 || v.IsZero() || v.Kind() == record.Instance {
		return false
	}
	if v.Kind() != c.item.KindOf() {
		if same, err := record.New(c.item.KindOf(), v.String()); err == nil {
			v = same
		}
	}
	c.put(v)
	c.chosen = c.isDefault()
	if s.layout.places[c.item.Index].passing {
		c.kept = true
		_, err := strconv.ParseFloat(v.String(), 64)
		c.node.Numeric = c.node.Numeric || err == nil
	}
	if given && c.item.Calculation != nil && !unseen(c.item) {
		c.typed, c.kept = true, true
	}
	return true
}

func (s *Session) restoreInstance(p record.Path) bool {
	keeper := s.find(p.Parent(), false)
	if keeper == nil || keeper.holder == nil {
		return false
	}
	f := s.newFrame(s.layout.places[keeper.item.Index].own, keeper.frame, p.Name())
	f.live = true
	keeper.holder.live = append(keeper.holder.live, f)
	keeper.holder.made = max(keeper.holder.made, ordinal(f.id))
	s.rejoin(keeper)
	return true
}

// Answers returns all answers: people's and derived. With final, those of questions that are not relevant are left out, and the
// instances beyond a repeat_count.
func (s *Session) Answers(final bool) (answers record.Answers, derived map[record.Path]bool) {
	answers, derived = make(record.Answers, len(s.root.cells)), map[record.Path]bool{}
	for p, v := range s.lost {
		answers[p] = v
		if s.lostDerived[p] {
			derived[p] = true
		}
	}
	s.root.collect(final, answers, derived)
	return answers, derived
}

// LeftOut returns how many answers that people gave Answers(true) leaves out: to questions that are not asked any more.
func (s *Session) LeftOut() (n int) {
	all, derived := s.Answers(false)
	asked, _ := s.Answers(true)
	for p, v := range all {
		if _, stays := asked[p]; !stays && !derived[p] && v.Kind() != record.Instance {
			n++
		}
	}
	return n
}

// collect puts the answers of a frame and the instances below it into answers.
func (f *frame) collect(final bool, answers record.Answers, derived map[record.Path]bool) {
	for at := range f.cells {
		c := &f.cells[at]
		if final && !c.relevant && c.holder == nil {
			continue
		}
		if !c.value.IsZero() {
			answers[c.where()] = c.value
			if c.derived() {
				derived[c.where()] = true
			}
		}
		if c.holder == nil {
			continue
		}
		for _, instance := range c.holder.live {
			instance.collectAll(final, answers, derived)
		}
		for _, instance := range c.holder.aside {
			if !final {
				instance.collectAll(final, answers, derived)
			}
		}
	}
}

// collectAll does the same for an instance, which is there itself.
func (f *frame) collectAll(final bool, answers record.Answers, derived map[record.Path]bool) {
	if final && !f.cells[0].relevant {
		return
	}
	answers[f.path] = record.Exists()
	f.collect(final, answers, derived)
}

// Name returns the instance name, or "".
func (s *Session) Name() string {
	e := s.form.InstanceName
	if e == nil {
		return ""
	}
	v, err := s.eval(e, &s.root.cells[0])
	if err != nil {
		return ""
	}
	return v.String()
}
