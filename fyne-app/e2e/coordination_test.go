//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
)

const remarks = record.Path("grp_z/z_comment") // a question that takes any text

// TestACoordinatorAndATeam is one whole story: a household is assigned, its interview arrives, goes back with a comment and comes corrected; two tablets
// contradict each other and the coordinator decides; the same household was visited twice, and both visits are joined; the export counts it once.
func TestACoordinatorAndATeam(t *testing.T) {
	vereda := buildCommand(t)
	c := startCollector(t, vereda)
	dir := t.TempDir()
	command(t, vereda, "simulate", "--server", c.address, "--data", c.data, "--devices", "2", "--interviews", "6", "--conflicts", "0.4", "--seed", "7", "--keep", dir)
	tablet := filepath.Join(dir, "tablet-01.db")
	b := startBrowser(t)
	b.visit(c.address + "/?lang=es")
	b.login("admin", c.password)

	table := filepath.Join(dir, "hogares.csv")
	if err := os.WriteFile(table, []byte("ea;household;enumerator;due\nCO-05-001;12;enum01;2030-01-31\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.visit(c.address + "/assignments")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("input[name=table]"), []string{table}))
	b.click(`form[enctype] button`)
	b.expect("Asignado: 1 nuevas")
	b.expect("enum01")

	command(t, vereda, "tablet", "send", tablet)
	first, visit := visitAgain(t, tablet)
	command(t, vereda, "tablet", "send", tablet)
	b.visit(c.address + "/assignments?state=done")
	b.expect("CO-05-001 12")
	b.expect("hecha")
	b.picture("dashboard-assignments")

	b.visit(c.address + "/interviews/" + visit.String() + "?review=1")
	b.do(chromedp.Click(chromedp.CSS(`dd details:has([name="q-`+string(remarks)+`"]) summary`)), chromedp.SendKeys(chromedp.CSS(`[name="q-`+string(remarks)+`"]`), "¿De qué color es la casa?"))
	b.click(`#verdict button[value=returned]`)
	b.expect("vuelve a su encuestador")
	b.expect("¿De qué color es la casa?")
	b.picture("dashboard-returned")
	command(t, vereda, "tablet", "send", tablet)
	correct(t, tablet, visit, "La casa es azul")
	command(t, vereda, "tablet", "send", tablet)
	b.visit(c.address + "/interviews?state=corrected")
	b.expect("Una entrevista")
	b.visit(c.address + "/interviews/" + visit.String())
	b.expect("corregida")
	b.expect("La casa es azul")

	for b.visit(c.address + "/conflicts"); !strings.Contains(b.text(), "No hay conflictos"); b.visit(c.address + "/conflicts") {
		b.picture("dashboard-conflicts")
		b.do(chromedp.Click(chromedp.CSS(`.dispute input[value="1"]`)))
		b.click(".dispute form > button")
		b.expect("El conflicto está resuelto.")
	}

	export := func() []string {
		out := filepath.Join(dir, "all.csv")
		command(t, vereda, "export", "--format", "csv", "--out", out, "--data", c.data)
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\r\n")
	}
	before := export()
	b.visit(c.address + "/duplicates")
	b.expect("Un par por decidir")
	b.picture("dashboard-duplicates")
	b.click(".pair .button")
	b.expect("La casa es azul")
	b.picture("dashboard-duplicate")
	b.do(chromedp.Click(chromedp.CSS(`[name="q-`+string(remarks)+`"][value=b]`)), chromedp.Click(chromedp.CSS(`[name=decision][value=join]`)))
	b.click("#decide button")
	b.expect("La decisión está guardada.")
	b.expect("No hay pares por decidir.")
	after := export()
	if len(after) != len(before)-1 {
		t.Errorf("the export has %d lines, had %d", len(after), len(before))
	}
	whole := strings.Join(after, "\n")
	if strings.Contains(whole, visit.String()) || !strings.Contains(whole, first.String()) || !strings.Contains(whole, "La casa es azul") {
		t.Errorf("the household counts otherwise than decided:\n%s", whole)
	}
	command(t, vereda, "verify", "--data", c.data)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.outside) > 0 {
		t.Errorf("pages asked for something from elsewhere: %v", b.outside)
	}
}

// visitAgain does the visit that is assigned on a tablet: by mistake to a household that was visited before.
func visitAgain(t *testing.T, tablet string) (first, again uuid.UUID) {
	t.Helper()
	s, err := store.Open(tablet)
	must(t, err)
	defer s.Close()
	assigned, err := s.Assignments()
	must(t, err)
	if len(assigned) != 1 || assigned[0].Household != "12" {
		t.Fatalf("the tablet has the assignments %v", assigned)
	}
	interviews, err := s.Interviews()
	must(t, err)
	var before store.Interview
	var said record.Merged
	for _, i := range interviews {
		h, err := s.History(i.ID)
		must(t, err)
		if m := h.Merge(); !m.Answers[remarks].IsZero() {
			before, said = i, m
		}
	}
	if before.ID == uuid.Nil {
		t.Fatalf("no interview of %d answers %s", len(interviews), remarks)
	}
	again, err = uuid.NewV7()
	must(t, err)
	now := time.Now()
	must(t, s.Begin(store.Interview{ID: again, Form: before.Form, Version: before.Version, Name: before.Name, Assignment: assigned[0].Assignment.Assignment, Created: now, Changed: now}))
	must(t, s.Keep(again, store.Changes{Set: said.Answers, Derived: said.Derived, At: now}))
	finalize(t, s, before.ID, again)
	return before.ID, again
}

// correct changes an answer of a returned interview.
func correct(t *testing.T, tablet string, id uuid.UUID, answer string) {
	t.Helper()
	s, err := store.Open(tablet)
	must(t, err)
	defer s.Close()
	returned, err := s.Returned(id)
	must(t, err)
	if len(returned) != 1 || len(returned[0].Comments) != 1 || returned[0].Comments[0].Path != remarks {
		t.Fatalf("the tablet was told %v", returned)
	}
	must(t, s.Reopen(id, time.Now()))
	must(t, s.Keep(id, store.Changes{Set: record.Answers{remarks: record.NewText(answer)}, At: time.Now()}))
	finalize(t, s, id, id)
}

// finalize finishes an interview as the author of another one.
func finalize(t *testing.T, s *store.Store, of, id uuid.UUID) {
	t.Helper()
	h, err := s.History(of)
	must(t, err)
	author := h.Revisions()[0]
	answers, derived, err := s.Answers(id)
	must(t, err)
	body, err := s.Compose(id, store.Author{Device: author.Device, By: author.By, At: time.Now()}, answers, derived, true)
	must(t, err)
	r, err := record.Seal(body)
	must(t, err)
	must(t, s.Finalize(r))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
