package main

import (
	"bytes"
	"log"
	"os"
	"testing"
)

func TestPrepareGivesTheToolkitALocaleItCanParse(t *testing.T) {
	for _, test := range []struct{ all, lang, want string }{
		{"", "", "es_ES.UTF-8"}, {"", "C", "es_ES.UTF-8"}, {"", "C.UTF-8", "es_ES.UTF-8"}, {"POSIX", "fr_FR.UTF-8", "es_ES.UTF-8"}, {"", "pt_BR.UTF-8", "pt_BR.UTF-8"},
	} {
		t.Setenv("LC_ALL", test.all)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", test.lang)
		t.Setenv("XDG_SESSION_TYPE", "x11")
		prepare()
		if got := os.Getenv("LANG"); got != test.want {
			t.Errorf("LC_ALL=%q LANG=%q: %q, want %q", test.all, test.lang, got, test.want)
		}
	}
	log.SetOutput(os.Stderr)
}

func TestQuietPassesOnEverythingElse(t *testing.T) {
	var out bytes.Buffer
	l := log.New(&quiet{to: &out}, "", 0)
	l.Println("Fyne error:  failed to watch theme settings")
	l.Println("  Cause: no bus")
	l.Println("  At: app.go:1")
	l.Println("Fyne error:  another one")
	l.Println("  Cause: a fault")
	l.Println("  At: app.go:2")
	if got, want := out.String(), "Fyne error:  another one\n  Cause: a fault\n  At: app.go:2\n"; got != want {
		t.Errorf("%q", got)
	}
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"-size", "800x1280", "-data", "x", "-lang", "pt"})
	if err != nil || o.size.Width != 800 || o.size.Height != 1280 || o.data != "x" || o.language != "pt" {
		t.Errorf("%+v, %v", o, err)
	}
	for _, size := range []string{"800", "axb", "10x10", ""} {
		if _, err := parse([]string{"-size", size}); err == nil {
			t.Errorf("-size %q is taken", size)
		}
	}
}
