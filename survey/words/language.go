package words

import (
	"slices"
	"strconv"
	"strings"
)

// Match returns the app's language for a locale as the system writes it (LANG), "es" for none, "C" and "POSIX".
// Of a list as in LANGUAGE ("gn:pt_BR:en") it is the first that the app has.
func Match(locale string) string {
	for l := range strings.SplitSeq(locale, ":") {
		end := strings.IndexAny(l, "_-.@")
		if end < 0 {
			end = len(l)
		}
		if code := strings.ToLower(l[:end]); slices.Contains(Languages, code) {
			return code
		}
	}
	return Languages[0]
}

// Name returns the language's name in itself: "Español"; the code itself for one that the app does not have.
func Name(language string) string {
	switch language {
	case "es":
		return "Español"
	case "pt":
		return "Português"
	case "fr":
		return "Français"
	case "en":
		return "English"
	case "ht":
		return "Kreyòl ayisyen"
	}
	return language
}

// Decimal writes a number that stands with a point, as answers and forms have it, with the mark of the language: a comma, in English a point.
func (w Words) Decimal(number string) string {
	if w.language == "en" {
		return number
	}
	return strings.Replace(number, ".", ",", 1)
}

// Measure writes a measure with so many places behind the mark of the language; with -1, as many as it takes.
func (w Words) Measure(x float64, places int) string {
	return w.Decimal(strconv.FormatFloat(x, 'f', places, 64))
}

// Megabytes writes how many of them so many bytes are, to a tenth; nothing is none.
func (w Words) Megabytes(bytes int64) string {
	return w.Measure(max(float64(bytes)/1e6, 0.1), 1)
}

// Number writes a whole number with its thousands grouped as people of the language read them: a no-break space in Spanish (as the
// Real Academia Española asks, Ortografía 2010, VIII.2.1, where point and comma divide the continent), French and Creole, from five
// digits on; a point in Portuguese; a comma in English.
func (w Words) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	mark, from := "\u00a0", 5
	switch w.language {
	case "pt":
		mark, from = ".", 4
	case "en":
		mark, from = ",", 4
	}
	if len(s) >= from {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + mark + s[i:]
		}
	}
	return sign + s
}
