package device_test

import (
	"errors"
	"math/rand"
	"strings"
	"testing"

	"filippo.io/age"

	"vereda/sync/device"
)

func coordinator(t testing.TB) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func recovery(t testing.TB) device.Recovery {
	t.Helper()
	code, err := device.NewRecoveryCode(rand.New(rand.NewSource(1)))
	if err != nil {
		t.Fatal(err)
	}
	return device.Recovery{V: 1, Device: newKey(t, 1).ID(), Code: code}
}

func TestARecoveryGoesThroughPeoplesHands(t *testing.T) {
	r, key := recovery(t), coordinator(t)
	sealed, err := r.Seal(key.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	request := device.RecoveryRequest(sealed)
	if strings.Contains(request, r.Code) || len(request) > 700 {
		t.Fatalf("%d characters: %s", len(request), request)
	}
	folded := " \n" + request[:80] + "\r\n  " + request[80:] + "\n"
	got, err := device.OpenRecovery(folded, key)
	if err != nil || got != r {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := device.OpenRecovery(request, coordinator(t)); !errors.Is(err, device.ErrOtherKey) {
		t.Fatalf("another key: %v", err)
	}
	if code, err := device.ParseRecoveryCode(strings.ToLower(strings.ReplaceAll(r.Code, "-", " "))); err != nil || code != r.Code {
		t.Fatalf("%q, %v", code, err)
	}
}

func TestDamagedRecoveriesAreRefused(t *testing.T) {
	r, key := recovery(t), coordinator(t)
	sealed, err := r.Seal(key.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what, request string) {
		t.Helper()
		_, err := device.OpenRecovery(request, key)
		var text *device.TextError
		if !errors.As(err, &text) && !errors.Is(err, device.ErrOtherKey) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	forEachBitFlip(sealed, func(bit int, damaged []byte) { refused("a flipped bit", device.RecoveryRequest(damaged)) })
	for n := range sealed {
		refused("cut off", device.RecoveryRequest(sealed[:n]))
	}
	refused("something else", "vereda://join?v=1")
	refused("too long", strings.Repeat("x", 1<<20))
	newer := r
	newer.V = 2
	if sealed, err = newer.Seal(key.Recipient().String()); err != nil {
		t.Fatal(err)
	}
	refused("newer", device.RecoveryRequest(sealed))
	if _, err := r.Seal("age1nonsense"); err == nil {
		t.Fatal("sealed to nobody")
	}
}

func TestEveryMisreadingOfARecoveryCodeIsFound(t *testing.T) {
	code := recovery(t).Code
	for i := range code {
		if strings.ContainsRune("- ", rune(code[i])) {
			continue
		}
		for _, other := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
			if byte(other) == code[i] {
				continue
			}
			misread := code[:i] + string(other) + code[i+1:]
			_, err := device.ParseRecoveryCode(misread)
			wantTextError(t, misread, err)
		}
	}
	_, err := device.ParseRecoveryCode(code[:20])
	wantTextError(t, "half a code", err)
}

func FuzzOpenRecovery(f *testing.F) {
	key, err := age.ParseX25519Identity("AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS3290GQ")
	if err != nil {
		key = coordinator(f)
	}
	sealed, err := recovery(f).Seal(key.Recipient().String())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(device.RecoveryRequest(sealed))
	f.Add("vereda://recover?r=YWdlLWVuY3J5cHRpb24ub3JnL3Yx")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := device.OpenRecovery(s, key)
		if err == nil && r != recovery(t) {
			t.Fatalf("%+v", r)
		}
	})
}
