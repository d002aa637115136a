package main

import (
	"bytes"
	"crypto/ed25519"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"vereda/sync/device"
)

func decodeQR(t *testing.T, shown image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(shown)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

func TestInvitationsOnPaperAndOnATerminalSayTheLink(t *testing.T) {
	i := device.Invitation{V: 1, Address: "https://192.168.1.5:8090", Fingerprint: strings.Repeat("ab", 32), Project: make(ed25519.PublicKey, 32), Code: "K7M4-P2QX"}
	name := filepath.Join(t.TempDir(), "norte.png")
	if err := writeInvitation(name, "Norte", i, time.Now()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if got := decodeQR(t, shown); got != i.Link() {
		t.Errorf("the picture says %q", got)
	}
	var out strings.Builder
	if err := printQR(&out, i.Link()); err != nil {
		t.Fatal(err)
	}
	if got := decodeQR(t, terminal(out.String())); got != i.Link() {
		t.Errorf("the terminal says %q", got)
	}
	text := filepath.Join(t.TempDir(), "norte.vereda")
	if err := writeInvitation(text, "Norte\x1b[2J", i, time.Now()); err != nil {
		t.Fatal(err)
	}
	if b, err = os.ReadFile(text); err != nil || !strings.Contains(string(b), "\n"+i.Link()+"\n") || strings.Contains(string(b), "\x1b") {
		t.Errorf("%q %v", b, err)
	}
	for _, said := range []string{i.Address, i.Code + " " + i.Check(), "Unirse a un proyecto", "Entrar em um projeto", "Rejoindre un projet", "Antre nan yon pwojè", "Join a project", time.Now().Format(time.DateOnly)} {
		if !strings.Contains(string(b), said) {
			t.Errorf("the text does not say %q:\n%s", said, b)
		}
	}
}

// terminal draws half blocks as a dark terminal shows them, each half eight dots wide.
func terminal(text string) image.Image {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	wide := len([]rune(lines[0]))
	shown := image.NewGray(image.Rect(0, 0, wide*8, len(lines)*16))
	for y, line := range lines {
		for x, r := range []rune(line) {
			for dy := range 16 {
				lit := r == '█' || r == '▀' && dy < 8 || r == '▄' && dy >= 8
				for dx := range 8 {
					if lit {
						shown.SetGray(x*8+dx, y*16+dy, color.Gray{Y: 255})
					}
				}
			}
		}
	}
	return shown
}
