package quality_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"vereda/survey/quality"
)

func TestNames(t *testing.T) {
	const same, similar, partly = 0.93, 0.83, 0.66
	for _, c := range []struct {
		a, b     string
		from, to float64
	}{
		{"José Luis Pérez García", "JOSE LUIS PEREZ GARCIA", 1, 1},
		{"José Luis Pérez García", "Pérez García, José Luis", 1, 1},
		{"María de los Ángeles Ruiz", "Maria Angeles Ruiz", 1, 1},
		{"João da Silva", "Joao Silva", 1, 1},
		{"D'Angelo Ruiz", "Angelo Ruiz", 1, 1},
		{"Ma. Quispe", "María Kispe", same, 1},
		{"Jn Baptiste Désir", "Jean Baptiste Desir", 1, 1},
		{"Valentina Castillo", "Balentina Castiyo", same, 1},
		{"Ximena", "Jimena", similar - 0.1, 1},
		{"Rosa Mamani Quispe", "Rosa Mamnai Quispe", same, 1},
		{"Rosa Quispe", "R. Quispe", similar, same},
		{"Rosa", "Rosa Quispe Mamani", similar, same},                  // one word beside several
		{"Rosa", "Luis", 0, partly},                                    // others
		{"Juan", "Jean", 0, same},                                      // vowels tell them apart
		{"María", "Mireille", 0, similar},                              //
		{"Yessenia Choque García", "Blanca Choque García", 0, similar}, // sisters
		{"Pedro Flores Rojas", "Pedro Flores Ticona", 0, similar},      // cousins
		{"", "Rosa", 0, 0},
		{"王芳", "王芳", 1, 1},
		{"王芳", "李伟", 0, partly},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := quality.Likeness(pair[0], pair[1]); got < c.from || got > c.to {
				t.Errorf("%q and %q are %.3f alike, not %.2f to %.2f", pair[0], pair[1], got, c.from, c.to)
			}
		}
	}
}

func TestSounds(t *testing.T) {
	for _, same := range []string{"Vázquez Basques Básquez", "Quispe Kispe", "Guevara Guebara", "Yolanda Llolanda", "Hernández Ernandes", "Philippe Filipe", "Geraldo Jeraldo", "Cesar Sesar Zezar"} {
		words := strings.Fields(same)
		for _, other := range words[1:] {
			if !quality.Sounds(words[0], other) {
				t.Errorf("%s and %s do not sound the same", words[0], other)
			}
		}
	}
	for _, other := range []string{"Juan Jean", "Luz Luis", "Ana Ena"} {
		if words := strings.Fields(other); quality.Sounds(words[0], words[1]) {
			t.Errorf("%s and %s sound the same", words[0], words[1])
		}
	}
}

func TestCodesAndTelephones(t *testing.T) {
	for in, want := range map[string]string{"A-007": "a7", "a 7": "a7", "05-01": "5-1", "5 1": "5-1", "0501": "501", "co-05-001-0012": "co5-1-12", "100": "100", "000": "", "0-0": "", " ": "", "n.º 12": "no12", "UPM0": "upm0"} {
		if got := quality.CodeOf(in); got != want {
			t.Errorf("the code %q is %q, not %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"+57 300 123 4567": "01234567", "300-1234567": "01234567", "234-5678": "2345678", "12345": "", "99999999": "", "no tiene": "", "+509 37 01 2345": "37012345"} {
		if got := quality.PhoneOf(in); got != want {
			t.Errorf("the telephone %q is %q, not %q", in, got, want)
		}
	}
}

// TestTheBoundHolds: what is not compared because of the bound would not have been alike.
func TestTheBoundHolds(t *testing.T) {
	letters := rapid.StringMatching(`[a-eñ]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		if alike, atMost := quality.Bound(a, b); alike > atMost+1e-9 || alike < 0 || alike > 1 {
			t.Fatalf("%q and %q are %f alike, at most %f", a, b, alike, atMost)
		}
	})
}

func FuzzNormalisation(f *testing.F) {
	for _, s := range []string{"", "José de la Ñ", "ŒUVRE", "ß", "İstanbul", "n.º 007", "٣٤", "a\u0301", "\xff\xfe", "ﬁ", "Ǆ", strings.Repeat("ab", 100), "王芳", "\u1E9E"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := quality.Folded(s)
		if again := quality.Folded(folded); again != folded {
			t.Errorf("%q folds to %q, and that to %q", s, folded, again)
		}
		if utf8.ValidString(s) && !utf8.ValidString(folded) {
			t.Errorf("%q folds to %q", s, folded)
		}
		code := quality.CodeOf(s)
		if again := quality.CodeOf(code); again != code {
			t.Errorf("the code of %q is %q, and that of this %q", s, code, again)
		}
		if p := quality.PhoneOf(s); len(p) > 8 || p != quality.PhoneOf(p) {
			t.Errorf("the telephone of %q is %q", s, p)
		}
		if l := quality.Likeness(s, s); l != 1 && (l != 0 || strings.TrimSpace(folded) != "") {
			t.Errorf("%q is %f like itself", s, l)
		}
		if l := quality.Likeness(s, "José "+s+" Pérez"); l < 0 || l > 1 {
			t.Errorf("%q: %f", s, l)
		}
	})
}
