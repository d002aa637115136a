package screen_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/skip2/go-qrcode"

	"vereda/fyne-app/screen"
	"vereda/survey/words"
)

// place is a network with what a test puts there.
type place struct {
	found []screen.Neighbour
	err   error
	later func()
	hold  bool
}

func (p *place) Look(done func([]screen.Neighbour, error)) {
	p.later = func() { done(p.found, p.err) }
	if !p.hold {
		p.later()
	}
}

func TestNearbyNamesEachAndSendsToTheCheckedAlone(t *testing.T) {
	for _, language := range words.Languages {
		sent := 0
		p := &place{hold: true, found: []screen.Neighbour{
			{Name: "Valle", Address: "https://192.168.1.5:8090", State: screen.Checked, Send: func() { sent++ }},
			{Name: "Norte", Address: "https://192.168.1.6:8090", State: screen.Unproven},
			{Name: "Sur", Address: "https://192.168.1.7:8090", State: screen.Silent},
			{Name: "Otro", Address: "https://192.168.1.8:8090", State: screen.Foreign},
		}}
		b := start(t)
		b.ports.Nearby = p
		b.show(language)
		b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 4})
		b.tap("sync")
		b.tap("nearby")
		b.want(b.say(language, "nearby.searching"))
		p.later()
		for state, name := range map[string]string{"send": "Valle", "unproven": "Norte", "silent": "Sur", "foreign": "Otro"} {
			b.want(b.say(language, "nearby."+state, name))
		}
		b.picture("nearby-" + language)
		b.tap("send:https://192.168.1.5:8090")
		if sent != 1 || !b.has("send") {
			t.Errorf("sent %d times", sent)
		}
		p.hold, p.found = false, nil
		b.tap("nearby")
		b.want(b.say(language, "nearby.none"))
		p.err = errors.New("sin red")
		b.tap("again")
		b.want("sin red")
	}
}

func TestAnInvitationIsReadFromAFileOrAPicture(t *testing.T) {
	const link = "vereda://join?v=1&a=https%3A%2F%2F192.168.1.5%3A8090&p=0&c=K7M4-P2QX&k=12345678"
	places := t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(places, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, err := qrcode.Encode(link, qrcode.Medium, 300)
	if err != nil {
		t.Fatal(err)
	}
	write("norte.vereda", []byte("Proyecto Norte\r\n"+link+"\r\nválida 7 días\r\n"))
	write("foto.png", code)
	write("otra.txt", []byte("nada"))
	b := start(t)
	d := &door{}
	b.ports.Door, b.ports.Stick = d, &carrier{places: []string{places}}
	b.show("es")
	b.tap("sync")
	b.typed("box:name", "Rosa")
	for _, name := range []string{"norte.vereda", "foto.png"} {
		b.typed("box:link", "")
		b.tap("join-file")
		b.tap("place:" + places)
		b.tap("file:" + name)
		if got := b.written("box:link"); got != link {
			t.Errorf("%s: %q", name, got)
		}
	}
	b.ports.Stick.(*carrier).places = nil // without a stick one begins in one's own folder
	t.Setenv("HOME", places)
	t.Setenv("USERPROFILE", places)
	b.tap("join-file")
	b.tap("back")
	b.want(b.say("es", "join.title"))
	b.tap("join-file")
	b.tap("file:otra.txt")
	b.want(b.say("es", "join.error.file"))
	b.picture("join-es")
	for _, problem := range []string{"unknown-invitation", "invitation-expired", "invitation-used", "revoked", "ask-central", "too-many"} {
		d.reason = &screen.JoinError{Code: "refused", Detail: problem}
		b.tap("enter")
		b.want(b.say("es", "join.error."+problem))
	}
	d.reason = &screen.JoinError{Code: "refused", Detail: "role"}
	b.tap("enter")
	b.want(b.say("es", "join.error.refused", "role"))
	for _, code := range []string{"foreign", "busy"} {
		d.reason = &screen.JoinError{Code: code}
		b.tap("enter")
		b.want(b.say("es", "join.error."+code))
	}
	d.reason = &screen.JoinError{Code: "newer"}
	b.tap("enter")
	b.want(b.say("es", "join.error.newer"))
}
