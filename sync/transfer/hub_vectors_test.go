package transfer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"vereda/survey/goldentest"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// relayOfV1 makes the exchange between collectors of testdata/v1: a hub (seed 06…) brings the tablet's batch of request.bin to the centre, whose answer brings that of
// answer.bin by its place.
func relayOfV1(t *testing.T) (request, signature, answered []byte, asked ask) {
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
	body, _, told, tablet, _, id := exchangeOfV1(t)
	up, err := split(body, maxAsk)
	must(err)
	down, err := split(told, maxAnswer)
	must(err)
	const archive, own = "0193a5b2-7d1c-7000-8000-0000000000bb", "0193a5b2-7d1c-7000-8000-0000000000cc"
	certificate, err := device.Issue(key(1), device.Claims{Project: tablet.Project, Device: key(6).Public(), Name: "Valle", Role: device.Collector, From: tablet.At, Until: tablet.At.AddDate(2, 0, 0)})
	must(err)
	ahead, at := -1500*time.Millisecond, tablet.At.Add(time.Hour)
	asked = ask{V: protocol, Project: tablet.Project, Device: key(6).ID(), Certificate: json.RawMessage(certificate), At: at, Nonce: "ABCDEFGHJK7QK2M5",
		Want: want{Entries: MostRelayed, Bytes: 256 << 10}, Cursors: map[string]uint64{archive: 17}, Batches: true, From: own, Parts: []carried{{Ahead: milliseconds(&ahead)}}, To: tablet.To}
	first, err := json.Marshal(asked)
	must(err)
	request = join(first, up[1])
	stored := []device.Run{{Status: "stored", Count: 1}}
	central, err := device.Receipt{Archive: archive, Device: key(2).ID(), Batch: id.String(), Runs: stored}.Signature(key(1))
	must(err)
	part, err := json.Marshal(answer{V: protocol, At: at.Add(time.Second), Nonce: asked.Nonce, Archive: archive, Name: "Centro", Receipts: [][]device.Run{stored}, Central: [][]byte{central},
		Cursor: 18, Parts: []carried{{Place: 18}}})
	must(err)
	return request, []byte(base64.StdEncoding.EncodeToString(sign(key(6), request))), join(part, down[1]), asked
}

// What version 1 sent between collectors is read.
func TestHubVectors(t *testing.T) {
	request, signature, told, asked := relayOfV1(t)
	kept := map[string][]byte{"hub-request.bin": request, "hub-request.signature": signature, "hub-answer.bin": told}
	for name, made := range kept {
		kept[name] = goldentest.Kept(t, filepath.Join("testdata/v1", name), made)
	}
	parts, err := split(kept["hub-request.bin"], maxAsk)
	if err != nil || len(parts) != 2 {
		t.Fatal(len(parts), err)
	}
	got, err := readAsk(parts[0])
	if err != nil || !got.Batches || got.From != asked.From || got.To != asked.To || !reflect.DeepEqual(got.Parts, asked.Parts) {
		t.Fatalf("%+v, %v", got, err)
	}
	claims, err := device.Certificate(got.Certificate).Open(projectOfV1(t))
	sum := sha256.Sum256(kept["hub-request.bin"])
	raw, err2 := base64.StdEncoding.DecodeString(string(kept["hub-request.signature"]))
	if err != nil || err2 != nil || claims.Role != device.Collector || !device.Verify(claims.Device, "exchange", sum[:], raw) {
		t.Errorf("the signature is of another request: %v, %v", err, err2)
	}
	a, _, err := readPeerAnswer(kept["hub-answer.bin"], asked, 1)
	if err != nil || a.Cursor != 18 || len(a.Down) != 1 || a.Down[0].Place != 18 {
		t.Fatalf("%+v, %v", a, err)
	}
	opener := batch.Opener{Project: asked.Project, ProjectKey: projectOfV1(t)}
	for _, b := range [][]byte{parts[1], a.Down[0].Raw} {
		if _, err := opener.Open(bytes.NewReader(b)); err != nil {
			t.Error(err)
		}
	}
}
