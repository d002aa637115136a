package seal

import (
	"bytes"
	cryptorand "crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/rand"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
	"pgregory.net/rapid"
)

func chance(seed int64) *rand.Rand { return rand.New(rand.NewSource(seed)) }

func key(t testing.TB, seed int64) *Key {
	t.Helper()
	k, err := NewKey(chance(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedOpensInItsPlaceOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value, place := rapid.SliceOf(rapid.Byte()).Draw(t, "value"), rapid.SliceOf(rapid.Byte()).Draw(t, "place")
		k, err := NewKey(chance(1))
		if err != nil {
			t.Fatal(err)
		}
		c := NewCipher(k, chance(rapid.Int64().Draw(t, "seed")))
		sealed, err := c.Seal(place, value)
		if err != nil || len(sealed) != len(value)+Overhead {
			t.Fatal(len(sealed), err)
		}
		if got, err := c.Open(place, sealed); err != nil || !bytes.Equal(got, value) {
			t.Fatal(got, err)
		}
		if again, _ := c.Seal(place, value); bytes.Equal(again, sealed) {
			t.Fatal("two values are sealed alike")
		}
		if _, err := c.Open(append(bytes.Clone(place), 0), sealed); !errors.Is(err, ErrOpen) {
			t.Fatal("it opens in another place")
		}
		bit := rapid.IntRange(0, len(sealed)*8-1).Draw(t, "bit")
		sealed[bit/8] ^= 1 << (bit % 8)
		if _, err := c.Open(place, sealed); !errors.Is(err, ErrOpen) {
			t.Fatal("it opens with a flipped bit")
		}
		cut := rapid.IntRange(0, len(sealed)-1).Draw(t, "cut")
		if _, err := c.Open(place, sealed[:cut]); !errors.Is(err, ErrOpen) {
			t.Fatal("it opens cut off")
		}
	})
}

// The vector of draft-irtf-cfrg-xchacha-03, A.3.1: nonce, text and tag lie behind each other as they do in a store.
func TestTheFormatIsXChaCha20Poly1305(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	k := (*Key)(unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"))
	sealed := unhex("404142434445464748494a4b4c4d4e4f5051525354555657" +
		"bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452" +
		"2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
	value, err := NewCipher(k, nil).Open(unhex("50515253c0c1c2c3c4c5c6c7"), sealed)
	const want = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
	if err != nil || string(value) != want {
		t.Fatalf("%q, %v", value, err)
	}
}

func lock(t testing.TB) (Lock, *Key) {
	t.Helper()
	k := key(t, 1)
	var l Lock
	if err := errors.Join(l.SetPIN(k, "271828", Least, chance(2)), l.SetMode(On, NewCipher(k, chance(3)))); err != nil {
		t.Fatal(err)
	}
	return l, k
}

func TestALockOpensWithItsPINAndItsCode(t *testing.T) {
	l, k := lock(t)
	r, err := NewRecovery(k, "ABCD", "age1", []byte("request"), chance(4))
	if err != nil {
		t.Fatal(err)
	}
	l.Recovery = r
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = ParseLock(b); err != nil {
		t.Fatal(err)
	}
	if got, err := l.PIN.Open("271828"); err != nil || *got != *k {
		t.Fatal(err)
	}
	if got, err := l.Recovery.Open("ABCD"); err != nil || *got != *k {
		t.Fatal(err)
	}
	for _, wrong := range []string{"271829", "", "2718280"} {
		if _, err := l.PIN.Open(wrong); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
		if _, err := l.Recovery.Open(wrong); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
	}
	if err := l.CheckMode(NewCipher(k, nil)); err != nil {
		t.Fatal(err)
	}
	if l.Mode = TurningOff; !errors.Is(l.CheckMode(NewCipher(k, nil)), ErrOpen) {
		t.Fatal("the mode was changed without the key")
	}
}

// What is written down can be opened by another program: argon2id of the PIN, XChaCha20-Poly1305 of the key with a fixed place.
func TestAPINIsArgon2id(t *testing.T) {
	l, k := lock(t)
	under := argon2.IDKey([]byte("271828"), l.PIN.Salt, l.PIN.Cost.Passes, l.PIN.Cost.Memory, l.PIN.Cost.Threads, 32)
	aead, err := chacha20poly1305.NewX(under)
	if err != nil {
		t.Fatal(err)
	}
	got, err := aead.Open(nil, l.PIN.Key[:24], l.PIN.Key[24:], []byte("vereda pin 1"))
	if err != nil || !bytes.Equal(got, k[:]) {
		t.Fatal(err)
	}
}

func TestWhatIsNoPIN(t *testing.T) {
	for _, pin := range []string{"", "123", "1234567890123", "12a4", "12 4", "١٢٣٤"} {
		var l Lock
		if err := l.SetPIN(key(t, 1), pin, Least, chance(1)); !errors.Is(err, ErrDigits) {
			t.Errorf("%q: %v", pin, err)
		}
	}
}

func TestWaitsGrow(t *testing.T) {
	for n := range 20 {
		if Wait(n) > Wait(n+1) {
			t.Errorf("after %d one waits %v, after one more %v", n, Wait(n), Wait(n+1))
		}
	}
	if Wait(-1) != 0 || Wait(2) != 0 || Wait(3) < 10*time.Second || Wait(1<<30) != 15*time.Minute {
		t.Error(Wait(-1), Wait(2), Wait(3), Wait(1<<30))
	}
}

// A slow tablet gets two passes, a fast one as many as take half a second.
func TestTheCostFitsTheMachine(t *testing.T) {
	for _, c := range []struct {
		one  time.Duration
		want uint32
	}{{2 * time.Second, 2}, {100 * time.Millisecond, 5}, {time.Microsecond, 16}, {-time.Second, 2}} {
		now := time.Unix(0, 0)
		got := Tune(func() time.Time { now = now.Add(c.one); return now })
		if got.Passes != c.want || got.Memory > 64<<10 || got.check() != nil {
			t.Errorf("%v for one pass: %+v", c.one, got)
		}
	}
}

// Whatever a lock says, trying it costs little and ends in an error.
func FuzzParseLock(f *testing.F) {
	l, k := lock(f)
	b, err := json.Marshal(l)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	if l.Recovery, err = NewRecovery(k, "ABCD", "age1", []byte("request"), chance(4)); err != nil {
		f.Fatal(err)
	}
	if b, err = json.Marshal(l); err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ParseLock(b)
		if err != nil {
			return
		}
		if l.PIN.Cost.Memory > 256<<10 || l.PIN.Cost.Passes > 64 {
			t.Fatalf("%+v", l.PIN.Cost)
		}
		if int(l.PIN.Cost.Memory)*int(l.PIN.Cost.Passes) < 1<<12 {
			if _, err := l.PIN.Open("0000"); !errors.Is(err, ErrWrong) {
				t.Fatal(err)
			}
		}
		if _, err := l.Recovery.Open("wrong"); err == nil {
			t.Fatal("a wrong code opened it")
		}
		_ = l.CheckMode(NewCipher(k, nil))
	})
}

// BenchmarkSeal seals and opens an answer, and a chunk of a photo.
func BenchmarkSeal(b *testing.B) {
	for name, size := range map[string]int{"answer": 40, "chunk": 256 << 10} {
		b.Run(name, func(b *testing.B) {
			c := NewCipher(key(b, 1), cryptorand.Reader)
			value, place := make([]byte, size), []byte("answers\x00019d0000-0001-7000-8000")
			b.SetBytes(int64(size))
			for b.Loop() {
				sealed, err := c.Seal(place, value)
				if err == nil {
					_, err = c.Open(place, sealed)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTry tries a PIN at the cost of this machine.
func BenchmarkTry(b *testing.B) {
	l, _ := lock(b)
	l.PIN.Cost = Tune(time.Now)
	b.Logf("%+v", l.PIN.Cost)
	for b.Loop() {
		if _, err := l.PIN.Open("0000"); !errors.Is(err, ErrWrong) {
			b.Fatal(err)
		}
	}
}
