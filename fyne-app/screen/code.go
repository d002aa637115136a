package screen

import (
	"image"
	"io"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/aztec"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"vereda/survey/photo"
	"vereda/survey/record"
)

// codePixels is how large a photo is at most when a code is sought in it: of a larger one the noise costs more than the detail brings.
const codePixels = 1400

// codeReaders read the codes that stand on labels, cards and products, the likeliest first.
func codeReaders() []gozxing.Reader {
	return []gozxing.Reader{qrcode.NewQRCodeReader(), oned.NewMultiFormatUPCEANReader(nil), oned.NewCode128Reader(), oned.NewCode39Reader(), oned.NewCode93Reader(),
		oned.NewITFReader(), oned.NewCodaBarReader(), datamatrix.NewDataMatrixReader(), aztec.NewAztecReader()}
}

// readCode answers a question with the code on a photo.
func (p *interviewPage) readCode(path record.Path, photo io.Reader) {
	text, ok := codeIn(io.LimitReader(photo, mostCodeBytes))
	if !ok {
		p.app.tell(p.app.say.Say("barcode.none.title"), p.app.say.Say("barcode.none.detail"))
		return
	}
	if err := p.c.answer(path, record.NewText(text)); err != nil {
		p.app.complain(err)
	}
}

// mostCodeBytes is how large the file of a photo may be.
const mostCodeBytes = 40 << 20

// codeIn returns the text of a code in a picture.
func codeIn(file io.Reader) (text string, ok bool) {
	b, err := io.ReadAll(file)
	if err != nil {
		return "", false
	}
	shown := decode(b)
	if shown == nil {
		return "", false
	}
	for _, most := range []int{codePixels, codePixels / 2} {
		if text, ok := codeOn(photo.Within(shown, most)); ok {
			return text, true
		}
	}
	return "", false
}

func codeOn(shown image.Image) (text string, ok bool) {
	defer func() {
		if recover() != nil { // a reader of codes may stumble over what is none
			text, ok = "", false
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(shown)
	if err != nil {
		return "", false
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	for _, reader := range codeReaders() {
		if found, err := reader.Decode(bitmap, hints); err == nil && found.GetText() != "" {
			return found.GetText(), true
		}
	}
	return "", false
}
