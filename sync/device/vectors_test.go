package device_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"vereda/survey/goldentest"
	"vereda/sync/device"
)

// vectors is testdata/v1/identity.json: what another implementation has to make of the seeds 01… to 04….
type vectors struct {
	Project     string `json:"project_key"` // hexadecimal, of the seed 01 01 … 01
	Device      string `json:"device_key"`  // 02 02 … 02
	Successor   string `json:"successor_key"`
	ID          string `json:"device_id"`
	Kept        string `json:"device_key_kept"` // as it is marshalled
	Certificate string `json:"certificate"`
	Receipt     string `json:"receipt"`
	Announced   string `json:"announcement"` // of the central collector's archive, to every device
	Rotation    string `json:"rotation"`
	Next        string `json:"next_rotation"` // from 03 … to 04 …, behind the other
	Link        string `json:"link"`
	Check       string `json:"check_letters"`      // of the link
	Exchange    string `json:"exchange_signature"` // base64; the device's, of 32 bytes 00 01 … 1f
}

func makeVectors(t *testing.T) vectors {
	project, tablet, successor := newKey(t, 1), newKey(t, 2), newKey(t, 3)
	at := time.Date(2026, 11, 23, 13, 30, 0, 0, time.UTC)
	c := device.Claims{Project: rotated, Device: tablet.Public(), Name: "Inés <Ñ> & Co.", Role: device.Coordinator, From: at, Until: at.AddDate(2, 0, 0), Replaces: []device.ID{newKey(t, 9).ID()}}
	certificate, err := device.Issue(project, c)
	if err != nil {
		t.Fatal(err)
	}
	statement, err := device.SignReceipt(project, receipt(t))
	if err != nil {
		t.Fatal(err)
	}
	announced, err := device.SignReceipt(project, device.Receipt{Archive: receipt(t).Archive, Batch: strings.Repeat("00", 32)})
	if err != nil {
		t.Fatal(err)
	}
	i := device.Invitation{V: 1, Address: "https://192.168.1.5:8443", Fingerprint: hex.EncodeToString(bytes.Repeat([]byte{0xab}, 32)), Project: project.Public(), Code: "1234-567Y"}
	message := make([]byte, 32)
	for n := range message {
		message[n] = byte(n)
	}
	allowed := map[device.ID]device.Allowed{tablet.ID(): {Role: device.Coordinator, Replaces: c.Replaces}, newKey(t, 8).ID(): {}}
	rotation := rotate(t, project, successor, nil, allowed)
	next := rotate(t, successor, newKey(t, 4), rotation, allowed)
	return vectors{hex.EncodeToString(project.Public()), hex.EncodeToString(tablet.Public()), hex.EncodeToString(successor.Public()), string(tablet.ID()),
		hex.EncodeToString(tablet.Marshal()), string(certificate), string(statement), string(announced), string(rotation), string(next), i.Link(), i.Check(),
		base64.StdEncoding.EncodeToString(tablet.Sign("exchange", message))}
}

// A recovery request of version 1 is read with the coordinators' key. (What is encrypted has other bytes each time.)
func TestRecoveryVector(t *testing.T) {
	const file = "testdata/v1/recovery.json"
	var kept struct {
		Key     string    `json:"key"` // the coordinators'
		Request string    `json:"request"`
		Device  device.ID `json:"device"`
		Code    string    `json:"code"`
	}
	if goldentest.Updating() {
		key, r := coordinator(t), recovery(t)
		sealed, err := r.Seal(key.Recipient().String())
		if err != nil {
			t.Fatal(err)
		}
		kept.Key, kept.Request, kept.Device, kept.Code = key.String(), device.RecoveryRequest(sealed), r.Device, r.Code
		goldentest.Write(t, file, goldentest.JSON(t, kept))
	}
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &kept)
	}
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.ParseX25519Identity(kept.Key)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := device.OpenRecovery(kept.Request, key); err != nil || r.Device != kept.Device || r.Code != kept.Code {
		t.Errorf("%+v, %v", r, err)
	}
}

// What version 1 wrote stays what it writes, and is read.
func TestVectors(t *testing.T) {
	got := makeVectors(t)
	var kept vectors
	if err := json.Unmarshal(goldentest.SameJSON(t, "testdata/v1/identity.json", got), &kept); err != nil {
		t.Fatal(err)
	}
	key := newKey(t, 1).Public()
	if _, err := device.Certificate(kept.Certificate).Open(key); err != nil {
		t.Error(err)
	}
	for _, statement := range []string{kept.Receipt, kept.Announced} {
		if _, err := device.OpenReceipt([]byte(statement), key); err != nil {
			t.Error(err)
		}
	}
	tr := trust(t, key, []byte(kept.Rotation), []byte(kept.Next))
	if claims, current, err := tr.Open(device.Certificate(kept.Certificate)); err != nil || current || claims.Role != device.Coordinator {
		t.Errorf("%+v, %v, %v", claims, current, err)
	}
	if i, err := device.ParseLink(kept.Link); err != nil || i.Link() != kept.Link {
		t.Errorf("%+v, %v", i, err)
	}
}
