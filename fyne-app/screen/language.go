package screen

import (
	"strings"

	"vereda/fyne-app/look"
	"vereda/survey/form"
)

// formLanguage returns the language of a form that is the app's, the form's default where it has no such.
func (a *App) formLanguage(f *form.Form) string {
	for _, l := range f.Languages {
		if codeOf(l.Code) == a.language {
			return l.Name
		}
	}
	if f.DefaultLanguage != "" {
		return f.DefaultLanguage
	}
	if len(f.Languages) > 0 {
		return f.Languages[0].Name
	}
	return ""
}

// shortLanguage is what the language button says: "ES".
func shortLanguage(f *form.Form, name string) string {
	for _, l := range f.Languages {
		if l.Name == name && l.Code != "" {
			return strings.ToUpper(l.Code)
		}
	}
	runes := []rune(name)
	return strings.ToUpper(string(runes[:min(2, len(runes))]))
}

// plainName is a language's name without its code: "Español".
func plainName(l form.Language) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(l.Name), "("+l.Code+")"))
}

// chooseLanguage asks in which language the interview goes on.
func (a *App) chooseLanguage(f *form.Form, now string, choose func(form.Language)) {
	var sheet *look.Sheet
	column := look.NewColumn(8, look.NewBold(a.say.Say("interview.language"), look.SizeQuestion, look.Ink))
	for _, l := range f.Languages {
		face := look.Plain
		if l.Name == now {
			face = look.Chosen
		}
		column.Add(look.NewButton("language:"+l.Code, plainName(l), nil, face, func() { sheet.Close(); choose(l) }))
	}
	column.Add(look.NewButton("cancel", a.say.Say("cancel"), nil, look.Bare, func() { sheet.Close() }))
	sheet = look.NewSheet(a.window.Canvas(), column)
}
