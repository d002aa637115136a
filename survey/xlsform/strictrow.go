package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
)

// What the reference converter holds a row to, beyond what Vereda needs: how types, parameters and references are written.

// The patterns of types that hold more than a name.
var (
	strictBegin  = regexp.MustCompile(`^begin[ _](group|lgroup|repeat|loop|looped group)( (over )?\S+)?$`)
	strictEnd    = regexp.MustCompile(`^end[ _](group|lgroup|repeat|loop|looped group)$`)
	strictSelect = regexp.MustCompile(`^(add select one prompt using|add select multiple prompt using|select all that apply from|select one from|select1|select_one|select one|` +
		`select_multiple|select all that apply|select_one_external|select_one_from_file|select_multiple_from_file|select one from file|select multiple from file|rank)` +
		` \S+( (or specify other|or_other|or other))?$`)
	strictOSM = regexp.MustCompile(`^osm( \S+)?$`)
)

// laxNames are names of types that are read here and that the converter has in another way, or not at all.
var laxNames = []string{"add datetime prompt", "q datetime"}

// strictName reports whether the converter has a type, written just so.
func strictName(typ string) bool {
	switch typ {
	case "dateTime", "q dateTime", "add dateTime prompt", "csv-external", "xml-external":
		return true
	}
	if slices.Contains(laxNames, typ) {
		return false
	}
	known, alias := typeAliases[typ]
	_, empty := emptyTypes[typ]
	_, device := deviceTypes[typ]
	_, preset := presets[typ]
	_, setting := settingsTypes[typ]
	plain := slices.Contains(allTypes, form.Type(typ)) && !form.Type(typ).Select()
	return alias && !known.Select() || empty || device || preset || setting || plain
}

// checkStrictly reports a row that the converter refuses for how it is written.
func (r *reader) checkStrictly(row *row) {
	text, at := row.get("type")
	typ := strings.Join(strings.Fields(text), " ")
	if !strictName(typ) && !strictBegin.MatchString(typ) && !strictEnd.MatchString(typ) && !strictSelect.MatchString(typ) && !strictOSM.MatchString(typ) {
		hint := ""
		if lower := strings.ToLower(typ); lower != typ && (strictName(lower) || strictBegin.MatchString(lower) || strictEnd.MatchString(lower) || strictSelect.MatchString(lower)) {
			hint = fmt.Sprintf("Write %s.", lower)
		}
		r.note(form.Error, "unknown-type", at, text, fmt.Sprintf("The reference converter has no type %s.", typ), hint)
	}
	if text, at := row.get("parameters"); text != "" && slices.ContainsFunc(strictParameters(text), func(part string) bool { return !strings.Contains(part, "=") }) {
		r.note(form.Error, "bad-parameters", at, text, "The reference converter takes parameters as name=value name=value, without blanks around =.", "Write name=value.")
	}
}

// strictParameters splits parameters as the converter does: at ";", else at ",", else at blanks.
func strictParameters(text string) []string {
	for _, mark := range []string{";", ","} {
		if parts := strings.Split(text, mark); len(parts) > 1 {
			return parts
		}
	}
	return strings.Fields(text)
}

// checksParameters reports whether the converter looks at the parameters of a type, as the cell names it.
func checksParameters(cell string) bool {
	typ := strings.Join(strings.Fields(cell), " ")
	switch typ {
	case "text", "photo", "image", "add image prompt", "add photo prompt", "audio", "add audio prompt", "background-audio", "geopoint", "geotrace", "geoshape", "range", "audit":
		return true
	}
	return strictSelect.MatchString(typ)
}

// reference is how the converter wants every ${ to go on.
var (
	anyReference = regexp.MustCompile(`\$\{[^}]*\}?`)
	reference    = regexp.MustCompile(`^\$\{(last-saved#)?[\pL_][\pL\pN\p{Mn}_.\-·]*\}$`)
)

// checkReferences reports cells with a ${ that the converter cannot read, wherever they stand.
func (r *reader) checkReferences() {
	free := map[string]bool{"type": true, "name": true, "list_name": true}
	for _, s := range []*sheet{r.settings, r.survey, r.choices, r.external, r.entities} {
		if s == nil {
			continue
		}
		for _, row := range s.rows {
			for n, text := range row.cells {
				if !strings.Contains(text, "${") || n >= len(s.columns) || free[s.columns[n].key] {
					continue
				}
				for _, ref := range anyReference.FindAllString(text, -1) {
					if !reference.MatchString(ref) {
						r.note(form.Error, "bad-reference", row.at(n), text, fmt.Sprintf("The reference converter cannot read the reference %s.", ref), "Write ${name}, with nothing but the name in it.")
						break
					}
				}
			}
		}
	}
}

// settingsTypes are types that set a setting from the survey: what stands under name is its value.
var settingsTypes = map[string]string{"form_title": "form_title", "set form title": "form_title", "form_id": "form_id", "set form id": "form_id", "sms_keyword": "sms_keyword",
	"sms_separator": "sms_separator", "sms_allow_media": "sms_allow_media", "sms_date_format": "sms_date_format", "sms_datetime_format": "sms_datetime_format",
	"prefix": "prefix", "delimiter": "delimiter", "public_key": "public_key", "submission_url": "submission_url", "auto_send": "auto_send", "auto_delete": "auto_delete",
	"allow_choice_duplicates": "allow_choice_duplicates"}

// readSetting reads a row whose type is a setting; false when it is none.
func (r *reader) readSetting(row *row) bool {
	text, at := row.get("type")
	key, ok := settingsTypes[strings.ToLower(strings.Join(strings.Fields(text), " "))]
	if !ok {
		return false
	}
	value, _ := row.get("name")
	r.note(form.Warning, "setting-row", at, text, fmt.Sprintf("The row sets %s to %s.", key, value), "Write it on the sheet settings.")
	r.form.Settings[key] = value
	switch {
	case key == "form_title":
		r.form.Title = value
	case key == "form_id":
		r.form.ID = value
	}
	return true
}
