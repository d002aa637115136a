package screen

import (
	"bytes"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
)

// Whatever file is taken for an invitation, what is found in it is one line that begins as a link does, or nothing.
func FuzzLinkIn(f *testing.F) {
	const link = linkBegins + "v=1&a=http%3A%2F%2F127.0.0.1%3A8080&c=1234-567Y&k=DVQPPN63"
	code, err := qrcode.Encode(link, qrcode.Low, 120)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(code)
	f.Add([]byte("You are invited:\r\n" + link + "\r\nSee you"))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("vereda://joi"))
	f.Fuzz(func(t *testing.T, file []byte) {
		found, ok := linkIn(bytes.NewReader(file))
		if ok != strings.HasPrefix(found, linkBegins) || strings.ContainsAny(found, "\r\n") {
			t.Fatalf("%q, %v", found, ok)
		}
	})
}
