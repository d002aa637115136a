package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
)

// settingsColumns are the settings that Vereda keeps. Those without a meaning here (sending is Vereda's own) are kept in Form.Settings.
var settingsColumns = []string{"form_title", "form_id", "version", "default_language", "instance_name", "style", "name",
	"allow_choice_duplicates", "public_key", "submission_url", "auto_send", "auto_delete", "sms_keyword", "namespaces",
	"omit_instanceid", "instance_xmlns", "clean_text_values", "client_editable", "attribute::", "sms_separator", "sms_allow_media",
	"sms_date_format", "sms_datetime_format", "sms_response", "prefix", "delimiter"}

var settingsAliases = map[string]string{"title": "form_title", "set_form_title": "form_title", "id_string": "form_id", "set_form_id": "form_id"}

// readSettings reads the settings; file is the name of the file without its ending, which stands in for a missing form_id.
func (r *reader) readSettings(file string) {
	f := r.form
	f.ID, f.Root = file, &form.Item{Kind: form.Group, Name: "data", Source: form.Cell{Sheet: r.survey.name}}
	if near := nearest("settings", r.others); r.settings == nil && near != "" {
		r.note(form.Error, "sheet-name", form.Cell{Sheet: near}, "", fmt.Sprintf("There is no sheet %s in a form.", near), "Rename it to settings.")
	}
	if r.settings == nil || len(r.settings.rows) == 0 {
		f.Title = f.ID
		return
	}
	first := r.settings.rows[0]
	for n, c := range r.settings.columns {
		key := c.key
		if alias, ok := settingsAliases[normal(key)]; ok {
			key = alias
			r.settings.columns[n].key = alias
		}
		if n < len(first.cells) && first.cells[n] != "" {
			f.Settings[key] = first.cells[n]
		}
	}
	if id := f.Settings["form_id"]; id != "" {
		f.ID = id
	}
	f.Title, f.Version, f.Style = f.Settings["form_title"], f.Settings["version"], f.Settings["style"]
	if f.Title == "" {
		f.Title = f.ID
	}
	if root := f.Settings["name"]; form.ValidName(root) {
		f.Root.Name = root
	} else if root != "" {
		_, at := first.get("name")
		r.note(form.Error, "bad-name", at, root, fmt.Sprintf("%q cannot be the name of a form's root.", root), "Write letters, digits, _, - or .; a letter or _ first.")
	}
}

// checkSettings reports what the reference converter does not let settings say together.
func (r *reader) checkSettings() {
	if yes(r.form.Settings["omit_instanceid"]) && r.form.Settings["public_key"] != "" {
		_, at := r.settings.rows[0].get("omit_instanceid")
		r.strictly("settings", at, r.form.Settings["omit_instanceid"], "An encrypted form needs its instanceID: omit_instanceID and public_key do not go together.", "Take one of them out.")
	}
}

// trailingCode finds the code at the end of a language's name: "Español (es)".
var trailingCode = regexp.MustCompile(`\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)\s*$`)

// readLanguages collects the languages of all translated columns, in order. Columns without a language speak the default language.
func (r *reader) readLanguages() {
	f := r.form
	add := func(name string) {
		if name == "" || slices.ContainsFunc(f.Languages, func(l form.Language) bool { return l.Name == name }) {
			return
		}
		l := form.Language{Name: name}
		if m := trailingCode.FindStringSubmatch(name); m != nil {
			l.Code = strings.ReplaceAll(m[1], "_", "-")
		} else if len(name) == 2 {
			l.Code = strings.ToLower(name)
		}
		f.Languages = append(f.Languages, l)
	}
	bare := false
	for _, s := range []*sheet{r.survey, r.choices} {
		if s == nil {
			continue
		}
		for _, c := range s.columns {
			bare = bare || c.known && c.language == "" && slices.Contains(translated, c.key)
			add(c.language)
		}
	}
	f.DefaultLanguage = f.Settings["default_language"]
	switch {
	case bare && f.DefaultLanguage == "":
		f.DefaultLanguage = defaultLanguage
		f.Languages = slices.Insert(f.Languages, 0, form.Language{Name: defaultLanguage})
	case bare:
		add(f.DefaultLanguage)
	case len(f.Languages) == 0:
		f.DefaultLanguage = defaultLanguage
		f.Languages = []form.Language{{Name: defaultLanguage}}
	}
	r.checkDefaultLanguage()
}

// defaultLanguage names the language of columns that name none.
const defaultLanguage = "default"

func (r *reader) checkDefaultLanguage() {
	f := r.form
	if slices.ContainsFunc(f.Languages, func(l form.Language) bool { return l.Name == f.DefaultLanguage }) {
		return
	}
	for _, l := range f.Languages { // "English" or "en" for "English (en)"
		if f.DefaultLanguage != "" && (strings.EqualFold(l.Code, f.DefaultLanguage) || strings.EqualFold(strings.TrimSpace(trailingCode.ReplaceAllString(l.Name, "")), f.DefaultLanguage)) {
			f.DefaultLanguage = l.Name
			return
		}
	}
	if f.DefaultLanguage != "" {
		names := make([]string, len(f.Languages))
		for n, l := range f.Languages {
			names[n] = l.Name
		}
		at := form.Cell{Sheet: "settings", Row: 2}
		if r.settings != nil && len(r.settings.rows) > 0 {
			_, at = r.settings.rows[0].get("default_language")
		}
		r.note(form.Warning, "default-language", at, f.DefaultLanguage, fmt.Sprintf("No column is in the language %s.", f.DefaultLanguage),
			fmt.Sprintf("Write one of: %s. The first is taken.", strings.Join(names, ", ")))
	}
	f.DefaultLanguage = f.Languages[0].Name
}
