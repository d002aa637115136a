package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/quality"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/words"
)

// drawer is the field with what is said at the desk: entries are kept, and revisions and verdicts become part of their interviews.
type drawer struct {
	*field
	said    []record.Entry
	changed bool // somebody else is always faster
}

func (d *drawer) Assignment(_ context.Context, id uuid.UUID) (fieldwork.Assignment, error) {
	for _, a := range d.work {
		if a.Assignment.Assignment == id {
			return a, nil
		}
	}
	return fieldwork.Assignment{}, coded("not-found")
}

func (d *drawer) Put(_ context.Context, entries ...record.Entry) error {
	d.said = append(d.said, entries...)
	return nil
}

func (d *drawer) PutKnowing(ctx context.Context, _ uuid.UUID, _ int, entries ...record.Entry) error {
	if d.changed {
		return coded("changed")
	}
	return d.Put(ctx, entries...)
}

// last returns the body of what was said last, and forgets all.
func (d *drawer) last(t *testing.T, kind string) []byte {
	t.Helper()
	if len(d.said) == 0 || d.said[len(d.said)-1].Kind != kind {
		t.Fatalf("no %s was said: %v", kind, d.said)
	}
	body := d.said[len(d.said)-1].Body
	d.said = nil
	return body
}

// coordinated is fieldwork with something of everything that coordinators look at, and the pages over it.
func coordinated(t testing.TB) (*drawer, Options) {
	f := someField(t)
	id := desk.Household{Form: questionnaire.Form().ID, EA: "CO-05-001", Number: "12"}.ID()
	task := record.Assignment{Assignment: id, Form: questionnaire.Form().ID, EA: "CO-05-001", Household: "12", Assignee: "tab-1", Due: "2026-11-20", Call: today, Note: "perro " + hostile}
	f.work = []fieldwork.Assignment{{Assignment: task, Disputed: true, Visits: 2, Done: true, Interview: interviewID(2)}}
	for n := range 60 {
		other := record.Assignment{Assignment: interviewID(100 + n), Form: questionnaire.Form().ID, EA: "CO-05-002", Household: fmt.Sprint(n), Person: "Marta", Due: "2026-11-20"}
		f.work = append(f.work, fieldwork.Assignment{Assignment: other})
	}
	pair := quality.Pair{A: interviewID(2), B: interviewID(3), Score: 12, Probability: 0.97, Reasons: []quality.Reason{
		{Kind: quality.Number, Agreement: quality.Similar, A: "12", B: "21" + hostile, Weight: 2}, {Kind: quality.Place, Agreement: quality.Apart, Metres: 120, Weight: -3},
		{Kind: quality.Members, Agreement: quality.Partly, Matched: 3, Of: 5, Weight: 4}, {Kind: quality.Time, Agreement: quality.Apart, Between: 50 * time.Hour}}}
	f.alike = []fieldwork.Alike{{A: pair.A, B: pair.B, Form: questionnaire.Form().ID, Probability: 0.97, Body: must(json.Marshal(pair))(t)}}
	f.decisions = []fieldwork.Decision{
		{Duplicate: record.Duplicate{A: interviewID(4), B: interviewID(5), Decision: record.Same, Keep: interviewID(5), Said: record.Said{By: "Rosa"}}, Said: []fieldwork.Said{{ID: record.ID{1}, Decision: record.Same, Keep: interviewID(5), By: "Rosa"}}},
		{Duplicate: record.Duplicate{A: interviewID(1), B: interviewID(6), Decision: record.Undecided}, Disputed: true,
			Said: []fieldwork.Said{{ID: record.ID{2}, Decision: record.Same, By: "Rosa"}, {ID: record.ID{3}, Decision: record.Different, By: "Inés"}}},
	}
	s := &f.stories[0]
	s.Verdicts = []fieldwork.Verdict{
		{ID: record.ID{4}, Verdict: record.Verdict{Interview: s.ID, Decision: record.Approved, Said: record.Said{By: "Inés", At: today}}, Stands: true},
		{ID: record.ID{5}, Verdict: record.Verdict{Interview: s.ID, Decision: record.Returned, Note: "falta", Comments: []record.Comment{{Path: "grp_e/e_radio", Text: "¿sí o no? " + hostile}}, Said: record.Said{By: "Rosa", At: today}}, Stands: true},
	}
	s.State = record.StateReturned
	f.told = []fieldwork.Setting{{Setting: record.Setting{Name: "keep", Value: json.RawMessage("14"), Said: record.Said{By: "Rosa"}}, Disputed: true}, {Setting: record.Setting{Name: "photos", Value: json.RawMessage(`{"link":"wifi"}`), Said: record.Said{By: "Rosa"}}}}
	f.stuck = []fieldwork.Stuck{{Direction: "up", Device: "tab-1", Reason: "revoked", At: today}, {Direction: "down", Reason: "damaged"}}
	f.devices[1].Replaces = []string{"tab-3"}
	d := &drawer{field: f}
	o := options(f)
	o.Desk = &desk.Desk{Archive: d, Forms: o.Forms, Device: "hub", Name: "collector", Now: o.Now}
	o.Compare = func(context.Context) (int, error) { return 7, nil }
	o.Revoke = func(context.Context, string) error { return nil }
	o.Relay = func() fieldwork.Relay {
		return fieldwork.Relay{Upstream: "https://centro.example", Name: "Centro", Waiting: 3, Problem: "no route"}
	}
	o.Clock = func(context.Context, string) ([]fieldwork.Reading, error) {
		return []fieldwork.Reading{{Received: today.Add(-time.Hour), Ahead: 49 * time.Hour}, {Received: today, Ahead: 50 * time.Hour}}, nil
	}
	o.Invite = func(_ context.Context, i Invitation) (Invited, error) {
		return Invited{"vereda://join?v=1&c=K7M4-P2QX", "K7M4-P2QX", "https://centro.example", "AAAA-BBBB-CCCC"}, nil
	}
	return d, o
}

func pairPath() string { return pairAddress(interviewID(2), interviewID(3)) }

// The pages of coordinators speak every language, and take whatever people answered for text.
func TestCoordinationInEveryLanguage(t *testing.T) {
	_, o := coordinated(t)
	empty := options(&field{})
	empty.Forms = func(context.Context) ([]*form.Form, error) { return nil, nil }
	pages := []string{"/assignments", "/assignments?state=done&device=-", "/conflicts", "/duplicates", "/duplicates?decided=1", pairPath(), pairPath() + "&all=1", "/devices", "/devices/tab-2", "/settings", "/invite", "/invite?for=tab-3",
		"/interviews/" + interviewID(1).String() + "?review=1", "/interviews/" + interviewID(4).String(), "/interviews?state=review"}
	full := member(t, o, "ada")
	for _, language := range words.Languages {
		full.get("/?lang=" + language)
		for _, path := range pages {
			text := full.sees(path, http.StatusOK, fmt.Sprintf(`<html lang="%s">`, language))
			if raw := rawKey.FindString(text); raw != "" || strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "%!") || strings.Contains(text, hostile) {
				t.Errorf("%s %s: %q", language, path, raw)
			}
		}
	}
	none := member(t, empty, "ada")
	for _, path := range []string{"/assignments", "/assignments?ea=1", "/conflicts", "/duplicates", "/duplicates?decided=1", "/settings"} {
		none.sees(path, http.StatusOK)
	}
}

// Who only reads sees no form that changes something, and cannot send one; settings and invitations are the administrator's.
func TestWhoMaySayWhat(t *testing.T) {
	d, o := coordinated(t)
	posts := map[string]Role{"/assignments": Coordinator, "/assignments/change": Coordinator, "/interviews/" + interviewID(2).String() + "/verdict": Coordinator, "/conflicts/resolve": Coordinator,
		"/duplicates/decide": Coordinator, "/settings": Administrator, "/invite": Administrator, "/invite/file": Administrator, "/devices/revoke": Administrator}
	vera := member(t, o, "vera")
	for _, path := range []string{"/assignments", "/conflicts", "/duplicates", pairPath(), "/settings", "/devices", "/devices/tab-1", "/interviews/" + interviewID(1).String() + "?review=1"} {
		text := vera.sees(path, http.StatusOK)
		if n := strings.Count(text, `method="post"`); n != 1 { // to log out
			t.Errorf("%s offers a viewer %d forms", path, n-1)
		}
	}
	cora := member(t, o, "cora")
	for path, role := range posts {
		if status, _ := vera.post(path, url.Values{}); status != http.StatusForbidden {
			t.Errorf("a viewer posts to %s: %d", path, status)
		}
		status, _ := cora.post(path, url.Values{})
		if forbidden := status == http.StatusForbidden; forbidden != (role == Administrator) {
			t.Errorf("a coordinator posts to %s: %d", path, status)
		}
		r := must(http.NewRequest("POST", cora.url+path, strings.NewReader("")))(t)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if status, _ := cora.do(r); status != http.StatusForbidden {
			t.Errorf("another site posts to %s: %d", path, status)
		}
	}
	if len(d.said) > 0 {
		t.Errorf("something was said: %v", d.said)
	}
}

func TestJudging(t *testing.T) {
	d, o := coordinated(t)
	var acts []Act
	o.Audit = func(_ context.Context, a Act) { acts = append(acts, a) }
	b := member(t, o, "cora")
	page := "/interviews/" + interviewID(1).String()
	text := b.sees(page+"?review=1", http.StatusOK, "devuelta", "sin saber de la otra", "¿sí o no?", `name="q-grp_e/e_radio"`, "Aprobar")
	seen := regexp.MustCompile(`name="seen" value="([0-9a-f]{16})"`).FindAllStringSubmatch(text, -1)
	mark := seen[len(seen)-1][1]
	if status, text := b.post(page+"/verdict", url.Values{"decision": {"returned"}, "seen": {mark}, "q-grp_d/d_hours": {" "}}); status != 422 || !strings.Contains(text, "qué debe corregirse") {
		t.Errorf("returned without a reason: %d", status)
	}
	if status, text := b.post(page+"/verdict", url.Values{"decision": {"returned"}, "seen": {mark}, "q-grp_d/d_hours": {" ¿cuántas? "}, "q-grp_e/e_radio": {"mire"}}); status != 200 || !strings.Contains(text, "vuelve a su encuestador") {
		t.Errorf("%d", status)
	}
	v := must(record.ParseVerdict(d.last(t, record.KindVerdict)))(t)
	if v.Decision != record.Returned || len(v.Comments) != 2 || v.Comments[0] != (record.Comment{Path: "grp_d/d_hours", Text: "¿cuántas?"}) || v.By != "cora" || v.Device != "hub" || len(v.After) != 2 || v.Knows["tab-1"] != 2 {
		t.Errorf("%+v", v)
	}
	if status, _ := b.post(page+"/verdict", url.Values{"decision": {"approved"}, "seen": {"0000000000000000"}}); status != http.StatusConflict || len(d.said) > 0 {
		t.Errorf("judged what was not seen: %d", status)
	}
	if len(acts) != 2 || acts[1].What != "returned" || acts[1].About != interviewID(1).String() {
		t.Errorf("%v", acts)
	}
	draft := "/interviews/" + interviewID(3).String() + "/verdict"
	if status, _ := b.post(draft, url.Values{"decision": {"approved"}}); status != http.StatusConflict {
		t.Errorf("a draft is judged: %d", status)
	}
	if status, _ := b.post(page+"/verdict", url.Values{"decision": {"burnt"}, "note": {"x"}}); status != 422 {
		t.Errorf("no such decision: %d", status)
	}
}

// A collector that nobody gave a name is called what it is, in the reader's language.
func TestWhatHasNoNameIsCalledWhatItIs(t *testing.T) {
	_, o := coordinated(t)
	s, err := newServer(o)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"es": "Central, Centro de acopio, Norte", "fr": "Serveur central, Centre relais, Norte"} {
		say := s.words.In(language)
		if got := strings.Join([]string{called(say, "collector"), called(say, "hub"), called(say, "Norte")}, ", "); got != want {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestResolving(t *testing.T) {
	d, o := coordinated(t)
	b := member(t, o, "cora")
	text := b.sees("/conflicts", http.StatusOK, "Una entrevista con conflictos", "de noviembre de 2026", `<option value="1">`)
	mark := regexp.MustCompile(`name="seen" value="([0-9a-f]{16})"`).FindStringSubmatch(text)[1]
	form := func(more url.Values) url.Values {
		v := url.Values{"interview": {interviewID(1).String()}, "path": {"grp_e/e_radio"}, "seen": {mark}, "back": {"/conflicts"}}
		for k, x := range more {
			v[k] = x
		}
		return v
	}
	resolved := func() record.Revision {
		return must(record.ParseRevision(d.last(t, record.KindRevision)))(t)
	}
	if status, text := b.post("/conflicts/resolve", form(url.Values{"choose": {"1"}})); status != 200 || !strings.Contains(text, "El conflicto está resuelto.") {
		t.Errorf("%d", status)
	}
	r := resolved()
	conflicts := d.stories[0].Merged.Conflicts
	second := conflicts[slices.IndexFunc(conflicts, func(c record.Conflict) bool { return c.Path == "grp_e/e_radio" })].Candidates[1].Value
	if r.Set["grp_e/e_radio"] != second || r.By != "cora" || r.Device != "hub" || r.N != 1 || r.After["tab-1"] != 2 || r.After["tab-2"] != 1 || !r.Final || len(r.Verdicts) != 2 {
		t.Errorf("%+v", r.Body)
	}
	b.post("/conflicts/resolve", form(url.Values{"choose": {"none"}}))
	if r := resolved(); !slices.Contains(r.Unset, "grp_e/e_radio") {
		t.Errorf("%+v", r.Body)
	}
	b.post("/conflicts/resolve", form(url.Values{"choose": {"other"}, "answer": {"0"}}))
	if r := resolved(); r.Set["grp_e/e_radio"].String() != "0" {
		t.Errorf("%+v", r.Body)
	}
	for name, bad := range map[string]url.Values{"not-there": {"choose": {"7"}}, "none": {}, "empty": {"choose": {"other"}, "answer": {""}}, "no-choice": {"choose": {"other"}, "answer": {"perhaps"}}, "no-conflict": {"choose": {"0"}, "path": {"grp_d/d_hours"}}} {
		if status, _ := b.post("/conflicts/resolve", form(bad)); status != 422 {
			t.Errorf("%s: %d", name, status)
		}
	}
	status, said := b.post("/conflicts/resolve", form(url.Values{"choose": {"0"}, "seen": {"0000000000000000"}, "back": {"/conflicts?after=x"}}))
	if !strings.Contains(said, `<a href="/conflicts?after=x">`) {
		t.Errorf("no way back to the page that has changed:\n%s", said)
	}
	if status != http.StatusConflict {
		t.Errorf("resolved what was not seen: %d", status)
	}
	d.changed = true
	if status, _ := b.post("/conflicts/resolve", form(url.Values{"choose": {"0"}})); status != http.StatusConflict {
		t.Errorf("somebody was faster: %d", status)
	}
	if len(d.said) > 0 {
		t.Errorf("something was said: %v", d.said)
	}
}

func TestAssigningByTable(t *testing.T) {
	d, o := coordinated(t)
	b := member(t, o, "cora")
	upload := func(content string) (int, string) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		io.WriteString(must(w.CreateFormFile("table", "hogares.csv"))(t), content)
		w.Close()
		r := must(http.NewRequest("POST", b.url+"/assignments", &body))(t)
		r.Header.Set("Content-Type", w.FormDataContentType())
		return b.do(r)
	}
	if status, text := upload("ea,household,device,due\n1,2,nobody,soon\n"); status != 422 || len(lacks(text, "2 problemas en hogares.csv", "Ningún dispositivo se llama «nobody»", "«soon» no es un día")) > 0 || len(d.said) > 0 {
		t.Errorf("%d %q", status, lacks(text, "2 problemas en hogares.csv"))
	}
	if status, text := upload("ea;household;due\nCO-9;77;2026-12-01\n"); status != 200 || !strings.Contains(text, "Asignado: 1 nuevas") {
		t.Errorf("%d", status)
	}
	if a := must(record.ParseAssignment(d.last(t, record.KindAssignment)))(t); a.EA != "CO-9" || a.Household != "77" || a.By != "cora" {
		t.Errorf("%+v", a)
	}
	text := b.sees("/assignments", http.StatusOK, "61 asignaciones", "vencida", "dicho dos veces distinto", "2 entrevistas", "Siguiente")
	b.sees("/assignments?page=1", http.StatusOK, "Anterior")
	id := regexp.MustCompile(`name="assignment" value="([^"]*)"`).FindStringSubmatch(text)[1]
	change := func(v url.Values) int {
		v.Set("assignment", id)
		status, _ := b.post("/assignments/change", v)
		return status
	}
	if status := change(url.Values{"act": {"hand-over"}, "device": {"tab-2"}}); status != 200 {
		t.Error(status)
	}
	if a := must(record.ParseAssignment(d.last(t, record.KindAssignment)))(t); a.Assignee != "tab-2" || a.Due != "2026-11-20" {
		t.Errorf("%+v", a)
	}
	if status := change(url.Values{"act": {"schedule"}, "due": {"2026-12-24"}, "call": {"2026-12-20T09:30"}}); status != 200 {
		t.Error(status)
	}
	if a := must(record.ParseAssignment(d.last(t, record.KindAssignment)))(t); a.Due != "2026-12-24" || !a.Call.Equal(time.Date(2026, 12, 20, 9, 30, 0, 0, bogota)) {
		t.Errorf("%+v", a)
	}
	if status := change(url.Values{"act": {"withdraw"}}); status != 200 || !must(record.ParseAssignment(d.last(t, record.KindAssignment)))(t).Withdrawn {
		t.Error(status)
	}
	for _, bad := range []url.Values{{"act": {"hand-over"}, "device": {"?"}}, {"act": {"hand-over"}, "device": {"tab-3"}}, {"act": {"schedule"}, "due": {"soon"}}, {"act": {"burn"}}} {
		if status := change(bad); status != 422 {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, _ := b.post("/assignments/change", url.Values{"act": {"withdraw"}}); status != 422 || len(d.said) > 0 {
		t.Errorf("none is ticked: %d", status)
	}
}

func TestDecidingDuplicates(t *testing.T) {
	d, o := coordinated(t)
	b := member(t, o, "cora")
	b.sees("/interviews", http.StatusOK, "3 fotos en camino", "por revisar")
	b.sees("/duplicates", http.StatusOK, "Un par por decidir", "97\u00a0%", "casi igual", "a 120 m", "3 de 5 en ambas", "2 días", "Aún se comparan 7 entrevistas")
	b.sees("/duplicates?decided=1", http.StatusOK, "mismo hogar; cuenta B ·", "en disputa", "Ver o cambiar la decisión")
	b.sees(pairAddress(interviewID(1), interviewID(6)), http.StatusOK, "hogares distintos", "Inés", "Dejarlo sin decidir")
	b.sees("/interviews/"+interviewID(4).String(), http.StatusOK, "Se decidió que es un duplicado")
	text := b.sees(pairPath(), http.StatusOK)
	mark := regexp.MustCompile(`name="seen" value="([0-9a-f]{32})"`).FindStringSubmatch(text)[1]
	form := url.Values{"a": {interviewID(3).String()}, "b": {interviewID(2).String()}, "seen": {mark}}
	decide := func(decision string) int {
		form.Set("decision", decision)
		status, _ := b.post("/duplicates/decide", form)
		return status
	}
	if status := decide("b"); status != 200 {
		t.Error(status)
	}
	if one := must(record.ParseDuplicate(d.last(t, record.KindDuplicate)))(t); one.A != interviewID(2) || one.Keep != interviewID(3) || one.Decision != record.Same || one.By != "cora" {
		t.Errorf("%+v", one)
	}
	choose := regexp.MustCompile(`name="(q-[^"]*)" value="b"`).FindStringSubmatch(text)[1]
	form.Set(choose, "b")
	if status := decide("join"); status != 200 || len(d.said) != 2 {
		t.Fatalf("%d, %d entries", status, len(d.said))
	}
	r := must(record.ParseRevision(d.said[0].Body))(t)
	path := record.Path(strings.TrimPrefix(choose, "q-"))
	if r.Interview != interviewID(2) || r.Set[path] != d.stories[2].Merged.Answers[path] {
		t.Errorf("%+v", r.Body)
	}
	if one := must(record.ParseDuplicate(d.last(t, record.KindDuplicate)))(t); one.Keep != uuid.Nil || one.Decision != record.Same {
		t.Errorf("%+v", one)
	}
	if status := decide("burn"); status != 422 {
		t.Error(status)
	}
	form.Set("seen", strings.Repeat("0", 32))
	if status := decide("different"); status != http.StatusConflict || len(d.said) > 0 {
		t.Error(status)
	}
}

func TestSettingsAndInvitations(t *testing.T) {
	d, o := coordinated(t)
	b := member(t, o, "ada")
	b.sees("/settings", http.StatusOK, `value="wifi" checked`, `value="14"`, "Dos coordinadores lo fijaron distinto")
	if status, _ := b.post("/settings", url.Values{"link": {"never"}, "keep": {"14"}, "recovery": {""}}); status != 200 || len(d.said) != 2 {
		t.Errorf("%d, %d said: what is disputed is said again, too", status, len(d.said))
	}
	d.said = nil
	for fault, v := range map[string]url.Values{"número entero": {"link": {"wifi"}, "keep": {"x"}}, "age1": {"link": {"wifi"}, "keep": {"14"}, "recovery": {"secret"}}, "por dónde": {"link": {"pigeon"}, "keep": {"14"}}} {
		if status, text := b.post("/settings", v); status != 422 || !strings.Contains(text, fault) {
			t.Errorf("%s: %d", fault, status)
		}
		d.said = nil
	}
	if status, text := b.post("/invite", url.Values{"role": {"enumerator"}, "devices": {"3"}, "days": {"7"}}); status != 200 || len(lacks(text, "K7M4-P2QX", "AAAA-BBBB-CCCC", "<svg class=\"qr\"", "Para 3 dispositivos", "30 de noviembre de 2026")) > 0 {
		t.Errorf("%d", status)
	}
	if _, text := b.post("/invite", url.Values{"days": {"7"}, "for": {"tab-3"}}); !strings.Contains(text, "reemplaza a tab-3") {
		t.Error("no replacement")
	}
	if status, _ := b.post("/invite", url.Values{"role": {"king"}, "devices": {"3"}, "days": {"7"}}); status != 422 {
		t.Error(status)
	}
	_, text := b.post("/invite/file", url.Values{"link": {"vereda://join?v=1"}})
	if missing := lacks(text, "vereda://join?v=1\n", "Unirse a un proyecto", "Entrar em um projeto", "Rejoindre un projet", "Antre nan yon pwojè", "Join a project"); len(missing) > 0 {
		t.Errorf("%q", text)
	}
	b.sees("/devices/tab-2", http.StatusOK, "Reemplaza a tab-3", "adelantado 2 días")
	b.sees("/devices/tab-9", http.StatusNotFound)
	b.sees("/devices", http.StatusOK, "https://centro.example", "no route", "hacia arriba")
}
