package change

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Outcome says what becomes of an answer.
type Outcome uint8

// The outcomes.
const (
	Kept      Outcome = iota + 1 // as it is, perhaps at another path
	Converted                    // into a value of another kind, where it can be
	Dropped                      // the new form has no place for it
)

var outcomeNames = [...]string{"", "kept", "converted", "dropped"}

func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText writes "kept", "converted" or "dropped".
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Fate says what becomes of the answers to a question of the old form, or of the instances of a repeat, when an interview goes on under the
// new one.
type Fate struct {
	Old     record.Path       `json:"old"`           // generic
	New     record.Path       `json:"new,omitempty"` // generic; "" when dropped
	Outcome Outcome           `json:"outcome"`
	Guess   bool              `json:"guess,omitempty"`   // the new path was found by likeness: a person should agree
	Why     string            `json:"why,omitempty"`     // a sentence, where it is not simply kept
	To      record.Kind       `json:"-"`                 // what the new question holds; 0 for a repeat
	Recoded map[string]string `json:"recoded,omitempty"` // choices by old name: the new name; "" for those that are not there any more or stand for something else

	offered map[string]bool // nil: any value will do
	repeats []record.Path   // generic paths of the new repeats around it and of itself, the outermost first
}

// Fate returns the fate of a question or repeat by its generic path in the old form.
func (r Report) Fate(old record.Path) (Fate, bool) {
	n, ok := r.fates[old]
	if !ok {
		return Fate{}, false
	}
	return r.Fates[n], true
}

// Move returns where an answer goes, and as what: its path, with instance IDs, in the new form, and its value there. It is false, and why says so in a sentence,
// when the new form has no place for it, or cannot take this value. The value of a repeat instance is record.Exists(), and moves like an answer.
func (r Report) Move(path record.Path, v record.Value) (to record.Path, moved record.Value, why string, ok bool) {
	f, known := r.Fate(path.Generic())
	if !known {
		return "", record.Value{}, "The old form has no such question.", false
	}
	if f.Outcome == Dropped {
		return "", record.Value{}, f.Why, false
	}
	if to, ok = f.at(path); !ok {
		return "", record.Value{}, "It lies in other repeats now.", false
	}
	if v.Kind() == record.Instance {
		return to, v, "", true
	}
	if moved, ok = f.Value(v); !ok {
		return "", record.Value{}, "The question does not take this answer any more.", false
	}
	return to, moved, "", true
}

// at puts the instance IDs of a path into the new path.
func (f Fate) at(path record.Path) (record.Path, bool) {
	var ids []string
	for _, s := range strings.Split(string(path), "/") {
		if record.IsInstanceID(s) {
			ids = append(ids, s)
		}
	}
	if len(ids) != len(f.repeats) {
		return "", false
	}
	var to record.Path
	done := record.Path("")
	for n, r := range f.repeats {
		to = to + r[len(done):] + "/" + record.Path(ids[n])
		done = r
	}
	return to + f.New[len(done):], true
}

// Value converts a value; false when the new question does not take it. Of several choices those that are gone are left out; when none is
// left it is false.
func (f Fate) Value(v record.Value) (record.Value, bool) {
	if f.Outcome == Dropped || v.IsZero() {
		return record.Value{}, false
	}
	text := v.String()
	if v.Kind() == record.Choices || f.To == record.Choices || f.offered != nil {
		names := []string{text}
		if v.Kind() == record.Choices {
			names = strings.Fields(text)
		}
		if names = f.choices(names); len(names) == 0 || f.To != record.Choices && len(names) > 1 {
			return record.Value{}, false
		}
		text = strings.Join(names, " ")
	}
	switch {
	case v.Kind() == record.DateTime && f.To == record.Date && len(text) > 10:
		text = text[:10]
	case v.Kind() == record.Decimal && f.To == record.Integer:
		text = strings.TrimSuffix(text, ".0")
	}
	moved, err := record.New(f.To, text)
	return moved, err == nil && !moved.IsZero()
}

func (f Fate) choices(names []string) []string {
	var kept []string
	for _, name := range names {
		if other, ok := f.Recoded[name]; ok {
			name = other
		}
		if name != "" && (f.offered == nil || f.offered[name]) {
			kept = append(kept, name)
		}
	}
	return kept
}

// fates finds the fate of every question and repeat of the old form.
func (c *comparer) fates() ([]Fate, map[record.Path]int) {
	var list []Fate
	place := map[record.Path]int{}
	recoded := c.recoded()
	for _, o := range c.old.Items()[1:] {
		if o.Kind == form.Group || o.Kind == form.Question && o.KindOf() == 0 {
			continue
		}
		f := c.fate(o)
		if f.Outcome != Dropped {
			f.Recoded = recoded[c.pairs.to[o]]
		}
		place[o.Path] = len(list)
		list = append(list, f)
	}
	return list, place
}

func (c *comparer) fate(o *form.Item) Fate {
	f := Fate{Old: o.Path, Outcome: Dropped}
	n := c.pairs.to[o]
	switch {
	case n == nil:
		f.Why = "The new form does not have it."
		return f
	case o.Kind != n.Kind:
		f.Why = "It does not repeat any more."
		return f
	case !c.sameRepeats(o, n):
		f.Why = "It is asked for " + each(n) + " now, not for " + each(o) + "."
		return f
	}
	f.New, f.Outcome, f.Guess, f.To = n.Path, Kept, c.guessed(o), n.KindOf()
	for r := n.Repeat(); r != nil; r = r.Repeat() {
		f.repeats = append([]record.Path{r.Path}, f.repeats...)
	}
	if o.Kind == form.Repeat {
		f.repeats = append(f.repeats, n.Path)
		return f
	}
	if o.Type != n.Type || o.KindOf() != n.KindOf() {
		f.Outcome, _, f.Why = conversion(o, n)
	}
	if c.strange[o] && f.Outcome != Dropped {
		f.Guess, f.Why = true, "It reads quite otherwise: it may be another question under the old name."
	}
	if f.Outcome == Dropped {
		f.New, f.To, f.repeats = "", 0, nil
	} else if listed(n) && !n.OrOther {
		f.offered = map[string]bool{}
		for _, choice := range n.List.Choices {
			f.offered[choice.Name] = true
		}
	}
	return f
}

// guessed reports whether the item, or a section around it, was found by likeness.
func (c *comparer) guessed(o *form.Item) bool {
	for p := o; p != nil; p = p.Parent {
		if c.pairs.guessed[p] {
			return true
		}
	}
	return false
}

// recoded returns, for each new question, what became of the names of the old choices, as far as they are not what they were.
func (c *comparer) recoded() map[*form.Item]map[string]string {
	all := map[*form.Item]map[string]string{}
	for _, p := range c.listPairs() {
		m := c.matchChoices(p.old, p.new)
		names := map[string]string{}
		for _, pair := range m.reused {
			names[pair.old.Name] = ""
		}
		for _, gone := range m.gone {
			names[gone.Name] = ""
		}
		for _, pair := range m.recoded {
			names[pair.old.Name] = pair.new.Name
		}
		for _, pair := range m.kept { // a name that comes twice, once kept
			delete(names, pair.old.Name)
		}
		for _, n := range p.asked {
			if len(names) > 0 {
				all[n] = names
			}
		}
	}
	return all
}

// conversion says what becomes of answers when a question's type changes.
func conversion(o, n *form.Item) (Outcome, Verdict, string) {
	from, to := o.KindOf(), n.KindOf()
	calculated := func(i *form.Item) bool { return !i.Type.Shown() }
	switch {
	case n.Kind != form.Question || to == 0:
		return Dropped, NotComparable, "It takes no answer any more."
	case from == 0:
		return Dropped, NotComparable, "It took no answer before."
	case calculated(o) && calculated(n) && from == to:
		return Kept, WithCare, "It comes about otherwise."
	case calculated(o) != calculated(n):
		return Dropped, NotComparable, "It was asked and comes about unasked now, or the other way round."
	case from == to:
		return sameKind(o, n)
	case from == record.Integer && to == record.Decimal:
		return Converted, WithCare, "Whole numbers before, fractions too now."
	case from == record.Decimal && to == record.Integer:
		return Converted, WithCare, "Fractions before, whole numbers only now: those with a fraction cannot be carried over."
	case o.Type == form.TypeSelectOne && to == record.Choices:
		return Converted, NotComparable, "One choice before, several now."
	case from == record.Choices && n.Type == form.TypeSelectOne:
		return Converted, NotComparable, "Several choices before, one now: only answers with one can be carried over."
	case from == record.DateTime && to == record.Date:
		return Converted, WithCare, "The time of day is not asked any more."
	case to == record.Text && n.List == nil && from != record.File:
		return Converted, NotComparable, "It is a text now: people write the same in many ways."
	}
	return Dropped, NotComparable, "Its answers are of another kind."
}

// sameKind says what becomes of answers when the type changes and the kind of its values does not.
func sameKind(o, n *form.Item) (Outcome, Verdict, string) {
	switch {
	case o.List == nil && n.List != nil:
		return Converted, NotComparable, "It was a text and is a choice now: only texts that are the name of a choice can be carried over."
	case o.List != nil && n.List == nil:
		return Kept, NotComparable, "It was a choice and is a text now: people write the same in many ways."
	case o.Type == form.TypeRank || n.Type == form.TypeRank:
		return Dropped, NotComparable, "Choosing several and ranking them are two questions."
	case o.KindOf() == record.Text:
		return Kept, WithCare, "It is filled in otherwise."
	case o.KindOf() == record.File:
		return Dropped, NotComparable, "Another sort of file is asked for."
	}
	return Kept, WithCare, "It is shown otherwise."
}
