package screen_test

import (
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/fyne-app/look/looktest"
	"vereda/survey/form"
	"vereda/survey/paradata"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

const watched = `
| survey |
| | type | name | label | required | appearance | constraint | parameters | default |
| | audit | audit | | | | | track-changes=true identify-user=true | |
| | text | owner | Owner | yes | | | | ${last-saved#owner} |
| | begin group | land | Land | | field-list | | | |
| | integer | size | Size | | | . > 0 | | |
| | text | crop | Crop | | | | | |
| | end group | | | | | | | |
| | begin repeat | cow | Cow | | | | | |
| | text | called | Called | | | | | |
| | end repeat | | | | | | | |
| settings |
| | form_id | form_title | version |
| | farm | Farm | 1 |
`

func readForm(t *testing.T, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(tables))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// audit returns what the last revision of the only interview sends as its log, without its times.
func (b *bench) audit(i uuid.UUID) []string {
	b.Helper()
	h, err := b.ports.Shelf.History(i)
	if err != nil {
		b.Fatal(err)
	}
	revisions := h.Revisions()
	r := revisions[len(revisions)-1]
	file := r.Derived["audit"]
	m, described := r.Media[file.String()]
	if file.Kind() != record.File || !described {
		b.Fatalf("the revision sends no log: %+v", r.Body)
	}
	in, err := b.ports.Shelf.(interface {
		Media(record.ID) (io.ReadCloser, error)
	}).Media(m.SHA256)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	events, err := paradata.ReadFile(in)
	if err != nil {
		b.Fatal(err)
	}
	return short(b, events)
}

func short(b *bench, events []paradata.Event) (list []string) {
	for _, e := range events {
		line := string(e.Kind) + " " + e.Node
		if e.End != 0 {
			line += " " + strconv.FormatInt(e.End-e.Start, 10) + "ms"
		}
		if e.Old != e.New {
			line += " " + e.Old + "→" + e.New
		}
		if e.User == "" {
			b.Errorf("%+v has no user", e)
		}
		list = append(list, line)
	}
	return list
}

func (b *bench) wantLog(got []string, want string) {
	b.Helper()
	if strings.TrimSpace(strings.Join(got, "\n")) != strings.TrimSpace(want) {
		b.Errorf("the log says\n%s", strings.Join(got, "\n"))
	}
}

func TestHowAnInterviewIsHeldIsRecordedAndSent(t *testing.T) {
	b := start(t)
	f := readForm(t, watched)
	b.ports.Questionnaires = questionnaires{f}
	b.show("es")
	b.tap("new")
	b.clock.pass(100 * time.Millisecond)
	b.tap("next") // the owner is missing
	b.typed("box:owner", "Ana")
	b.clock.pass(time.Second)
	b.tap("next")
	b.typed("box:land/size", "3")
	b.clock.pass(time.Second)
	b.tap("next")
	for !b.has("add") {
		b.tap("next")
	}
	b.clock.pass(50 * time.Millisecond)
	b.tap("add")
	cow := looktest.Under(b.window, "box:")
	b.typed("box:"+cow[0], "Rosa")
	b.clock.pass(time.Second)
	b.tap("home")
	id := b.only().ID

	b.tap("interview:" + id.String())
	b.clock.pass(10 * time.Millisecond)
	for !b.has("finalize") {
		b.tap("next")
	}
	b.clock.pass(200 * time.Millisecond)
	b.tap("finalize")
	b.wantLog(b.audit(id), `
form start 
question /data/owner 1100ms →Ana
constraint error /data/owner
group questions /data/land 1000ms
question /data/land/size 1000ms →3
question /data/land/crop 1000ms
question /data/cow[1]/called 0ms
add repeat /data/cow[2] 50ms
question /data/cow[2]/called 1000ms →Rosa
form save 
form exit 
form resume 
question /data/cow[2]/called 10ms
end screen  200ms
form save 
form exit 
form finalize `)

	b.tap("interview:" + id.String())
	b.tap("correct")
	for !b.has("box:owner") {
		b.tap("previous")
	}
	b.typed("box:owner", " María")
	b.clock.pass(time.Second)
	for !b.has("finalize") {
		b.tap("next")
	}
	b.tap("finalize")
	log := b.audit(id)
	if !strings.Contains(strings.Join(log, "\n"), "form finalize \nform resume ") || !strings.Contains(strings.Join(log, "\n"), "question /data/owner 1000ms Ana→Ana María") {
		t.Errorf("the log of a corrected interview goes on: %q", log)
	}
}

// Power cuts take no more of the log than of the answers.
func TestTheLogSurvivesAPowerCut(t *testing.T) {
	b := start(t)
	b.ports.Questionnaires = questionnaires{readForm(t, watched)}
	b.show("es")
	b.tap("new")
	b.typed("box:owner", "Ana")
	b.clock.pass(time.Second)
	b.kill()
	b.open("es")
	traces, err := b.ports.Shelf.Traces(b.only().ID)
	if err != nil {
		t.Fatal(err)
	}
	var events []paradata.Event
	for _, trace := range traces {
		e, err := paradata.Parse(trace.Line)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	b.wantLog(short(b, events), "form start \nquestion /data/owner 1000ms →Ana")
}

func TestAFullDiskLosesNothingOfTheLog(t *testing.T) {
	b := start(t)
	disk := &fullDisk{Keeper: b.ports.Keeper}
	b.ports.Keeper = disk
	b.ports.Questionnaires = questionnaires{readForm(t, watched)}
	b.show("es")
	b.tap("new")
	disk.full = true
	b.typed("box:owner", "Ana")
	b.clock.pass(time.Second)
	b.tap("next")
	b.tap("previous")
	disk.full = false
	b.typed("box:owner", " Eva")
	b.clock.pass(time.Second)
	for !b.has("finalize") {
		b.tap("next")
	}
	b.tap("finalize")
	log := strings.Join(b.audit(b.only().ID), "\n")
	for _, line := range []string{"form start ", "question /data/owner 1000ms →Ana\n", "question /data/owner 1000ms Ana→Ana Eva\n"} {
		if !strings.Contains(log, line) {
			t.Errorf("%q is lost:\n%s", line, log)
		}
	}
}

func TestTheNextInterviewKnowsTheLast(t *testing.T) {
	b := start(t)
	b.ports.Questionnaires = questionnaires{readForm(t, watched)}
	b.show("es")
	b.tap("new")
	if got := b.written("box:owner"); got != "" {
		t.Errorf("before the first: %q", got)
	}
	b.typed("box:owner", "Ana")
	b.clock.pass(time.Second)
	for !b.has("finalize") {
		b.tap("next")
	}
	b.tap("finalize")
	b.tap("new")
	if got := b.written("box:owner"); got != "Ana" {
		t.Errorf("the last one said Ana, the next begins with %q", got)
	}
}
