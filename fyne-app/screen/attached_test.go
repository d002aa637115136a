package screen_test

import (
	"image/png"
	"os"
	"testing"
)

// saver remembers what a person chose.
type saver struct{ send bool }

func (s *saver) Photos() bool { return s.send }
func (s *saver) AllowPhotos(send bool) error {
	s.send = send
	return nil
}

// A person holds attachments back in the settings, and lets them go again.
func TestAttachmentsWaitWhenAPersonSaysSo(t *testing.T) {
	b := start(t)
	choice := &saver{send: true}
	b.ports.Saver = choice
	b.show("es")
	b.tap("settings")
	b.want("Las respuestas se envían siempre")
	b.tap("photos:hold")
	if choice.send {
		t.Error("attachments still go")
	}
	if path := os.Getenv("VEREDA_PICTURE"); path != "" {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, b.window.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
	b.tap("photos:send")
	if !choice.send {
		t.Error("attachments do not go")
	}
}
