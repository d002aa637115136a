package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// otherChoice is the name of the choice that or_other adds.
const otherChoice = "other"

// otherWords are the words that or_other shows, by language code: the choice, and the question that follows it.
var otherWords = map[string][2]string{
	"es": {"Otro", "Especifique."},
	"pt": {"Outro", "Especifique."},
	"fr": {"Autre", "Précisez."},
	"en": {"Other", "Specify other."},
	"ht": {"Lòt", "Presize."},
}

// addOther does what or_other says: the question's list gets a choice "other", and a text question of the same name with "_other"
// behind it comes after, asked when that is chosen.
func (r *reader) addOther(parent, i *form.Item, row *row) {
	if _, ok := i.List.Choice(otherChoice); !ok {
		list := *i.List
		list.Choices = append(slices.Clip(list.Choices), form.Choice{Name: otherChoice, Label: r.otherText(0), Source: i.Source})
		i.List = &list
	}
	detail := &form.Item{Kind: form.Question, Type: form.TypeText, Name: i.Name + "_" + otherChoice, Label: r.otherText(1), Source: i.Source}
	r.checkOther(i, row)
	detail.Relevant = r.parse("selected(../"+i.Name+", '"+otherChoice+"')", row, "type", nil)
	parent.Add(detail)
	r.byName[detail.Name] = append(r.byName[detail.Name], detail)
}

// checkOther warns of languages that the words of or_other are not known in. The reference converter has them in English alone.
func (r *reader) checkOther(i *form.Item, row *row) {
	var without []string
	for _, l := range r.form.Languages {
		if otherWords[l.Code] == [2]string{} && (l.Name != defaultLanguage || r.strict) || r.strict {
			without = append(without, l.Name)
		}
	}
	if len(without) == 0 || len(r.form.Languages) == 1 {
		return
	}
	text, at := row.get("type")
	r.note(form.Warning, "other-language", at, text, fmt.Sprintf("The choice %s that or_other adds to %s, and its question, are in English in the language %s.", otherChoice, i.Name, strings.Join(without, ", ")),
		"Write the choice on the sheet choices and the question below, translated.")
}

func (r *reader) otherText(which int) form.Text {
	texts := map[string][]form.Part{}
	for _, l := range r.form.Languages {
		words, ok := otherWords[l.Code]
		if !ok {
			words = otherWords["en"]
		}
		texts[l.Name] = []form.Part{{Words: words[which]}}
	}
	return form.NewText(texts)
}
