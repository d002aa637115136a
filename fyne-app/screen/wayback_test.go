package screen_test

import (
	"maps"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/survey/store"
)

// herd has what an interview can lose on its way back: questions that are asked no more, a group left out, a note, what is calculated, and what is calculated and
// may be answered otherwise.
const herd = `
| survey |
| | type | name | label::Español (es) | relevant | calculation |
| | text | owner | ¿Quién es el dueño? | | |
| | select_one yn | keeps | ¿Tiene vacas? | | |
| | integer | cows | ¿Cuántas vacas? | ${keeps} = 'yes' | |
| | begin group | milk | Leche | ${keeps} = 'yes' | |
| | text | buyer | ¿Quién la compra? | | |
| | end group | | | | |
| | text | why | ¿Por qué no? | ${keeps} = 'no' | |
| | integer | goats | ¿Cuántas cabras? | | |
| | note | thanks | Gracias | | |
| | integer | animals | ¿Cuántos animales en total? | | coalesce(${cows}, 0) + coalesce(${goats}, 0) |
| | calculate | many | | | if(${animals} > 10, 1, 0) |
| | end | done | | | |
| choices |
| | list_name | name | label::Español (es) |
| | yn | yes | Sí |
| | yn | no | No |
| settings |
| | form_id | form_title | version | default_language |
| | herd | Animales | 1 | Español (es) |
`

// give types an answer into the box of a question, wherever that is from here.
func (b *bench) give(question, text string) {
	b.Helper()
	b.reach("box:" + question)
	b.typed("box:"+question, text)
	b.clock.pass(time.Second)
}

// reach turns pages forward until there is something.
func (b *bench) reach(tag string) {
	b.Helper()
	for pages := 0; !b.has(tag); pages++ {
		if pages > 20 {
			b.Fatalf("no page has %q", tag)
		}
		b.tap("next")
	}
}

// merged is what the centre makes of all that was sent of the only interview, and how many answers of people that has.
func (b *bench) merged() (m record.Merged, given int) {
	b.Helper()
	sent, err := b.store().History(b.only().ID)
	if err != nil {
		b.Fatal(err)
	}
	there := record.NewHistory(b.only().ID)
	for _, r := range sent.Revisions() {
		if _, err := there.Add(r); err != nil {
			b.Fatal(err)
		}
	}
	m = there.Merge()
	for p, v := range m.Answers {
		if !m.Derived[p] && v.Kind() != record.Instance {
			given++
		}
	}
	return m, given
}

// An interview is finished, sent, returned, corrected, sent again: all that was answered to what is asked is there as it was, but for the correction, and the app counts
// the answers that were sent, before and after.
func TestNoAnswerIsLostOnTheWayBack(t *testing.T) {
	b := start(t)
	b.ports.Questionnaires = &versions{readForm(t, herd)}
	b.show("es")
	b.tap("new")
	b.give("owner", "Luz")
	b.reach("choice:keeps:yes")
	b.tap("choice:keeps:yes")
	b.give("cows", "12")
	b.give("milk/buyer", "La cooperativa")
	for !b.has("choice:keeps:no") { // on second thoughts
		b.tap("previous")
	}
	b.tap("choice:keeps:no")
	b.give("why", "Se vendieron")
	b.give("goats", "3")
	b.give("animals", "1") // behind the 3 that is calculated: there are hens, too
	if got := b.kept("animals"); got != "31" {
		t.Fatalf("animals: %s", got)
	}
	b.reach("finalize")
	b.want(b.say("es", "end.left_out", 2)) // the cows, and who buys the milk
	b.tap("finalize")
	before, given := b.merged()
	want := record.Answers{"owner": record.NewText("Luz"), "keeps": record.NewText("no"), "why": record.NewText("Se vendieron"), "goats": record.NewInteger(3),
		"animals": record.NewInteger(31), "many": record.NewText("1"), "done": before.Answers["done"]}
	if !maps.Equal(before.Answers, want) || given != 5 {
		t.Fatalf("sent: %v, %d of them given", before.Answers, given)
	}
	b.counts(given)
	b.central()

	b.arrive(record.Verdict{Interview: b.only().ID, Knows: record.Vector{b.ports.Env().Device: 1}, Decision: record.Returned,
		Comments: []record.Comment{{Path: "owner", Text: "¿Luz qué?"}}, Said: record.Said{By: "Inés", Device: "K", At: b.clock.now}}.Entry())
	b.app.Home()
	b.counts(given)
	b.tap("comment:owner")
	b.typed("box:owner", " Marina")
	b.clock.pass(time.Second)
	b.kill() // what the draft holds is all that is left of it
	b.tablets(t)
	b.tap("interview:" + b.only().ID.String())
	b.reach("finalize")
	b.tap("finalize")
	after, given := b.merged()
	want["owner"], want["done"] = record.NewText("Luz Marina"), after.Answers["done"]
	if !maps.Equal(after.Answers, want) || !maps.Equal(after.Derived, before.Derived) || given != 5 {
		t.Errorf("corrected: %v, calculated %v, %d given", after.Answers, after.Derived, given)
	}
	b.counts(given)
	b.central()
	b.counts(given)
	if i := b.only(); i.State != store.Sent {
		t.Errorf("it is %s", i.State)
	}
}

// tablets opens the app again, with the form of the test.
func (b *bench) tablets(t *testing.T) {
	t.Helper()
	b.open("es")
	b.ports.Questionnaires = &versions{readForm(t, herd)}
	b.show("es")
}

// counts looks at how many answers the page of the interview tells of.
func (b *bench) counts(n int) {
	b.Helper()
	i := b.only()
	b.app.Home()
	b.tap("interview:" + i.ID.String())
	if i.Answered != n {
		b.Errorf("it has %d answers, the app counts %d", n, i.Answered)
	}
}
