package xform

import (
	"fmt"
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"time"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/replay"
)

// unlike compares what two forms say: questions, kinds, types, texts in all languages, rules and choices. What the writer has to add (the meta block, the nodes that
// count repeats) is left out. It returns differences in sentences.
func unlike(a, b *form.Form) (differences []string) {
	say := func(format string, args ...any) { differences = append(differences, fmt.Sprintf(format, args...)) }
	if a.ID != b.ID || a.Version != b.Version || a.Title != b.Title || a.DefaultLanguage != b.DefaultLanguage || a.Style != b.Style || !slices.Equal(a.Languages, b.Languages) {
		say("the form is %q %q %q %q %q %v, not %q %q %q %q %q %v", b.ID, b.Version, b.Title, b.DefaultLanguage, b.Style, b.Languages, a.ID, a.Version, a.Title, a.DefaultLanguage, a.Style, a.Languages)
	}
	for _, i := range a.Items() {
		if i.Type == form.TypeAudit {
			continue
		}
		j, ok := b.Item(i.Path)
		if !ok || i.Kind != j.Kind || i.Type != j.Type && shownDiffers(i, j) || i.KindOf() != j.KindOf() && i.Type != form.TypeNote && j.Type != form.TypeNote {
			say("%s is %v, not %v", i.Path, describe(j), describe(i))
			continue
		}
		for _, l := range a.Languages {
			for name, texts := range map[string][2]form.Text{"label": {i.Label, j.Label}, "short": {i.Short, j.Short}, "hint": {i.Hint, j.Hint}, "guidance": {i.Guidance, j.Guidance},
				"constraint message": {i.ConstraintMessage, j.ConstraintMessage}, "required message": {i.RequiredMessage, j.RequiredMessage},
				"image": {i.Media["image"], j.Media["image"]}, "big-image": {i.Media["big-image"], j.Media["big-image"]}, "audio": {i.Media["audio"], j.Media["audio"]}, "video": {i.Media["video"], j.Media["video"]}} {
				if (!i.Type.Shown() && i.Kind == form.Question) && !strings.Contains(name, "message") || i.Kind != form.Question && (name == "hint" || name == "guidance") {
					continue // XForms have no place for it
				}
				if x, y := source(a, texts[0], l.Name), source(b, texts[1], l.Name); x != y {
					say("the %s of %s in %s is %q, not %q", name, i.Path, l.Name, y, x)
				}
			}
		}
		if x, y := strings.Join(i.Appearance, " "), strings.Join(j.Appearance, " "); x != y && i.Type.Shown() && !i.HasAppearance("table-list") && !i.Parent.HasAppearance("table-list") {
			say("the appearance of %s is %q, not %q", i.Path, y, x)
		}
		if i.Type.Select() && i.Itemset == nil {
			if x, y := choicesOf(a, i.List), choicesOf(b, j.List); x != y {
				say("the choices of %s are\n%s, not\n%s", i.Path, y, x)
			}
		}
		if (i.Relevant == nil) != (j.Relevant == nil) || (i.Constraint == nil) != (j.Constraint == nil) || (i.Calculation == nil) != (j.Calculation == nil) || (i.RepeatCount == nil) != (j.RepeatCount == nil) || (i.Required == nil) != (j.Required == nil) {
			say("%s has other rules", i.Path)
		}
	}
	return differences
}

// shownDiffers reports whether two questions are of types that are asked in different ways. Notes are texts that nobody can answer.
func shownDiffers(i, j *form.Item) bool {
	text := func(t form.Type) bool { return t == form.TypeNote || t == form.TypeText }
	unseen := func(t form.Type) bool { return t == form.TypeHidden || t == form.TypeCalculate }
	return !(text(i.Type) && text(j.Type)) && !(unseen(i.Type) && unseen(j.Type))
}

func describe(i *form.Item) string {
	if i == nil {
		return "not there"
	}
	return fmt.Sprintf("a %v of type %q that holds %v", i.Kind, i.Type, i.KindOf())
}

// source is a text in a language with its expressions as written, blanks at the ends left out.
func source(f *form.Form, t form.Text, language string) string {
	var b strings.Builder
	for _, p := range t.In(language, f.DefaultLanguage) {
		if p.Expr != nil {
			b.WriteString("{" + strings.Join(strings.Fields(p.Expr.String()), "") + "}")
		} else {
			b.WriteString(p.Words)
		}
	}
	return strings.TrimSpace(b.String())
}

func choicesOf(f *form.Form, list *form.List) string {
	var b strings.Builder
	for _, c := range list.Choices {
		fmt.Fprintf(&b, "%s:", c.Name)
		for _, l := range f.Languages {
			fmt.Fprintf(&b, " %q %q", source(f, c.Label, l.Name), source(f, c.Media["image"], l.Name))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// added are the nodes that a workbook's form does not have and the XForm made of it does.
var added = regexp.MustCompile(`/meta(\[1\])?(/|$)|_count(_\d+)?$|/audit$|/reserved_name_for_field_list_labels_\d+$`)

// behaveUnlike lets both forms be answered by chance in the same way, and compares the states after each act.
func behaveUnlike(a, b *form.Form, seed int64, acts int) (differences []string) {
	if drawsLots(a) {
		return nil // the nodes that the writer adds draw from the same source
	}
	random := rand.New(rand.NewSource(seed))
	env := func() interview.Env {
		at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.FixedZone("", -5*3600))
		return interview.Env{Now: func() time.Time { return at }, Random: rand.New(rand.NewSource(7)), Device: "device", Enumerator: "ana"}
	}
	p, before, err := replay.Start(a, env(), false)
	q, other, otherErr := replay.Start(b, env(), false)
	if err != nil || otherErr != nil {
		if (err == nil) != (otherErr == nil) {
			return []string{fmt.Sprint("the one starts with ", err, ", the other with ", otherErr)}
		}
		return nil
	}
	last := replay.Act{Op: "start"}
	for range acts {
		if differences = statesUnlike(a, before.State, other.State); len(differences) > 0 {
			value := ""
			if last.Value != nil {
				value = *last.Value
			}
			return append([]string{fmt.Sprintf("seed %d, after %s %s %q", seed, last.Op, last.Ref, value)}, differences...)
		}
		last = someAct(a, before.State, random)
		if last.Op == "" {
			return nil
		}
		x, y := p.Do(last), q.Do(last)
		if x.Error != y.Error && (x.Error == "" || y.Error == "") {
			return []string{fmt.Sprintf("seed %d, %s %s %v gives %q, not %q", seed, last.Op, last.Ref, last.Value, y.Error, x.Error)}
		}
		if !slices.Equal(x.Choices, y.Choices) || !slices.Equal(x.Labels, y.Labels) {
			return []string{fmt.Sprintf("seed %d, %s offers %q %q, not %q %q", seed, last.Ref, y.Choices, y.Labels, x.Choices, x.Labels)}
		}
		if x.State != nil && y.State != nil {
			before, other = x, y
		}
	}
	return nil
}

func statesUnlike(f *form.Form, a, b *replay.State) (differences []string) {
	for ref, x := range a.Set {
		y, ok := b.Set[ref]
		if i, known := f.Item(genericPath(f, ref)); known && (i.Type == form.TypeNote || i.Type.Select() && i.Calculation != nil) {
			x.V, y.V, x.Enabled = nil, nil, y.Enabled // a note holds nothing; what is calculated and no choice is dropped sooner where choices are nodes
		}
		switch {
		case added.MatchString(ref):
		case !ok:
			differences = append(differences, ref+" is not there")
		case (x.V == nil) != (y.V == nil) || x.V != nil && *x.V != *y.V:
			differences = append(differences, fmt.Sprintf("%s is %v, not %v", ref, said(y.V), said(x.V)))
		case x.Relevant != y.Relevant || x.Required != y.Required || x.Enabled != y.Enabled:
			differences = append(differences, fmt.Sprintf("%s is %+v, not %+v", ref, y, x))
		}
	}
	for ref := range b.Set {
		if _, ok := a.Set[ref]; !ok && !added.MatchString(ref) {
			differences = append(differences, ref+" is there")
		}
	}
	slices.Sort(differences)
	return differences
}

// drawsLots reports whether an expression of a form follows from chance.
func drawsLots(f *form.Form) bool {
	for _, e := range (&writer{form: f}).allSources() {
		if strings.Contains(e, "random") || strings.Contains(e, "uuid") && e != uid {
			return true
		}
	}
	return slices.ContainsFunc(f.Items(), func(i *form.Item) bool { return i.Parameters["randomize"] == "true" && i.Parameters["seed"] == "" })
}

func said(s *string) string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprintf("%q", *s)
}

// someAct makes up an act that a form may allow.
func someAct(f *form.Form, s *replay.State, random *rand.Rand) replay.Act {
	var refs []string
	for ref := range s.Set {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	for range 50 {
		ref := refs[random.Intn(len(refs))]
		i, ok := f.Item(genericPath(f, ref))
		switch {
		case !ok || added.MatchString(ref):
		case i.Kind == form.Repeat && random.Intn(3) == 0:
			return replay.Act{Op: "removeRepeat", Ref: ref}
		case i.Kind == form.Repeat:
			return replay.Act{Op: "newRepeat", Ref: ref[:strings.LastIndexByte(ref, '[')]}
		case i.Kind == form.Question && i.Type.Select() && random.Intn(3) == 0:
			return replay.Act{Op: "choicesOf", Ref: ref}
		case i.Kind == form.Question && i.Type.Shown() && i.Type != form.TypeNote:
			value := someAnswer(i, random)
			return replay.Act{Op: "answer", Ref: ref, Value: &value}
		case random.Intn(20) == 0:
			value := f.Languages[random.Intn(len(f.Languages))].Name
			return replay.Act{Op: "setLanguage", Value: &value}
		}
	}
	return replay.Act{}
}

// genericPath is the path of what a reference is about, in whatever instance.
func genericPath(f *form.Form, ref string) record.Path {
	return record.Path(strings.TrimPrefix(numbers.ReplaceAllString(ref, ""), "/"+f.Root.Name+"/"))
}

var numbers = regexp.MustCompile(`\[\d+\]`)

func someAnswer(i *form.Item, random *rand.Rand) string {
	n := random.Intn(4)
	if n == 0 && random.Intn(2) == 0 {
		return ""
	}
	if i.Type.Select() && len(i.List.Choices) > 0 {
		name := func() string { return i.List.Choices[random.Intn(len(i.List.Choices))].Name }
		if i.Type == form.TypeSelectOne || n < 2 {
			return name()
		}
		return name() + " " + name()
	}
	switch i.KindOf() {
	case record.Integer:
		return fmt.Sprint(random.Intn(7))
	case record.Decimal:
		return fmt.Sprintf("%d.5", random.Intn(7))
	case record.Date:
		return fmt.Sprintf("20%02d-03-0%d", random.Intn(30), 1+n)
	case record.Time:
		return fmt.Sprintf("1%d:00:00.000-05:00", n)
	case record.DateTime:
		return fmt.Sprintf("2026-0%d-01T10:00:00.000-05:00", 1+n)
	case record.Geopoint:
		return fmt.Sprintf("%d.5 -74.1 10 5", n)
	case record.Text:
		return []string{"OK", "yes", "a b", "7"}[n]
	}
	return ""
}
