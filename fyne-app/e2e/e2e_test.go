//go:build e2e

// Package e2e starts the real programs and uses them as people do: the field app in a real window, the collector, the dashboard in a
// browser. It needs Xvfb, xdotool and Chromium, and fails where one is missing.
package e2e

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"
)

// TestAnInterviewTravelsFromTheWindowToTheDatabase walks the whole way: join, capture a short interview by taps and keys, finalize, see it
// leave the outbox, and find it in the collector's database.
func TestAnInterviewTravelsFromTheWindowToTheDatabase(t *testing.T) {
	vereda, field := build(t)
	collector := startCollector(t, vereda)
	app := startField(t, field, filepath.Join(t.TempDir(), "field"), "-invite", collector.invitation, "-name", "Rosa")

	app.begin()
	shortInterview(app)
	app.expectText("En la central")
	app.expectText("Todo lo terminado está enviado.")
	app.show("app-home")
	app.quit()
	if complaint := app.complaint(); complaint != "" {
		t.Errorf("the app wrote to the console:\n%s", complaint)
	}

	db, err := sql.Open("sqlite3", "file:"+filepath.Join(collector.data, "archive.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var body string
	if err := db.QueryRow("SELECT body FROM entries WHERE kind = 'revision' AND CAST(body AS TEXT) LIKE '%\"final\":true%'").Scan(&body); err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{`"grp_a/a_country":"COL"`, `"grp_a/a_adm1":"05"`, `"grp_a/v_contact":"not_found"`, `"grp_a/a_hh_num":12`, `"grp_z/z_comment":"Puente caído, señal débil"`, `"final":true`} {
		if !strings.Contains(body, answer) {
			t.Errorf("the collector's database lacks %s:\n%s", answer, body)
		}
	}
}

// TestNothingIsLostWhenTheAppIsKilled kills the app in the middle of an interview and finds every answer again, on the same page.
func TestNothingIsLostWhenTheAppIsKilled(t *testing.T) {
	_, field := build(t)
	data := filepath.Join(t.TempDir(), "field")
	vereda, _ := build(t)
	collector := startCollector(t, vereda)
	app := startField(t, field, data, "-invite", collector.invitation, "-name", "Rosa")
	app.begin()
	app.pick("COL")
	app.next()
	app.write("05")
	app.kill()

	app = startField(t, field, data)
	app.resume()
	app.expectWritten("05")
	app.previous()
	app.expectText("Colombia")
	app.quit()
}

// shortInterview answers the built-in questionnaire for a dwelling that was not found: the shortest way through it.
func shortInterview(app *field) {
	app.pick("COL")
	app.next()
	for _, s := range []string{"05", "05001", "EA-017"} {
		app.write(s)
		app.next()
	}
	app.choose("rural")
	app.show("app-question")
	app.next()
	app.write("12")
	app.next()
	app.write("rosa")
	app.next()
	app.next() // visit number 1 stands there already
	app.pick("not_found")
	app.next()
	app.write("Puente caído, señal débil")
	app.next()
	app.choose("unknown")
	app.next()
	app.finalize()
}

func build(t *testing.T) (vereda, field string) {
	t.Helper()
	dir, err := filepath.Abs("../../bin/e2e")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	field = filepath.Join(dir, "vereda-field")
	// Not migrated: then Fyne itself says on the console where a widget was touched from a wrong goroutine.
	command(t, "env", "CGO_ENABLED=1", "go", "build", "-o", field, "vereda/fyne-app")
	return buildCommand(t), field
}

func buildCommand(t *testing.T) string {
	t.Helper()
	vereda, err := filepath.Abs("../../bin/e2e/vereda")
	if err != nil {
		t.Fatal(err)
	}
	command(t, "env", "CGO_ENABLED=0", "go", "build", "-o", vereda, "vereda/cmd/vereda")
	return vereda
}
