package seal

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"vereda/survey/goldentest"
)

// lockOfV1 is testdata/v1/lock.json: a lock, what opens it, and a value that is sealed under its key. All randomness is of fixed seeds.
type lockOfV1 struct {
	Lock   json.RawMessage `json:"lock"`
	PIN    string          `json:"pin"`
	Code   string          `json:"code"`   // of the recovery
	Key    string          `json:"key"`    // hexadecimal, as all that follows
	Place  string          `json:"place"`  // of the value
	Value  string          `json:"value"`  // before it was sealed
	Sealed string          `json:"sealed"` // without the store's checksum
}

func makeLock(t *testing.T) lockOfV1 {
	t.Helper()
	v := lockOfV1{PIN: "2468", Code: "1234-567Y 1234-567Y 1234-567Y"}
	k := key(t, 1)
	c := NewCipher(k, chance(2))
	var l Lock
	err := l.SetPIN(k, v.PIN, Least, chance(3))
	if err == nil {
		l.Recovery, err = NewRecovery(k, v.Code, "age1", []byte("request"), chance(4))
	}
	if err == nil {
		err = l.SetMode(On, c)
	}
	if err == nil {
		v.Lock, err = json.Marshal(l)
	}
	place, value := []byte("answers\x00head"), []byte("María")
	sealed, err2 := c.Seal(place, value)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	v.Key, v.Place, v.Value, v.Sealed = hex.EncodeToString(k[:]), hex.EncodeToString(place), hex.EncodeToString(value), hex.EncodeToString(sealed)
	return v
}

// What version 1 locked and sealed stays what it locks and seals, and opens by PIN and by code.
func TestVectors(t *testing.T) {
	var v lockOfV1
	if err := json.Unmarshal(goldentest.SameJSON(t, "testdata/v1/lock.json", makeLock(t)), &v); err != nil {
		t.Fatal(err)
	}
	l, err := ParseLock(v.Lock)
	if err != nil {
		t.Fatal(err)
	}
	byPIN, err := l.PIN.Open(v.PIN)
	if err != nil {
		t.Fatal(err)
	}
	byCode, err := l.Recovery.Open(v.Code)
	if err != nil || *byPIN != *byCode || hex.EncodeToString(byPIN[:]) != v.Key {
		t.Fatalf("PIN and code open different keys, or others than %s: %v", v.Key, err)
	}
	c := NewCipher(byPIN, nil)
	if err := l.CheckMode(c); err != nil {
		t.Error(err)
	}
	place, _ := hex.DecodeString(v.Place)
	sealed, _ := hex.DecodeString(v.Sealed)
	if value, err := c.Open(place, sealed); err != nil || hex.EncodeToString(value) != v.Value {
		t.Errorf("%x, %v", value, err)
	}
}
