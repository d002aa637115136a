package dashboard

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// pairBody is two interviews side by side.
type pairBody struct {
	Row     pairRow
	First   half // the one begun first, which stands when both are joined
	Rows    []sideRow
	All     bool // questions, too, that both answer alike
	Alike   int  // how many
	Other   string
	Said    []saidRow // decisions that stand
	Decide  bool      // the visitor may
	Seen    string
	Repeats []string // labels of repeats that differ
}

// sideRow is a question and what both interviews answer.
type sideRow struct {
	Question, Where string
	A, B            shown
	Differ          bool
	Choose          string // name of the field that chooses between the two when they are joined; ""
}

type saidRow struct{ Text, By, Device string }

func (s *server) pair(w http.ResponseWriter, v *visit) {
	q := v.Request.URL.Query()
	a, errA := uuid.Parse(q.Get("a"))
	b, errB := uuid.Parse(q.Get("b"))
	if errA != nil || errB != nil || a == b {
		s.message(w, v, http.StatusBadRequest, "error.address")
		return
	}
	a, b = desk.Couple(a, b)
	body, err := s.readPair(v, a, b, q.Get("all") != "")
	switch {
	case absent(err):
		s.message(w, v, http.StatusNotFound, "error.interview")
	case err != nil:
		s.fail(w, v, err)
	default:
		s.show(w, v, http.StatusOK, "duplicate", body)
	}
}

func (s *server) readPair(v *visit, a, b uuid.UUID, all bool) (body pairBody, err error) {
	ctx := v.Request.Context()
	one, err := s.Data.Story(ctx, a)
	if err != nil {
		return body, err
	}
	two, err := s.Data.Story(ctx, b)
	if err != nil {
		return body, err
	}
	n, err := s.names(ctx, v.Words)
	if err != nil {
		return body, err
	}
	halves, err := s.halves(v, n, a, b)
	if err != nil {
		return body, err
	}
	body.Row = pairRow{A: halves[a].letter("A"), B: halves[b].letter("B"), FormTitle: n.title(one.Form), Address: pairAddress(a, b)}
	body.First, body.All, body.Decide = body.Row.A, all, v.Says()
	body.Other, body.Seen = body.Row.Address+"&all=1", desk.Mark(one)+desk.Mark(two)
	if all {
		body.Other = body.Row.Address
	}
	found, err := s.Data.Pair(ctx, a, b)
	if err != nil && !absent(err) {
		return body, err
	}
	if err == nil {
		var p quality.Pair
		if err := json.Unmarshal(found.Body, &p); err != nil {
			return body, err
		}
		body.Row.Probability, body.Row.Reasons = p.Probability, s.reasons(v, p)
	}
	s.sideBySide(v, n, &body, one, two)
	return body, s.saidAbout(v, n, &body)
}

// saidAbout tells what was decided about the pair.
func (s *server) saidAbout(v *visit, n nameBook, body *pairBody) error {
	decisions, err := s.Data.Decisions(v.Request.Context())
	for _, d := range decisions {
		if d.A != body.Row.A.ID || d.B != body.Row.B.ID {
			continue
		}
		body.Row.Disputed = d.Disputed
		for _, said := range d.Said {
			one := d
			one.Disputed, one.Decision, one.Keep = false, said.Decision, said.Keep
			body.Said = append(body.Said, saidRow{v.Words.Say(decisionKey(one), body.Row.keep(said.Keep)), said.By, n.device(said.Device)})
		}
	}
	return err
}

// sideBySide lays the answers of two interviews beside each other: question by question, the members of repeats by their number.
func (s *server) sideBySide(v *visit, n nameBook, body *pairBody, one, two fieldwork.Story) {
	t := times{v.Words, s.Zone, s.Now}
	x := newReader(n.form(one.Form, one.Version), n, v.Words, t)
	y := newReader(n.form(two.Form, two.Version), n, v.Words, t)
	x.story(one)
	y.story(two)
	_, differences := quality.Join(one.Merged, two.Merged)
	differ := map[record.Path]bool{}
	for _, d := range differences {
		differ[d.Path] = true
		if d.Repeat {
			body.Repeats = append(body.Repeats, x.question(d.Path))
		}
	}
	for _, p := range pathPairs(x, y) {
		mine, theirs := one.Merged.Answers[p.one], two.Merged.Answers[p.two]
		calculated := (mine.IsZero() || one.Merged.Derived[p.one]) && (theirs.IsZero() || two.Merged.Derived[p.two])
		if calculated || mine.Kind() == record.Instance || theirs.Kind() == record.Instance {
			continue
		}
		row := sideRow{A: x.value(p.one, mine), B: y.value(p.two, theirs), Differ: mine != theirs}
		row.Question, row.Where = x.question(p.either()), p.where
		_, inRepeat := p.either().Instance()
		switch {
		case !row.Differ:
			body.Alike++
		case differ[p.either()] && !inRepeat:
			row.Choose = "q-" + string(p.either())
		}
		if row.Differ || body.All {
			body.Rows = append(body.Rows, row)
		}
	}
}

// pathPair is where two interviews answer the same question: within repeats the first member beside the first, whatever their IDs. A path of
// one that the other has not is "".
type pathPair struct {
	one, two record.Path
	where    string
}

func (p pathPair) either() record.Path { return cmp.Or(p.one, p.two) }

// pathPairs pairs all answers of two interviews, in the form's order; where a repeat has more members in the second, they come behind those of the first.
func pathPairs(x, y *reader) []pathPair {
	type place struct {
		question record.Path
		where    string
	}
	var pairs []pathPair
	at := map[place]int{}
	for _, p := range x.inOrder(x.merged.Answers) {
		k := place{p.Generic(), x.where(p)}
		at[k] = len(pairs)
		pairs = append(pairs, pathPair{one: p, where: k.where})
	}
	for _, p := range y.inOrder(y.merged.Answers) {
		k := place{p.Generic(), y.where(p)}
		if n, ok := at[k]; ok {
			pairs[n].two = p
			continue
		}
		pairs = append(pairs, pathPair{two: p, where: k.where})
	}
	slices.SortStableFunc(pairs, func(a, b pathPair) int { return x.compare(a.either(), b.either()) })
	return pairs
}

// decide takes a decision about a pair; when both are joined, with the answers chosen where they differ.
func (s *server) decide(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxReview)
	if r.ParseForm() != nil {
		s.message(w, v, http.StatusBadRequest, "error.form")
		return
	}
	a, errA := uuid.Parse(r.PostFormValue("a"))
	b, errB := uuid.Parse(r.PostFormValue("b"))
	if errA != nil || errB != nil || a == b {
		s.message(w, v, http.StatusBadRequest, "error.form")
		return
	}
	a, b = desk.Couple(a, b)
	err := s.decideNow(v, a, b)
	var answer *desk.AnswerError
	var entry *record.EntryError
	switch {
	case errors.Is(err, desk.ErrChanged):
		s.changed(w, v, pairAddress(a, b))
	case absent(err):
		s.message(w, v, http.StatusNotFound, "error.interview")
	case errors.Is(err, errForm), errors.As(err, &entry):
		s.message(w, v, http.StatusUnprocessableEntity, "duplicates.choose")
	case errors.As(err, &answer):
		s.message(w, v, http.StatusUnprocessableEntity, "answer."+answer.Reason)
	case err != nil:
		s.fail(w, v, err)
	default:
		s.audit(v, "duplicate", a.String()+" "+b.String()+" "+r.PostFormValue("decision"))
		http.Redirect(w, r, "/duplicates?done=decided", http.StatusSeeOther)
	}
}

func (s *server) decideNow(v *visit, a, b uuid.UUID) error {
	r, ctx, by := v.Request, v.Request.Context(), v.User.Name
	one, err := s.Data.Story(ctx, a)
	if err != nil {
		return err
	}
	two, err := s.Data.Story(ctx, b)
	if err != nil {
		return err
	}
	if r.PostFormValue("seen") != desk.Mark(one)+desk.Mark(two) {
		return desk.ErrChanged
	}
	switch r.PostFormValue("decision") {
	case "a":
		return s.Desk.Decide(ctx, by, a, b, record.Same, a)
	case "b":
		return s.Desk.Decide(ctx, by, a, b, record.Same, b)
	case "join":
		chosen := record.Answers{}
		for name, values := range r.PostForm {
			p, is := strings.CutPrefix(name, "q-")
			if answer := two.Merged.Answers[record.Path(p)]; is && values[0] == "b" && !answer.IsZero() {
				chosen[record.Path(p)] = answer
			}
		}
		if len(chosen) > 0 {
			if err := s.Desk.Answer(ctx, by, a, desk.Mark(one), chosen); err != nil {
				return err
			}
		}
		return s.Desk.Decide(ctx, by, a, b, record.Same, uuid.Nil)
	case "different":
		return s.Desk.Decide(ctx, by, a, b, record.Different, uuid.Nil)
	case "undecided":
		return s.Desk.Decide(ctx, by, a, b, record.Undecided, uuid.Nil)
	}
	return errForm
}
