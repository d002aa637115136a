package transfer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vereda/survey/goldentest"
	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// exchangeOfV1 makes the exchange of testdata/v1: a tablet (seed 02…) brings one revision to the central collector (seed 04…) of the project (seed 01…).
func exchangeOfV1(t *testing.T) (request, signature, answered []byte, asked ask, entries []record.Entry, id record.ID) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key := func(seed byte) device.Key {
		k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
		must(err)
		return k
	}
	at := time.Date(2026, 11, 23, 13, 30, 0, 123e6, time.UTC)
	const name, archive = "0193a5b2-7d1c-7000-8000-0000000000aa", "0193a5b2-7d1c-7000-8000-0000000000bb"
	sealer := func(seed byte, role device.Role) batch.Sealer {
		c, err := device.Issue(key(1), device.Claims{Project: name, Device: key(seed).Public(), Name: "somebody", Role: role, From: at, Until: at.AddDate(2, 0, 0)})
		must(err)
		return batch.Sealer{Project: name, Key: key(seed), Certificate: c}
	}
	tablet, centre := sealer(2, device.Enumerator), sealer(4, device.Collector)
	r, err := record.Seal(record.Body{V: 1, Interview: [16]byte{15: 1}, Form: "household", Version: "1", Device: string(key(2).ID()), N: 1, At: at, Final: true,
		Set: record.Answers{"head": record.NewText("María Quispe")}})
	must(err)
	entries = []record.Entry{r.Entry()}
	var up, down bytes.Buffer
	id, err = tablet.Seal(&up, entries, nil)
	must(err)
	setting, err := record.Setting{Name: "keep", Value: []byte("60"), Said: record.Said{By: "Rosa", Device: string(key(4).ID()), At: at}}.Entry()
	must(err)
	_, err = centre.Seal(&down, []record.Entry{setting}, nil)
	must(err)
	asked = ask{V: protocol, Project: name, Device: key(2).ID(), Certificate: json.RawMessage(tablet.Certificate), At: at, Nonce: "7QK2M5ABCDEFGHJK",
		Want: want{Entries: 2048, Bytes: 256 << 10}, Cursors: map[string]uint64{archive: 17}, To: addressee(strings.Repeat("ab", 32))}
	first, err := json.Marshal(asked)
	must(err)
	request = join(first, up.Bytes())
	receipts := []record.Receipt{{Entry: entries[0].ID(), Status: record.Stored}}
	central, err := Acknowledgement(archive, key(2).ID(), id, receipts).Signature(key(1))
	must(err)
	told, err := json.Marshal(answer{V: protocol, At: at.Add(time.Second), Nonce: asked.Nonce, Archive: archive, Name: "Centro", Receipts: [][]device.Run{runs(receipts)}, Central: [][]byte{central}, Cursor: 18})
	must(err)
	return request, []byte(base64.StdEncoding.EncodeToString(sign(key(2), request))), join(told, down.Bytes()), asked, entries, id
}

// What version 1 sent is read: the bytes of a request, its signature's header and the answer, for another implementation. (Another compressor makes
// other bytes of the same batch.)
func TestVectors(t *testing.T) {
	request, signature, told, asked, entries, id := exchangeOfV1(t)
	kept := map[string][]byte{"request.bin": request, "request.signature": signature, "answer.bin": told}
	for name, made := range kept {
		kept[name] = goldentest.Kept(t, filepath.Join("testdata/v1", name), made)
	}
	parts, err := split(kept["request.bin"], maxAsk)
	if err != nil || len(parts) != 2 {
		t.Fatal(len(parts), err)
	}
	got, err := readAsk(parts[0])
	if err != nil || got.Nonce != asked.Nonce {
		t.Fatalf("%+v, %v", got, err)
	}
	opener := batch.Opener{Project: asked.Project, ProjectKey: projectOfV1(t)}
	b, err := opener.Open(bytes.NewReader(parts[1]))
	if err != nil || b.ID != id || len(b.Entries) != 1 || b.Entries[0].ID() != entries[0].ID() {
		t.Fatalf("%+v, %v", b, err)
	}
	sum := sha256.Sum256(kept["request.bin"])
	raw, err := base64.StdEncoding.DecodeString(string(kept["request.signature"]))
	if err != nil || !device.Verify(b.Device.Device, "exchange", sum[:], raw) {
		t.Error("the signature is of another request", err)
	}
	a, down, err := readAnswer(kept["answer.bin"], asked, entries)
	if err != nil || len(down) != 1 || a.Cursor != 18 {
		t.Fatalf("%+v, %v", a, err)
	}
	statement, err := Acknowledgement(a.Archive, b.Device.ID(), id, a.receipts).Statement(a.Central[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := device.OpenReceipt(statement, projectOfV1(t)); err != nil {
		t.Error(err)
	}
	if b, err := opener.Open(bytes.NewReader(down[0])); err != nil || b.Entries[0].Kind != record.KindSetting {
		t.Errorf("%+v, %v", b, err)
	}
}

func projectOfV1(t *testing.T) []byte {
	k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k.Public()
}
