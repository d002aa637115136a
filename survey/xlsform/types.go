package xlsform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vereda/survey/form"
)

// typeCell is what a cell of the column type says.
type typeCell struct {
	begin, end bool
	kind       form.ItemKind // of begin and end
	typ        form.Type
	list       string
	orOther    bool
	external   bool   // the list stands on sheet external_choices
	device     string // one of deviceTypes
	preset     preset
	code       string // of the problem with it, where it is not that there is no such type
	tags       bool   // osm; list names its tags
	file       string // that holds the choices
	dialect    string // how a type of a dialect is read
	empty      string // why the question stays empty, when it does
}

// typeAliases are other names of types, as the reference converter takes them.
var typeAliases = map[string]form.Type{
	"string": form.TypeText, "int": form.TypeInteger, "photo": form.TypeImage, "imei": form.TypeDeviceID, "device id": form.TypeDeviceID, "uri:deviceid": form.TypeDeviceID,
	"uri:username": form.TypeUsername,
	"datetime":     form.TypeDateTime, "date time": form.TypeDateTime, "gps": form.TypeGeopoint, "location": form.TypeGeopoint,
	"trigger": form.TypeAcknowledge, "start time": form.TypeStart, "end time": form.TypeEnd,
	"select1": form.TypeSelectOne, "select one": form.TypeSelectOne, "select one from": form.TypeSelectOne,
	"select all that apply": form.TypeSelectMultiple, "select all that apply from": form.TypeSelectMultiple,
	"select multiple": form.TypeSelectMultiple, "select multiple from": form.TypeSelectMultiple,
	"add text prompt": form.TypeText, "add integer prompt": form.TypeInteger, "add decimal prompt": form.TypeDecimal,
	"add date prompt": form.TypeDate, "add note prompt": form.TypeNote, "add image prompt": form.TypeImage,
	"add photo prompt": form.TypeImage, "add audio prompt": form.TypeAudio, "add video prompt": form.TypeVideo, "add file prompt": form.TypeFile,
	"add location prompt": form.TypeGeopoint, "add barcode prompt": form.TypeBarcode, "add calculate prompt": form.TypeCalculate,
	"add datetime prompt": form.TypeDateTime, "add date time prompt": form.TypeDateTime, "add acknowledge prompt": form.TypeAcknowledge,
	"q picture": form.TypeImage, "q image": form.TypeImage, "q string": form.TypeText, "q int": form.TypeInteger, "q decimal": form.TypeDecimal,
	"q date": form.TypeDate, "q date time": form.TypeDateTime, "q datetime": form.TypeDateTime, "q note": form.TypeNote, "q audio": form.TypeAudio,
	"q video": form.TypeVideo, "q geopoint": form.TypeGeopoint, "q location": form.TypeGeopoint, "q barcode": form.TypeBarcode,
	"q acknowledge": form.TypeAcknowledge, "q calculate": form.TypeCalculate, "q select1": form.TypeSelectOne, "q select": form.TypeSelectMultiple,
	"get start time": form.TypeStart, "get end time": form.TypeEnd, "get today": form.TypeToday, "get device id": form.TypeDeviceID,
	"select one using": form.TypeSelectOne, "select multiple using": form.TypeSelectMultiple,
	"add select one prompt using": form.TypeSelectOne, "add select multiple prompt using": form.TypeSelectMultiple,
}

// emptyTypes are types of XLSForm and its dialects that nobody answers here: the question is kept, hidden and empty.
var emptyTypes = map[string]string{
	"phonenumber": "the device does not tell its telephone number", "email": "the device does not tell an address",
	"simserial": "the device does not tell its SIM card", "subscriberid": "the device does not tell its subscriber",
	"uri:phonenumber": "the device does not tell its telephone number", "uri:email": "the device does not tell an address",
	"uri:simserial": "the device does not tell its SIM card", "uri:subscriberid": "the device does not tell its subscriber",
	"get phone number": "the device does not tell its telephone number", "get sim id": "the device does not tell its SIM card",
	"sim id": "the device does not tell its SIM card", "get subscriber id": "the device does not tell its subscriber", "subscriber id": "the device does not tell its subscriber",
	"caseid": "cases are not kept here", "comments": "comments are not kept here", "text audit": "times are kept in the audit",
	"audio audit": "nothing is recorded unasked", "devicephonenum": "the device does not tell its telephone number",
	"speed violations audit": "times are kept in the audit", "speed violations count": "times are kept in the audit", "speed violations list": "times are kept in the audit",
}

// dialectPrefixes are first words of types of a dialect that say more behind them ("sensor_stream light_level"); they stay empty as well.
var dialectPrefixes = map[string]string{"sensor_statistic": "no sensors are read", "sensor_stream": "no sensors are read"}

// dialects are those of them that the reference converter does not know.
var dialects = map[string]bool{"caseid": true, "comments": true, "text audit": true, "audio audit": true, "devicephonenum": true,
	"speed violations audit": true, "speed violations count": true, "speed violations list": true}

// structures are the words that open and close groups and repeats.
var structures = map[string]form.ItemKind{"group": form.Group, "repeat": form.Repeat, "lgroup": form.Repeat, "looped group": form.Repeat}

// parseType reads a cell of the column type; bad and hint say what is wrong with it.
func (r *reader) parseType(text string) (t typeCell, bad, hint string) {
	words := strings.Fields(text)
	plain := strings.Join(words, " ")
	lower := strings.ToLower(plain)
	if first, rest, cut := strings.Cut(strings.Replace(lower, "_", " ", 1), " "); cut && (first == "begin" || first == "end") {
		if kind, ok := structures[rest]; ok {
			return typeCell{begin: first == "begin", end: first == "end", kind: kind}, "", ""
		}
		if rest == "loop" && first == "end" {
			return typeCell{end: true}, "", ""
		}
	}
	if typ, ok := knownType(lower); ok && !typ.Select() {
		return typeCell{typ: typ}, "", ""
	}
	if t, ok := dialectType(lower); ok {
		return t, "", ""
	}
	if p, ok := presets[lower]; ok {
		return typeCell{typ: p.typ, preset: p}, "", ""
	}
	if _, ok := deviceTypes[lower]; ok {
		return typeCell{typ: form.TypeHidden, device: lower}, "", ""
	}
	if first, list, _ := strings.Cut(plain, " "); strings.EqualFold(first, "osm") {
		return typeCell{typ: form.TypeFile, tags: true, list: list}, "", ""
	}
	if namesFile(words) {
		return r.fileType(words)
	}
	if strings.ToLower(words[0]) == "select_one_external" && len(words) > 1 {
		return typeCell{typ: form.TypeSelectOne, list: strings.Join(words[1:], " "), external: true}, "", ""
	}
	for n := min(len(words), 6); n > 0; n-- { // the longest beginning that is a type
		typ, ok := knownType(strings.ToLower(strings.Join(words[:n], " ")))
		if !ok || !typ.Select() {
			continue
		}
		t, bad, hint = selectType(typ, plain, words[n:])
		if _, known := fileEndings[path.Ext(t.list)]; known && r.form.Lists[t.list] == nil {
			t.file = t.list // select_one towns.csv
		}
		return t, bad, hint
	}
	return t, fmt.Sprintf("%q is no type of question.", plain), r.typeHint(words)
}

// dialectType reads a type of another tool, and a thing that no device here knows.
func dialectType(lower string) (t typeCell, ok bool) {
	first, _, _ := strings.Cut(lower, " ")
	why, empty := emptyTypes[lower]
	if _, ok := dialectPrefixes[first]; ok {
		why, empty = dialectPrefixes[first], true
	}
	switch {
	case empty && (dialects[lower] || dialectPrefixes[first] != ""):
		return typeCell{typ: form.TypeHidden, dialect: "it stays empty: " + why}, true
	case empty:
		return typeCell{typ: form.TypeHidden, empty: why}, true
	case lower == "enumerator": // SurveyCTO: chosen from a list of its own
		return typeCell{typ: form.TypeUsername, dialect: "it holds the name that the enumerator has on the device"}, true
	case lower == "calculate_here": // SurveyCTO: evaluated when the enumerator comes to it
		return typeCell{typ: form.TypeCalculate, dialect: "it is calculated as any calculate, not when the enumerator comes to it"}, true
	case strings.HasPrefix(lower, "db:"): // CHT: a contact, chosen from those that are known
		return typeCell{typ: form.TypeText, dialect: "the app that knows the contacts offers them; here it is asked as text"}, true
	case first == "hidden": // "hidden string", "hidden geopoint": kept as text
		return typeCell{typ: form.TypeHidden, dialect: "it is kept as text"}, true
	}
	return t, false
}

// selectType reads what stands behind a select: the list, and "or_other".
func selectType(typ form.Type, plain string, rest []string) (t typeCell, bad, hint string) {
	t.typ = typ
	joined := strings.Join(rest, " ")
	for _, suffix := range []string{" or_other", " or other", " or specify other"} {
		if list, ok := strings.CutSuffix(joined, suffix); ok {
			t.orOther, joined = true, list
		}
	}
	switch t.list = joined; {
	case joined == "":
		return t, fmt.Sprintf("%s names no list of choices.", plain), fmt.Sprintf("Write %s and the list's name from sheet choices.", typ)
	case t.orOther && typ == form.TypeRank:
		t.code = "rank-other"
		return t, "A rank cannot have or_other.", "Write the choice other on the sheet choices."
	}
	return t, "", ""
}

// knownType returns the type of a name in lower case, with blanks or underscores.
func knownType(lower string) (form.Type, bool) {
	if typ, ok := typeAliases[lower]; ok {
		return typ, true
	}
	if lower == "datetime" {
		return form.TypeDateTime, true
	}
	typ := form.Type(lower)
	return typ, slices.Contains(allTypes, typ)
}

var allTypes = form.Types()

func (r *reader) typeHint(words []string) string {
	names := []string{"begin group", "end group", "begin repeat", "end repeat"}
	for _, t := range allTypes {
		names = append(names, string(t))
	}
	whole := strings.Join(words, " ")
	if near := nearest(whole, names); near != "" {
		return fmt.Sprintf("Write %s.", near)
	}
	if near := nearest(words[0], names); near != "" {
		return fmt.Sprintf("Write %s.", strings.Join(append([]string{near}, words[1:]...), " "))
	}
	if _, ok := r.form.Lists[whole]; ok {
		return fmt.Sprintf("Write select_one %s.", whole)
	}
	return "Write a type of XLSForm, such as text, integer or select_one."
}
