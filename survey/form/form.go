// Package form holds what is asked: questions, groups, repeats, choices, texts and rules, and which rule depends on which
// question. A Form is built by a reader (package xlsform), compiled once, and then only read: it is safe for
// concurrent use and shared by all sessions.
package form

import (
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Form is one version of a questionnaire.
type Form struct {
	ID              string
	Version         string
	Title           string
	Languages       []Language // in the workbook's order; one with Code "" when the workbook names none
	DefaultLanguage string     // Language.Name
	Style           string     // settings' style, e.g. "pages"
	Root            *Item      // a Group that holds everything; its Name is the name of the root element
	Lists           map[string]*List
	InstanceName    *xpath.Expr       // nil: none
	Settings        map[string]string // as written, all columns of the settings sheet

	items map[record.Path]*Item // by generic path
	graph Graph
}

// Language is a language of the form's texts.
type Language struct {
	Name string // "Español (es)", as the columns are headed
	Code string // "es"; "" when the heading gives none
}

// ItemKind says what an Item is.
type ItemKind uint8

// The kinds of items.
const (
	Question ItemKind = iota + 1
	Group
	Repeat
)

// Item is a question, a group or a repeat.
type Item struct {
	Kind     ItemKind
	Type     Type        // questions only
	Name     string      // of the last segment
	Path     record.Path // generic: without instance IDs; "" for the root
	Parent   *Item
	Children []*Item
	Index    int // place in form order, the root 0

	Label, Hint, Guidance Text
	Media                 map[string]Text // "image", "audio", "video": file names

	Relevant, Constraint, Calculation  *xpath.Expr // nil: none
	Required                           *xpath.Expr // nil: never
	ReadOnly                           *xpath.Expr
	Default                            *xpath.Expr // dynamic default, evaluated on first load or when the instance is made
	DefaultText                        string      // static default, ODK text
	RepeatCount                        *xpath.Expr
	ChoiceFilter                       *xpath.Expr // evaluated on each choice of List as node, "name", "label" and columns its children, ".." not offered; current() is the question
	ConstraintMessage, RequiredMessage Text

	List       *List // select questions
	OrOther    bool
	Appearance []string // words
	Parameters map[string]string
	Columns    map[string]string // the workbook's other columns, e.g. "indicator"
	Source     Cell              // where it stands in the workbook
}

// Cell is a place in a workbook.
type Cell struct {
	Sheet  string
	Row    int    // from 1
	Column string // heading, or ""
}

// Type is the type of a question, in the words of XLSForm.
type Type string

// The types of the built-in questionnaire.
const (
	TypeText           Type = "text"
	TypeInteger        Type = "integer"
	TypeDecimal        Type = "decimal"
	TypeDate           Type = "date"
	TypeSelectOne      Type = "select_one"
	TypeSelectMultiple Type = "select_multiple"
	TypeGeopoint       Type = "geopoint"
	TypeImage          Type = "image"
	TypeNote           Type = "note"
	TypeCalculate      Type = "calculate"
	TypeStart          Type = "start"
	TypeEnd            Type = "end"
	TypeToday          Type = "today"
	TypeDeviceID       Type = "deviceid"
	TypeAudit          Type = "audit"
)

// List is a list of choices.
type List struct {
	Name    string
	Choices []Choice
	Columns []string // extra columns, for filters
}

// Choice is one choice of a list.
type Choice struct {
	Name    string
	Label   Text
	Columns map[string]string
	Source  Cell
}

// Text is a text in the form's languages, with places that show answers.
type Text struct {
	byLanguage map[string][]Part // key: Language.Name
}

// Part is a piece of a text: words, or an expression whose value stands there.
type Part struct {
	Words string
	Expr  *xpath.Expr // nil for words
}

// NewText returns a text of the given parts by language name. It keeps the map.
func NewText(byLanguage map[string][]Part) Text { return Text{byLanguage} }

// In returns the parts in a language; those of the form's default language or of any other when it has none.
func (t Text) In(language, fallback string) []Part { panic("stub") }

// IsZero reports whether the text is empty in every language.
func (t Text) IsZero() bool { return len(t.byLanguage) == 0 }

// Compile checks the items against each other, finds which rule depends on which, and orders them. It must be called once,
// after the tree is built and before the form is used. All problems are returned at once.
func (f *Form) Compile() []Problem { panic("stub") }

// Item returns the item at a generic path.
func (f *Form) Item(p record.Path) (*Item, bool) { panic("stub") }

// Items returns all items in form order. The slice belongs to the form.
func (f *Form) Items() []*Item { panic("stub") }

// KindOf returns the kind of value that a question of the item's type holds; 0 for a note.
func (i *Item) KindOf() record.Kind { panic("stub") }

// ElementPath returns the item's path in expressions: "/data/grp_c/roster".
func (i *Item) ElementPath() string { panic("stub") }

// Severity says whether a problem keeps a form from running.
type Severity uint8

// The severities.
const (
	Warning Severity = iota + 1
	Error
)

// Problem is something wrong with a form, for the person who wrote it.
type Problem struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // stable, e.g. "unknown-type"
	Cell     Cell     `json:"cell"`
	Text     string   `json:"text"`           // what the cell says
	Message  string   `json:"message"`        // what is wrong, a sentence
	Hint     string   `json:"hint,omitempty"` // what to write instead, a sentence
}

// Dictionary returns the bytes that batches of this form's interviews are compressed against: a raw zstd dictionary made of
// names, choices and the skeleton of a revision. It depends on the form alone.
func (f *Form) Dictionary() []byte { panic("stub") }
