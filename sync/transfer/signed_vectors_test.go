package transfer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"vereda/survey/goldentest"
	"vereda/survey/record"
	"vereda/sync/device"
)

// signedOfV1 is testdata/v1/signed.json: what is signed beside exchanges. Bodies are texts, to be taken byte for byte.
type signedOfV1 struct {
	Enrol struct {
		Link    string `json:"link"` // the invitation
		Request string `json:"request"`
		Answer  string `json:"answer"`
	} `json:"enrol"`
	Hello struct {
		Nonce       string `json:"nonce"`
		Fingerprint string `json:"fingerprint"` // of the TLS certificate of that connection
		Answer      string `json:"answer"`
	} `json:"hello"`
	MediaState struct {
		Request   string `json:"request"`
		Signature string `json:"signature"` // the header Vereda-Signature
		Answer    string `json:"answer"`
	} `json:"media_state"`
	MediaPiece struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Archive string            `json:"archive"`
		Length  int64             `json:"length"` // of the body
		Headers map[string]string `json:"headers"`
	} `json:"media_piece"`
}

const (
	projectIDOfV1 = "0193a5b2-7d1c-7000-8000-0000000000aa"
	archiveOfV1   = "0193a5b2-7d1c-7000-8000-0000000000bb"
)

// makeSigned makes them: a tablet (seed 02…) and the centre (seed 04…) of the project (seed 01…).
func makeSigned(t *testing.T) (v signedOfV1) {
	text := func(a any) string {
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	project, tablet, centre := keyOf(t, 1), keyOf(t, 2), keyOf(t, 4)
	at := time.Date(2026, 11, 23, 13, 30, 0, 123e6, time.UTC)
	certificate := certifiedBy(t, project, projectIDOfV1, tablet, device.Enumerator)
	i := device.Invitation{V: 1, Address: "https://192.0.2.1:8443", Fingerprint: strings.Repeat("ab", 32), Project: project.Public(), Code: "1234-567Y"}
	v.Enrol.Link = i.Link()
	v.Enrol.Request = text(enrolment{protocol, i.Code, tablet.Public(), "Inés Quispe", tablet.Sign("enrol", proof(i.Project, i.Code, "Inés Quispe"))})
	v.Enrol.Answer = text(enrolled{protocol, device.Project{ID: projectIDOfV1, Name: "Norte 2026", Key: project.Public()}, json.RawMessage(certificate)})
	v.Hello.Nonce, v.Hello.Fingerprint = "7QK2M5ABCDEFGHJK", i.Fingerprint
	v.Hello.Answer = text(hello{V: protocol, Project: projectIDOfV1, Name: "Norte 2026", Key: project.Public(), At: at, Proof: &proven{Archive: archiveOfV1, Name: "Centro",
		Certificate: json.RawMessage(certifiedBy(t, project, projectIDOfV1, centre, device.Collector)), Signature: centre.Sign(purposeHello, helloProof(v.Hello.Nonce, i.Fingerprint, archiveOfV1))}})
	files := []record.ID{sha256.Sum256([]byte("a photo")), sha256.Sum256([]byte("another photo"))}
	v.MediaState.Request = text(mediaAsk{V: protocol, Project: projectIDOfV1, Device: tablet.ID(), Certificate: json.RawMessage(certificate), Nonce: v.Hello.Nonce, To: addressee(i.Fingerprint), Files: files})
	sum := sha256.Sum256([]byte(v.MediaState.Request))
	v.MediaState.Signature = base64.StdEncoding.EncodeToString(tablet.Sign(purposeMedia, sum[:]))
	central, err := receiptForFiles(archiveOfV1, tablet.ID(), files[:1]).Signature(project)
	if err != nil {
		t.Fatal(err)
	}
	v.MediaState.Answer = text(mediaState{V: protocol, At: at, Nonce: v.Hello.Nonce, Archive: archiveOfV1, Name: "Centro", Here: []int{0}, Open: []openFile{{1, 5}}, Central: central})
	v.MediaPiece.Method, v.MediaPiece.Path, v.MediaPiece.Archive, v.MediaPiece.Length = http.MethodPatch, pathMedia+uploadName(files[1], tablet.ID()), archiveOfV1, 8
	v.MediaPiece.Headers = map[string]string{headerDevice: string(tablet.ID()), headerTo: addressee(i.Fingerprint), headerTime: "1795440600", "Upload-Offset": "5"}
	v.MediaPiece.Headers[signatureHeader] = base64.StdEncoding.EncodeToString(tablet.Sign(purposeMedia, mediaText(v.piece(), v.MediaPiece.Path, archiveOfV1)))
	return v
}

// piece is the request about a single file.
func (v signedOfV1) piece() *http.Request {
	r := &http.Request{Method: v.MediaPiece.Method, ContentLength: v.MediaPiece.Length, Header: http.Header{}}
	for name, value := range v.MediaPiece.Headers {
		r.Header.Set(name, value)
	}
	return r
}

// What version 1 signed stays what it signs, byte for byte, and is believed.
func TestSignedVectors(t *testing.T) {
	var v signedOfV1
	if err := json.Unmarshal(goldentest.SameJSON(t, "testdata/v1/signed.json", makeSigned(t)), &v); err != nil {
		t.Fatal(err)
	}
	v.believed(t)
}

// believed holds that each end believes what the other one signed.
func (v signedOfV1) believed(t *testing.T) {
	i, err := device.ParseLink(v.Enrol.Link)
	if err != nil {
		t.Fatal(err)
	}
	var asked enrolment
	if err := json.Unmarshal([]byte(v.Enrol.Request), &asked); err != nil || !device.Verify(asked.Key, "enrol", proof(i.Project, asked.Code, asked.Name), asked.Signature) {
		t.Errorf("enrol: %+v, %v", asked, err)
	}
	m, err := joined([]byte(v.Enrol.Answer), i, keyOf(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCredentials(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	var greeting hello
	if err := json.Unmarshal([]byte(v.Hello.Answer), &greeting); err != nil {
		t.Fatal(err)
	}
	if _, err := greeting.Proof.check(c.trust, m.Project.ID, v.Hello.Nonce, v.Hello.Fingerprint); err != nil {
		t.Errorf("hello: %v", err)
	}
	claims, err := m.Certificate.Open(i.Project)
	if err != nil {
		t.Fatal(err)
	}
	var state mediaAsk
	var told mediaState
	sum := sha256.Sum256([]byte(v.MediaState.Request))
	if err := json.Unmarshal([]byte(v.MediaState.Request), &state); err != nil || !verified(claims, sum[:], v.MediaState.Signature) {
		t.Errorf("media state: %v", err)
	}
	if err := json.Unmarshal([]byte(v.MediaState.Answer), &told); err != nil {
		t.Fatal(err)
	}
	courier := &courier{credentials: c, key: keyOf(t, 2)}
	if a, err := courier.read(state, told); err != nil || !a.Central || len(a.Here) != 1 || a.Open[state.Files[1]] != 5 {
		t.Errorf("media state: %+v, %v", a, err)
	}
	if !verified(claims, mediaText(v.piece(), v.MediaPiece.Path, v.MediaPiece.Archive), v.MediaPiece.Headers[signatureHeader]) {
		t.Error("a piece of a file: the signature is of another")
	}
}
