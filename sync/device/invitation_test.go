package device_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"vereda/sync/device"
)

func invitation(t testing.TB) device.Invitation {
	code, err := device.NewCode(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	return device.Invitation{V: 1, Address: "https://192.168.1.5:8443", Fingerprint: strings.Repeat("0123456789abcdef", 4),
		Project: newKey(t, 1).Public(), Code: code}
}

func TestLinkGoesThroughPeoplesHands(t *testing.T) {
	want := invitation(t)
	link := want.Link()
	for _, s := range []string{link, strings.ToUpper(link), "  " + link[:60] + "\n" + link[60:] + "\u200b\r\n"} {
		if got, err := device.ParseLink(s); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	if len(link) > 240 {
		t.Errorf("%d characters make a coarse QR code", len(link))
	}
	public := want
	public.Fingerprint, public.Address, public.Code = "", "HTTPS://Vereda.Example.ORG/Norte", strings.ToLower(want.Code)
	got, err := device.ParseLink(public.Link())
	if err != nil || got.Address != "https://vereda.example.org/Norte" || got.Code != want.Code || got.Fingerprint != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A damaged link is an error, or (a changed case) the same invitation; never another one.
func TestDamagedLinksAreRefused(t *testing.T) {
	want := invitation(t)
	link := want.Link()
	check := func(what string, i int, damaged string) {
		got, err := device.ParseLink(damaged)
		var e *device.TextError
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%s %d: %v", what, i, err)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s %d: %q is taken for %+v", what, i, damaged, got)
		}
	}
	for n := range link {
		check("cut to", n, link[:n])
		if _, err := device.ParseLink(link[:n]); err == nil {
			t.Errorf("cut to %d: accepted", n)
		}
	}
	forEachBitFlip([]byte(link), func(bit int, damaged []byte) { check("bit", bit, string(damaged)) })
}

func TestLinksOfAnotherSort(t *testing.T) {
	good := invitation(t).Link()
	for s, reason := range map[string]device.TextReason{
		"":                                       device.NotALink,
		"https://example.org/join":               device.NotALink,
		"vereda://leave?v=1":                     device.NotALink,
		"vereda://join":                          device.Incomplete,
		strings.Replace(good, "v=1", "v=2", 1):   device.NewerLink,
		strings.Replace(good, "https", "ftp", 1): device.Incomplete,
		strings.Replace(good, "192.168", "192.169", 1): device.WrongCheck,
		strings.Replace(good, "&f=0123", "&f=0124", 1): device.WrongCheck,
		strings.Replace(good, "&f=0123", "&f=", 1):     device.Incomplete,
		strings.Repeat("x", 1<<20):                     device.WrongLength,
	} {
		var e *device.TextError
		if _, err := device.ParseLink(s); !errors.As(err, &e) || e.Reason != reason {
			t.Errorf("%.80q: want %s, got %v", s, reason, err)
		}
	}
}
