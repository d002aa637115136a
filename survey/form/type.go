package form

import (
	"slices"
	"strings"

	"vereda/survey/record"
)

// Type is the type of a question, in the words of XLSForm.
type Type string

// The types of questions.
const (
	TypeText           Type = "text"
	TypeInteger        Type = "integer"
	TypeDecimal        Type = "decimal"
	TypeRange          Type = "range"
	TypeDate           Type = "date"
	TypeTime           Type = "time"
	TypeDateTime       Type = "dateTime"
	TypeSelectOne      Type = "select_one"
	TypeSelectMultiple Type = "select_multiple"
	TypeRank           Type = "rank"
	TypeGeopoint       Type = "geopoint"
	TypeGeotrace       Type = "geotrace"
	TypeGeoshape       Type = "geoshape"
	TypeImage          Type = "image"
	TypeAudio          Type = "audio"
	TypeVideo          Type = "video"
	TypeFile           Type = "file"
	TypeBarcode        Type = "barcode"
	TypeNote           Type = "note"
	TypeAcknowledge    Type = "acknowledge"
	TypeCalculate      Type = "calculate"
	TypeHidden         Type = "hidden"
	TypeStart          Type = "start"
	TypeEnd            Type = "end"
	TypeToday          Type = "today"
	TypeDeviceID       Type = "deviceid"
	TypeUsername       Type = "username"
	TypeAudit          Type = "audit"
)

// kinds is what each type holds. A calculated value is the text that its expression gives; numbers are written as XPath writes them.
var kinds = map[Type]record.Kind{
	TypeText: record.Text, TypeInteger: record.Integer, TypeDecimal: record.Decimal, TypeRange: record.Decimal,
	TypeDate: record.Date, TypeTime: record.Time, TypeDateTime: record.DateTime,
	TypeSelectOne: record.Text, TypeSelectMultiple: record.Choices, TypeRank: record.Choices,
	TypeGeopoint: record.Geopoint, TypeGeotrace: record.Geotrace, TypeGeoshape: record.Geoshape,
	TypeImage: record.File, TypeAudio: record.File, TypeVideo: record.File, TypeFile: record.File,
	TypeBarcode: record.Text, TypeNote: 0, TypeAcknowledge: record.Text, TypeCalculate: record.Text, TypeHidden: record.Text,
	TypeStart: record.DateTime, TypeEnd: record.DateTime, TypeToday: record.Date,
	TypeDeviceID: record.Text, TypeUsername: record.Text, TypeAudit: record.File,
}

// Types returns all types, sorted.
func Types() []Type {
	list := make([]Type, 0, len(kinds))
	for t := range kinds {
		list = append(list, t)
	}
	slices.Sort(list)
	return list
}

// KindOf returns the kind of value that a question of the item's type holds; 0 for a note, a group and a repeat. A range holds
// whole numbers when its start, end and step are whole.
func (i *Item) KindOf() record.Kind {
	if i.Kind != Question {
		return 0
	}
	if i.Holds != 0 {
		return i.Holds
	}
	if i.Type == TypeRange && i.wholeRange() {
		return record.Integer
	}
	return kinds[i.Type]
}

func (i *Item) wholeRange() bool {
	for _, name := range []string{"start", "end", "step"} {
		for _, r := range i.Parameters[name] {
			if r == '.' {
				return false
			}
		}
	}
	return true
}

// Select reports whether the question is answered with choices of a list.
func (t Type) Select() bool { return t == TypeSelectOne || t == TypeSelectMultiple || t == TypeRank }

// Metadata reports whether the device answers the question, unseen.
func (t Type) Metadata() bool {
	switch t {
	case TypeStart, TypeEnd, TypeToday, TypeDeviceID, TypeUsername, TypeAudit:
		return true
	}
	return false
}

// Shown reports whether a question of the type is ever on a screen.
func (t Type) Shown() bool { return !t.Metadata() && t != TypeCalculate && t != TypeHidden }

// preloads are the jr:preload and jr:preloadParams with which XForms ask for metadata.
var preloads = map[Type][2]string{TypeStart: {"timestamp", "start"}, TypeEnd: {"timestamp", "end"}, TypeToday: {"date", "today"},
	TypeDeviceID: {"property", "deviceid"}, TypeUsername: {"property", "username"}}

// PreloadType returns the type of the question that an XForm writes with jr:preload and jr:preloadParams ("timestamp", "start").
func PreloadType(preload, params string) (Type, bool) {
	for t, p := range preloads {
		if p == [2]string{preload, params} {
			return t, true
		}
	}
	return "", false
}

// Preload returns the jr:preload and jr:preloadParams with which an XForm asks for a type; false for what a device does not record.
func (t Type) Preload() (preload, params string, ok bool) {
	p, ok := preloads[t]
	return p[0], p[1], ok
}

// bound are the types of questions that an XForm asks with a line of input, by the type of the bind.
var bound = map[string]Type{"string": TypeText, "int": TypeInteger, "integer": TypeInteger, "decimal": TypeDecimal, "date": TypeDate, "time": TypeTime,
	"dateTime": TypeDateTime, "geopoint": TypeGeopoint, "geotrace": TypeGeotrace, "geoshape": TypeGeoshape, "barcode": TypeBarcode}

// BoundType returns the type of a question that an XForm asks with a line of input, by the type of its bind ("int").
func BoundType(bind string) (Type, bool) {
	t, ok := bound[strings.TrimPrefix(bind, "xsd:")]
	return t, ok
}
