package main

import (
	"bytes"
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
	content := handedOver(project, i, until)
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

// handedOver is the text for who gets the file, whatever language that person speaks.
func handedOver(project string, i device.Invitation, until time.Time) []byte {
	last := until.Format(time.DateOnly)
	var b bytes.Buffer
	fmt.Fprintf(&b, "Vereda: %s\n%s\n%s\n%s", shown(project), i.Link(), i.Address, i.Code)
	if check := checkLetters(i); check != "" {
		b.WriteString(" " + check)
	}
	fmt.Fprintf(&b, "\n\nEn la aplicación Vereda: Unirse a un proyecto. Elija este archivo, o pegue el enlace. Vale hasta el %s.\n", last)
	fmt.Fprintf(&b, "No aplicativo Vereda: Entrar em um projeto. Escolha este arquivo, ou cole o link. Vale até %s.\n", last)
	fmt.Fprintf(&b, "Dans l’application Vereda : Rejoindre un projet. Choisissez ce fichier, ou collez le lien. Valable jusqu’au %s.\n", last)
	fmt.Fprintf(&b, "Nan aplikasyon Vereda a: Antre nan yon pwojè. Chwazi fichye sa a, oswa kole lyen an. Li bon jiska %s.\n", last)
	fmt.Fprintf(&b, "In the Vereda app: Join a project. Choose this file, or paste the link. Good until %s.\n", last)
	return b.Bytes()
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
