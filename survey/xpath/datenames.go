package xpath

import (
	"strings"
	"time"
)

// names are the months from January and the weekdays from Sunday in one language, whole and short.
type names struct{ months, shortMonths, days, shortDays []string }

// dateNames holds the languages in which format-date() names months and weekdays, by code. Others get English names.
var dateNames = map[string]names{
	"en": {
		strings.Fields("January February March April May June July August September October November December"),
		strings.Fields("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
		strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
		strings.Fields("Sun Mon Tue Wed Thu Fri Sat"),
	},
	"es": {
		strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
		strings.Fields("ene feb mar abr may jun jul ago sep oct nov dic"),
		strings.Fields("domingo lunes martes miércoles jueves viernes sábado"),
		strings.Fields("dom lun mar mié jue vie sáb"),
	},
	"pt": {
		strings.Fields("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
		strings.Fields("jan fev mar abr mai jun jul ago set out nov dez"),
		strings.Fields("domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado"),
		strings.Fields("dom seg ter qua qui sex sáb"),
	},
	"fr": {
		strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
		strings.Fields("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
		strings.Fields("dimanche lundi mardi mercredi jeudi vendredi samedi"),
		strings.Fields("dim. lun. mar. mer. jeu. ven. sam."),
	},
	"ht": {
		strings.Fields("janvye fevriye mas avril me jen jiyè out septanm oktòb novanm desanm"),
		strings.Fields("jan fev mas avr me jen jiy out sep okt nov des"),
		strings.Fields("dimanch lendi madi mèkredi jedi vandredi samdi"),
		strings.Fields("dim len mad mèk jed van sam"),
	},
}

// languageCodes are the codes of languages that a form names without one.
var languageCodes = map[string]string{"español": "es", "spanish": "es", "português": "pt", "portuguese": "pt", "français": "fr", "french": "fr", "kreyòl": "ht", "creole": "ht"}

// namesIn returns the names of a language: a code such as "es" or "pt-BR", or the language's own name.
func namesIn(language string) names {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	if code := languageCodes[base]; code != "" {
		base = code
	}
	if known, ok := dateNames[base]; ok {
		return known
	}
	return dateNames["en"]
}

// name returns what the codes %b %B %a %A stand for; "" for other codes.
func (n names) name(code byte, t time.Time) string {
	switch code {
	case 'b':
		return n.shortMonths[t.Month()-1]
	case 'B':
		return n.months[t.Month()-1]
	case 'a':
		return n.shortDays[t.Weekday()]
	case 'A':
		return n.days[t.Weekday()]
	}
	return ""
}
