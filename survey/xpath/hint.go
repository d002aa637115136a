package xpath

import "strings"

// slips are signs of other languages that people write in expressions, longest first, and what to write instead.
var slips = []struct{ sign, instead string }{
	{"===", "Write = to compare."},
	{"!==", "Write != to compare."},
	{"==", "Write = to compare."},
	{"=!", "Write != to compare."},
	{"<>", "Write != to compare."},
	{"=>", "Write >=."},
	{"=<", "Write <=."},
	{"&&", "Write and."},
	{"||", "Write or."},
	{"≥", "Write >=."},
	{"≤", "Write <=."},
	{"≠", "Write !=."},
	{"×", "Write *."},
	{"÷", "Write div."},
	{"−", "Write - with the minus key."},
	{"–", "Write - with the minus key."},
	{"&", "Write and between conditions; to join texts, write concat(…, …)."},
	{"%", "Write mod for the rest of a division; 50 % is 0.5."},
	{"!", "Write != to compare, or not(…)."},
	{";", "Write a comma between arguments."},
	{"#", "Put text in quotes, and questions in ${}."},
	{"AND", "Write and, in small letters."},
	{"And", "Write and, in small letters."},
	{"OR", "Write or, in small letters."},
	{"Or", "Write or, in small letters."},
	{"NOT", "Write not(…), in small letters."},
	{"MOD", "Write mod, in small letters."},
	{"DIV", "Write div, in small letters."},
}

// Hint says what to write instead, where that can be guessed; "" otherwise.
func (e *SyntaxError) Hint() string {
	at := min(max(e.Offset, 0), len(e.Source))
	for _, slip := range slips {
		for back := range len(slip.sign) { // the mistake may be told at the second character of a sign
			if at >= back && strings.HasPrefix(e.Source[at-back:], slip.sign) && (back == 0 || !nameRune(rune(slip.sign[0]), true)) {
				return slip.instead
			}
		}
	}
	switch {
	case strings.HasPrefix(e.Source[at:], "'") || strings.HasPrefix(e.Source[at:], `"`):
		if e.Reason == unclosedText {
			return "Write the same quotation mark at both ends of the text."
		}
		return "Is a comma, or a sign such as =, missing before it?"
	case strings.Count(e.Source, "(") > strings.Count(e.Source, ")"):
		return "Write as many ) as (."
	case strings.Count(e.Source, "(") < strings.Count(e.Source, ")"):
		return "Take a ) away, or write the ( that belongs to it."
	}
	return ""
}
