package screen_test

import (
	"strings"
	"testing"

	"vereda/fyne-app/look/looktest"
	"vereda/survey/record"
	"vereda/survey/store"
)

// typedAnswers are what is typed into boxes, by the question's name.
var typedAnswers = map[string]string{
	"a_adm1": "11", "a_adm2": "11001", "a_ea": "EA-7", "a_hh_num": "12", "a_enum": "E05", "a_gps": "4,6097 -74,0817", "hh_size": "3", "m_name": "María",
	"m_age": "34", "d_hours": "20", "e_smart_n": "2", "f_cost": "45,5", "f_outage": "3", "j_seed": "1234", "z_comment": "Señal débil en la cocina", "h_cap_min": "5",
}

// tappedAnswers are the codes that are tapped, by the question's name; of other questions it is the first one.
var tappedAnswers = map[string]string{
	"v_contact": "available", "b_consent": "1", "f_net": "1", "j_avail": "present", "p_consent": "1", "z_result": "complete", "m_net": "1", "i_do": "0",
}

func name(path string) string { return string(record.Path(path).Name()) }

// answerPage answers what the page asks, also what appears while it is answered.
func (b *bench) answerPage(done map[string]bool) {
	b.Helper()
	for again := true; again; {
		again = false
		for _, tag := range looktest.Tags(b.window) {
			if b.answer(tag, done) {
				again = true
				break
			}
		}
	}
}

func (b *bench) answer(tag string, done map[string]bool) bool {
	b.Helper()
	kind, path, _ := strings.Cut(tag, ":")
	switch kind {
	case "box", "open":
	case "choice":
		path, _, _ = strings.Cut(path, ":")
	default:
		return false
	}
	if done[path] {
		return false
	}
	done[path] = true
	text, typed := typedAnswers[name(path)]
	switch {
	case kind == "box" && typed && b.written(tag) == "":
		b.typed(tag, text)
		b.clock.pass(pause)
	case kind == "open":
		b.tap(tag)
		b.choose(path)
	case kind == "choice":
		b.choose(path)
	}
	return true
}

// choose taps the choice that the question is to get.
func (b *bench) choose(path string) {
	b.Helper()
	codes := looktest.Under(b.window, "choice:"+path+":")
	code, ok := tappedAnswers[name(path)]
	if !ok {
		code = codes[0]
	}
	b.tap("choice:" + path + ":" + code)
}

// walk answers page after page until there is a page with a tag, and returns how many pages it saw.
func (b *bench) walk(until string) int {
	b.Helper()
	done := map[string]bool{}
	for pages := 0; pages < 100; pages++ {
		if b.has(until) {
			return pages
		}
		b.answerPage(done)
		b.tap("next")
	}
	b.Fatalf("no page has %q", until)
	return 0
}

func TestAWholeInterviewThroughTheWidgets(t *testing.T) {
	b := start(t)
	b.tap("new")
	if n := b.walk("finalize"); n < 40 {
		t.Errorf("only %d pages", n)
	}
	b.want(b.say("es", "end.complete"))
	b.want("-EA-7-12-v1")
	b.tap("finalize")

	all, err := b.ports.Shelf.Interviews()
	if err != nil || len(all) != 1 || all[0].State != store.Finalized {
		t.Fatalf("%+v, %v", all, err)
	}
	if b.sync.sent != 1 {
		t.Errorf("the courier was sent %d times", b.sync.sent)
	}
	b.want(b.say("es", "state.finalized"))
	b.correct(all[0])
	b.checkRevision(all[0])
}

// correct opens a finished interview again, changes an answer and finishes it.
func (b *bench) correct(i store.Interview) {
	b.Helper()
	b.tap("interview:" + i.ID.String())
	b.tap("correct")
	for !b.has("finalize") {
		b.tap("next")
	}
	if b.has("discard") {
		b.Error("an interview with a history can be deleted")
	}
	b.tap("back")
	b.tap("previous")
	b.typed("box:grp_z/z_comment", ".")
	b.tap("next")
	b.tap("next")
	b.tap("finalize")
}

// checkRevision looks at what will travel.
func (b *bench) checkRevision(i store.Interview) {
	b.Helper()
	b.kill()
	s, err := store.Open(b.folder + "/tablet.db")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	history, err := s.History(i.ID)
	if err != nil {
		b.Fatal(err)
	}
	merged := history.Merge()
	for path, want := range map[record.Path]string{
		"grp_a/a_ea": "EA-7", "grp_f2/f_cost": "45.5", "grp_j/p_name": "María", "grp_a/v_contact": "available", "grp_z/z_comment": ".Señal débil en la cocina",
	} {
		if got := merged.Answers[path].String(); got != want {
			b.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := merged.Answers["grp_a/a_gps"].String(); !strings.HasPrefix(got, "4.6097 -74.0817") {
		b.Errorf("position %q", got)
	}
	members := 0
	for path := range merged.Answers {
		if path.IsInstance() && path.Parent() == "grp_c/roster" {
			members++
		}
	}
	if members != 3 || !merged.Final {
		b.Errorf("%d members, final %v", members, merged.Final)
	}
	if waiting, err := s.Waiting(""); err != nil || waiting != 2 {
		b.Errorf("%d wait, %v", waiting, err)
	}
}
