package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"

	"vereda/sync/device"
)

// qrPixels is the width of a QR code's picture: on paper or on a screen it can be read from an arm's length.
const qrPixels = 600

// writeInvitation writes an invitation into a file: a picture of its QR code, or a text whose one line that begins with vereda:// is the link.
func writeInvitation(name, project string, i device.Invitation, until time.Time) error {
	content := []byte(fmt.Sprintf("Vereda: %s\n%s\ncode %s at %s, until %s\n", shown(project), i.Link(), i.Code, i.Address, until.Format(time.DateOnly)))
	if strings.HasSuffix(strings.ToLower(name), ".png") {
		var err error
		if content, err = qrcode.Encode(i.Link(), qrcode.Medium, qrPixels); err != nil {
			return err
		}
	}
	return writeWhole(name, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// printQR prints a QR code with half blocks, light on dark.
func printQR(out io.Writer, text string) error {
	q, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, q.ToSmallString(false))
	return err
}
