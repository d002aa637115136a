package dashboard

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http/httptest"
	"strings"
	"testing"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// What a browser would run is never shown as a page: it is downloaded as bytes, whatever the tablet said that it is.
func TestNothingOfAnAttachmentRuns(t *testing.T) {
	for _, kind := range []string{"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "image/jpeg; x=text/html", ""} {
		w := httptest.NewRecorder()
		serveFile(w, httptest.NewRequest("GET", "/", nil), fieldwork.File{Media: record.Media{Type: kind}, Here: true}, strings.NewReader("<script>alert(1)</script>"))
		h := w.Result().Header
		if h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v", kind, h)
		}
	}
	w := httptest.NewRecorder()
	serveFile(w, httptest.NewRequest("GET", "/", nil), fieldwork.File{Media: record.Media{Type: "image/jpeg"}, Here: true}, strings.NewReader("a photo"))
	if got := w.Result().Header.Get("Content-Type"); got != "image/jpeg" {
		t.Error(got)
	}
}

// A small picture is small, and what is no picture or would fill the memory is none.
func TestSmallPictures(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1200, 800)), nil); err != nil {
		t.Fatal(err)
	}
	small, ok := (&server{}).small(bytes.NewReader(b.Bytes()))
	if !ok || small.Bounds() != image.Rect(0, 0, 320, 213) {
		t.Errorf("%v", small)
	}
	turned := append(append(b.Bytes()[:2:2], "\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"...), b.Bytes()[2:]...)
	if small, ok := (&server{}).small(bytes.NewReader(turned)); !ok || small.Bounds() != image.Rect(0, 0, 213, 320) {
		t.Errorf("a photo that was taken upright lies: %v", small)
	}
	for _, broken := range [][]byte{nil, []byte("no picture"), b.Bytes()[:300]} {
		if _, ok := (&server{}).small(bytes.NewReader(broken)); ok {
			t.Errorf("%d bytes made a picture", len(broken))
		}
	}
	huge := append([]byte(nil), b.Bytes()...)
	if at := bytes.Index(huge, []byte{0xff, 0xc0}); at > 0 {
		copy(huge[at+5:], []byte{0xff, 0xff, 0xff, 0xff})
	}
	if _, ok := (&server{}).small(bytes.NewReader(huge)); ok {
		t.Error("a picture of four thousand million points was begun")
	}
}
