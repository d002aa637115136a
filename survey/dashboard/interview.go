package dashboard

import (
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// interviewBody is one interview whole.
type interviewBody struct {
	Label, FormTitle, DeviceName string
	Story                        fieldwork.Story
	NoForm                       bool // the form version is not published here: paths stand for questions
	Missing                      []missing
	Flags                        []flag
	Conflicts                    []conflictRow
	Sections                     []section
	Recorded                     []answer // what nobody was asked: calculated, or recorded by the device
	Steps                        []step

	Verdicts     []verdictRow // the last first
	Contradicted bool         // several stand that say different things
	Judge        bool         // the visitor may judge it
	Review       bool         // and is about to
	Finished     bool         // some revision is final
	Seen         string       // mark of what is shown
	Stands       *uuid.UUID   // the interview that stands for this one, a duplicate
	StandsLabel  string
}

// missing says how many revisions of a device are named by others and have not come.
type missing struct {
	Device string
	N      int
}

// flag is something the form's rules say, in words.
type flag struct{ Question, Where, Text, Message, Anchor string }

func (s *server) interview(w http.ResponseWriter, v *visit) {
	id, err := uuid.Parse(v.Request.PathValue("id"))
	if err != nil {
		s.nowhere(w, v)
		return
	}
	story, err := s.Data.Story(v.Request.Context(), id)
	if absent(err) {
		s.message(w, v, http.StatusNotFound, "error.interview")
		return
	}
	if err != nil {
		s.fail(w, v, err)
		return
	}
	n, err := s.names(v.Request.Context(), v.Words)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	files, err := s.attachments(v.Request.Context(), id)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	body := s.tell(v, n, story, files)
	if err := s.standsFor(v, &body); err != nil {
		s.fail(w, v, err)
		return
	}
	switch done := v.Request.URL.Query().Get("done"); done {
	case "approved", "returned", "resolved":
		v.Notice = v.Words.Say("interview.done." + done)
	}
	s.show(w, v, http.StatusOK, "interview", body)
}

// standsFor tells which interview stands for this one, where it was decided to be a duplicate.
func (s *server) standsFor(v *visit, body *interviewBody) error {
	decisions, err := s.Data.Decisions(v.Request.Context())
	if err != nil || len(decisions) == 0 {
		return err
	}
	stands, left := desk.Settlement(decisions).LeftOut(body.Story.ID)
	if !left {
		return nil
	}
	briefs, err := s.Data.Briefs(v.Request.Context(), stands)
	body.Stands, body.StandsLabel = &stands, label(fieldwork.Interview{ID: stands, Name: briefs[stands].Name})
	return err
}

// absent reports whether an error says that there is no such thing.
func absent(err error) bool {
	var coded interface{ Code() string }
	return errors.Is(err, fs.ErrNotExist) || errors.As(err, &coded) && coded.Code() == "not-found"
}

// tell puts a story into words.
func (s *server) tell(v *visit, n nameBook, story fieldwork.Story, files map[record.ID]fieldwork.File) interviewBody {
	f := n.form(story.Form, story.Version)
	r := newReader(f, n, v.Words, times{v.Words, s.Zone, s.Now})
	r.files = files
	r.story(story)
	b := interviewBody{Label: label(story.Interview), FormTitle: n.title(story.Form), DeviceName: n.device(story.Device), Story: story, NoForm: f == nil}
	b.Missing = countMissing(n, story.Merged.Missing)
	b.Conflicts = r.disputes(story, v.Says(), "/interviews/"+story.ID.String())
	for _, st := range story.Steps {
		b.Finished = b.Finished || st.Revision.Final
	}
	b.Judge, b.Seen = v.Says() && b.Finished, desk.Mark(story)
	b.Review = b.Judge && v.Request.URL.Query().Get("review") != ""
	b.Verdicts, b.Contradicted = r.verdicts(story.Verdicts), desk.Contradict(story.Verdicts)
	r.review = b.Review
	b.Sections, b.Recorded = r.sections(), r.recorded
	for _, f := range story.Flags {
		b.Flags = append(b.Flags, r.flag(f))
	}
	for _, st := range story.Steps {
		b.Steps = append(b.Steps, r.step(st))
	}
	return b
}

func countMissing(n nameBook, dots []record.Dot) []missing {
	var list []missing
	for _, d := range dots {
		name := n.device(d.Device)
		if last := len(list) - 1; last >= 0 && list[last].Device == name {
			list[last].N++
			continue
		}
		list = append(list, missing{name, 1})
	}
	return list
}

// reader reads one interview aloud: questions, answers and times in the visitor's language.
type reader struct {
	form     *form.Form // nil: unknown
	language string     // of the form
	names    nameBook
	words    words.Words
	times    times
	merged   record.Merged
	at       map[record.Path]conflictRow
	flags    map[record.Path][]string
	told     map[record.Path]bool     // answers that a section shows
	recorded []answer                 // what nobody was asked
	remarks  map[record.Path][]string // what verdicts that stand say about questions
	review   bool                     // each answer can be commented

	interview uuid.UUID
	files     map[record.ID]fieldwork.File // photos and other attachments
}

func newReader(f *form.Form, n nameBook, w words.Words, t times) *reader {
	r := &reader{form: f, names: n, words: w, times: t, at: make(map[record.Path]conflictRow),
		flags: make(map[record.Path][]string), told: make(map[record.Path]bool), remarks: make(map[record.Path][]string)}
	if f != nil {
		r.language = f.Language(w.Language())
	}
	return r
}

// story takes what is to be read.
func (r *reader) story(s fieldwork.Story) {
	r.merged, r.interview = s.Merged, s.ID
	for _, c := range s.Merged.Conflicts {
		r.at[c.Path] = r.conflict(c)
	}
	for _, v := range s.Verdicts {
		for _, c := range v.Comments {
			if v.Stands {
				r.remarks[c.Path] = append(r.remarks[c.Path], c.Text)
			}
		}
	}
	for _, f := range s.Flags {
		r.flags[f.Path] = append(r.flags[f.Path], r.flagText(f.Kind))
	}
}

func (r *reader) flagText(kind string) string { return named(r.words, "flag.", kind) }

func (r *reader) flag(f fieldwork.Flag) flag {
	return flag{r.question(f.Path), r.where(f.Path), r.flagText(f.Kind), f.Message, anchor(f.Path)}
}

func (r *reader) conflict(c record.Conflict) conflictRow {
	row := conflictRow{Anchor: anchor(c.Path), Question: r.question(c.Path), Where: r.where(c.Path)}
	for i, one := range c.Candidates {
		row.Candidates = append(row.Candidates, candidate{Value: r.value(c.Path, one.Value), Device: r.names.device(one.Device), By: one.By, Provisional: i == 0})
	}
	return row
}

// anchor is the place of an answer on the page.
func anchor(p record.Path) string { return "q-" + string(p) }

func (r *reader) item(p record.Path) *form.Item {
	if r.form == nil {
		return nil
	}
	i, _ := r.form.Item(p.Generic())
	return i
}

// question returns the label of a question, group or repeat; its name where it has none.
func (r *reader) question(p record.Path) string {
	i := r.item(p)
	if i == nil {
		return string(p.Generic())
	}
	return r.itemLabel(i)
}

func (r *reader) itemLabel(i *form.Item) string {
	if text := i.Label.Plain(r.language, r.form.DefaultLanguage); text != "" {
		return text
	}
	return i.Name
}

// where names the repeat instances that a path lies in: "Household member 2".
func (r *reader) where(p record.Path) string {
	instance, ok := p.Instance()
	if !ok {
		return ""
	}
	repeat := instance.Parent()
	said := r.words.Say("interview.instance", r.question(repeat), r.ordinal(instance))
	if outer := r.where(repeat); outer != "" {
		return outer + " › " + said
	}
	return said
}

// ordinal is the place of an instance among those that are there now; what its ID says when it is gone.
func (r *reader) ordinal(instance record.Path) int {
	for i, p := range r.instances(instance.Parent()) {
		if p == instance {
			return i + 1
		}
	}
	n := 0
	for _, digit := range instance.Name()[:min(4, len(instance.Name()))] {
		if digit >= '0' && digit <= '9' {
			n = n*10 + int(digit-'0')
		}
	}
	return n
}

// shown is a value as people read it.
type shown struct {
	File  *attachment
	Text  string
	Items []string // labels of a select_multiple
	Code  string   // the name of the choice
	None  bool     // no answer, or one taken back
}

func (r *reader) value(p record.Path, v record.Value) shown {
	if v.IsZero() {
		return shown{None: true}
	}
	list := r.list(p)
	switch v.Kind() {
	case record.Choices:
		return shown{Items: r.choiceLabels(list, v), Code: v.String()}
	case record.Text:
		if c, ok := choiceOf(list, v.String()); ok {
			return shown{Text: r.choiceLabel(c), Code: c.Name}
		}
	case record.Decimal:
		return shown{Text: r.words.Decimal(v.String())}
	case record.Geopoint:
		return shown{Text: r.position(v.String())}
	case record.File:
		return shown{Text: v.String(), File: r.attachment(v.String())}
	case record.Date:
		if at, err := time.Parse(time.DateOnly, v.String()); err == nil {
			return shown{Text: r.times.date(at)}
		}
	case record.DateTime:
		if at, err := time.Parse(time.RFC3339, v.String()); err == nil {
			return shown{Text: r.times.device(at)}
		}
	}
	return shown{Text: v.String()}
}
