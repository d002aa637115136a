package form

import (
	"slices"
	"strings"
)

// Appearance is a word of the column appearance, and what the field app makes of it. The words are those of the XLSForm reference and of ODK's documentation.
type Appearance struct {
	Word    string // without arguments; one that ends in "-" has a number behind it, one that ends in ":" a name
	Types   []Type // of questions that it is for; none: it is for groups and repeats
	Instead string // what the app shows instead, a sentence; "": it is shown
}

// Kinds of questions that have appearances in common.
var (
	selects  = []Type{TypeSelectOne, TypeSelectMultiple}
	places   = []Type{TypeGeopoint, TypeGeotrace, TypeGeoshape}
	dates    = []Type{TypeDate, TypeDateTime}
	external = []Type{TypeText, TypeInteger, TypeDecimal, TypeImage, TypeAudio, TypeVideo, TypeFile}
)

// The sentences that several words share.
const (
	gregorian = "The Gregorian calendar is shown."
	noMap     = "The usual widget is shown."
	chosen    = "A file is chosen: the app starts no camera and no recorder."
)

// appearances is the one table of what is shown and what is not: the reader of workbooks warns by it, and the tests of the app's widgets walk it.
var appearances = []Appearance{
	{"multiline", []Type{TypeText}, ""},
	{"numbers", []Type{TypeText}, ""},
	{"masked", []Type{TypeText}, ""},
	{"url", []Type{TypeText, TypeNote}, "The address is shown as text."},
	{"printer:", []Type{TypeText, TypeNote}, "Nothing is printed."},
	{"thousands-sep", []Type{TypeText, TypeInteger, TypeDecimal}, ""},
	{"counter", []Type{TypeInteger}, ""},
	{"bearing", []Type{TypeDecimal}, "The direction is typed in instead."},
	{"ex:", external, "The answer is typed in or chosen instead."},

	{"vertical", []Type{TypeRange}, ""},
	{"no-ticks", []Type{TypeRange}, ""},
	{"picker", []Type{TypeRange}, ""},
	{"rating", []Type{TypeRange}, ""},

	{"no-calendar", dates, ""},
	{"month-year", []Type{TypeDate}, ""},
	{"year", []Type{TypeDate}, ""},
	{"ethiopian", dates, gregorian},
	{"coptic", dates, gregorian},
	{"islamic", dates, gregorian},
	{"bikram-sambat", dates, gregorian},
	{"myanmar", dates, gregorian},
	{"persian", dates, gregorian},
	{"buddhist", dates, gregorian},

	{"minimal", selects, ""},
	{"autocomplete", selects, ""},
	{"quick", []Type{TypeSelectOne}, ""},
	{"quickcompact", []Type{TypeSelectOne}, ""},
	{"quickcompact-", []Type{TypeSelectOne}, ""},
	{"horizontal", selects, ""},
	{"horizontal-compact", selects, ""},
	{"compact", selects, ""},
	{"compact-", selects, ""},
	{"columns", selects, ""},
	{"columns-pack", selects, ""},
	{"columns-", selects, ""},
	{"no-buttons", selects, ""},
	{"label", selects, ""},
	{"list-nolabel", selects, ""},
	{"list", selects, ""},
	{"likert", []Type{TypeSelectOne}, ""},
	{"image-map", selects, "The choices are shown as a list."},
	{"map", []Type{TypeSelectOne}, "The choices are shown as a list."},

	{"maps", places, noMap},
	{"placement-map", places, noMap},

	{"signature", []Type{TypeImage}, ""},
	{"draw", []Type{TypeImage}, ""},
	{"annotate", []Type{TypeImage}, ""},
	{"new", []Type{TypeImage, TypeAudio, TypeVideo}, chosen},
	{"new-front", []Type{TypeImage, TypeVideo}, chosen},
	{"new-rear", []Type{TypeImage, TypeVideo}, chosen},
	{"selfie", []Type{TypeImage, TypeVideo}, chosen},
	{"front", []Type{TypeBarcode}, "The code is typed in, or read from a photo."},
	{"hidden-answer", []Type{TypeBarcode}, ""},

	{"field-list", nil, ""},
	{"table-list", nil, ""},
	{"intent:", nil, "No other program is started."},
}

// Appearances returns the words of appearance that are known. The slice is the caller's.
func Appearances() []Appearance { return slices.Clone(appearances) }

// Instead returns what the field app shows instead of an appearance, a sentence. It is "" for one that the app shows, and for one that nobody knows.
func (i *Item) Instead(word string) string {
	word = strings.ToLower(word)
	word, _, _ = strings.Cut(word, "(")
	for _, a := range appearances {
		if a.fits(i) && (word == a.Word || strings.HasSuffix(a.Word, ":") && strings.HasPrefix(word, a.Word)) {
			return a.Instead
		}
	}
	return ""
}

// fits reports whether the word is for items such as this.
func (a Appearance) fits(i *Item) bool {
	if i.Kind == Question {
		return slices.Contains(a.Types, i.Type)
	}
	return len(a.Types) == 0
}
