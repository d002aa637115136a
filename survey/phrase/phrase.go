// Package phrase says the rules of a form in words, in the five languages of package words: what an interviewer reads on paper
// instead of an expression. "/data/net = '1' and ../age >= 15" becomes "7.1 «Internet at home?» is «Yes» and 3.2 «Age» is at least 15".
//
// The usual shapes of expressions are said; a part that cannot be said is given as the expression itself, and marked.
package phrase

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
	"vereda/survey/xpath"
)

// Phrase is a piece of a sentence, without capital and full stop.
type Phrase []Piece

// Piece is a part of a phrase. Where Item is set, the words stand for that question and a page may make them a link.
type Piece struct {
	Words string
	Item  *form.Item
	Code  bool // the words are an expression that could not be said
}

// String returns the words alone; expressions stand between backquotes.
func (p Phrase) String() string {
	var b strings.Builder
	for _, piece := range p {
		if piece.Code {
			b.WriteString("`" + piece.Words + "`")
		} else {
			b.WriteString(piece.Words)
		}
	}
	return b.String()
}

// Said reports whether all of it could be said in words.
func (p Phrase) Said() bool {
	for _, piece := range p {
		if piece.Code {
			return false
		}
	}
	return true
}

// Speaker says the rules of one form in one language. It is safe for concurrent use.
type Speaker struct {
	form     *form.Form
	language string // of the form's texts
	words    words.Words
	number   func(*form.Item) string
}

//go:embed texts/*.json
var textFiles embed.FS

var catalogue = sync.OnceValue(func() *words.Catalogue {
	texts, err := fs.Sub(textFiles, "texts")
	if err == nil {
		var c *words.Catalogue
		if c, err = words.Load(texts); err == nil {
			return c
		}
	}
	panic("phrase: " + err.Error()) // the texts are part of the program; a test loads them
})

// New returns a speaker. language names the language of the form's texts (form.Language.Name), spoken the one of package words that the
// rest is said in. number returns the number that a question has on the page, "" for none; nil when there are no numbers.
func New(f *form.Form, language, spoken string, number func(*form.Item) string) *Speaker {
	if number == nil {
		number = func(*form.Item) string { return "" }
	}
	return &Speaker{form: f, language: language, words: catalogue().In(spoken), number: number}
}

// Condition says an expression that holds or not, as it would follow "if". Its paths are resolved from the item.
func (s *Speaker) Condition(i *form.Item, e *xpath.Expr) Phrase {
	t := s.telling(i)
	return t.phrase(t.condition(e.Tree(i.ElementPath(), i.ElementPath())).whole(t))
}

// Value says an expression that gives a value.
func (s *Speaker) Value(i *form.Item, e *xpath.Expr) Phrase {
	t := s.telling(i)
	return t.phrase(t.value(e.Tree(i.ElementPath(), i.ElementPath())).words)
}

// Choices says the choice filter of a question, as it would follow "only the choices for which"; nothing when all are offered. Choices that are read from somewhere
// else than a list of the form, such as the answers in a repeat, are said as a value: see Listed.
func (s *Speaker) Choices(i *form.Item, e *xpath.Expr) Phrase {
	t := s.telling(i)
	if i.List != nil && i.Itemset == nil {
		t.choices = "instance(" + i.List.Name + ")/root/item"
		return t.phrase(t.condition(e.Tree(t.choices, i.ElementPath())).whole(t))
	}
	tree := e.Tree(i.ElementPath(), i.ElementPath())
	if !Listed(i) {
		return t.phrase(t.value(tree).words)
	}
	if conditions := t.predicates(tree); len(conditions) > 0 {
		return t.phrase(t.join("and", conditions).whole(t))
	}
	return nil
}

// Listed reports whether the choices of a question are those of a list, all of which is known; a filter may leave some out.
func Listed(i *form.Item) bool {
	if i.List == nil || i.Itemset != nil && len(i.List.Choices) == 0 {
		return false
	}
	return i.Itemset == nil || strings.HasPrefix(i.ChoiceFilter.Tree("", "").Path, "instance(")
}

// Reference returns how the speaker names a question: its number and the beginning of its label, or what it has of these.
func (s *Speaker) Reference(i *form.Item) Phrase {
	t := s.telling(nil)
	return t.phrase(t.reference(i))
}

// Text returns a text of the form with the answers that it shows in brackets.
func (s *Speaker) Text(i *form.Item, text form.Text) Phrase {
	t := s.telling(i)
	var b strings.Builder
	for _, part := range text.In(s.language, s.form.DefaultLanguage) {
		if part.Expr == nil {
			b.WriteString(Unmarked(strip(part.Words)))
			continue
		}
		b.WriteString("[" + t.value(part.Expr.Tree(i.ElementPath(), i.ElementPath())).words + "]")
	}
	return t.phrase(b.String())
}

// telling is one phrase in the making. Questions and expressions stand in its words as marks, so that words can be put together without
// losing them.
type telling struct {
	*Speaker
	item    *form.Item // the rule's
	choices string     // path of the choices that a filter is evaluated on
	pieces  []Piece
	named   map[*form.Item]bool // said with its label already
	depth   int
}

func (s *Speaker) telling(i *form.Item) *telling {
	return &telling{Speaker: s, item: i, named: map[*form.Item]bool{}}
}

// Marks are characters of Unicode's private use that no text of a form keeps (see strip).
const markBegin, markEnd = "\uE000", "\uE001"

var marks = strings.NewReplacer(markBegin, "", markEnd, "")

func strip(s string) string { return marks.Replace(s) }

// mark puts a piece into words.
func (t *telling) mark(p Piece) string {
	t.pieces = append(t.pieces, p)
	return markBegin + strconv.Itoa(len(t.pieces)-1) + markEnd
}

// contractions join a preposition with the article after it, as texts put together from pieces need.
var contractions = map[string]*strings.Replacer{
	"es": strings.NewReplacer(" de el ", " del ", " a el ", " al "),
	"pt": strings.NewReplacer(" em a ", " na ", " em o ", " no ", " em as ", " nas ", " em os ", " nos ", " de a ", " da ", " de o ", " do ", " de as ", " das ",
		" de os ", " dos ", " a a ", " à ", " a o ", " ao ", " em um ", " num ", " em uma ", " numa ", " por a ", " pela ", " por o ", " pelo "),
	"fr": strings.NewReplacer(" de le ", " du ", " de les ", " des ", " à le ", " au ", " à les ", " aux ", " de une ", " d’une ", " de un ", " d’un ", " de à ", " d’à ",
		" de années ", " d’années ", " que une ", " qu’une ", " que un ", " qu’un "),
}

// quote puts the words of a form in quotes, out of reach of what is done to the words around them.
func (t *telling) quote(s string) string { return t.mark(Piece{Words: "«" + strip(s) + "»"}) }

// phrase cuts words at their marks.
func (t *telling) phrase(s string) Phrase {
	if c := contractions[t.words.Language()]; c != nil {
		s = c.Replace(s)
	}
	var p Phrase
	for s != "" {
		plain, rest, marked := strings.Cut(s, markBegin)
		if plain != "" {
			p = append(p, Piece{Words: plain})
		}
		if !marked {
			break
		}
		number, after, _ := strings.Cut(rest, markEnd)
		if n, err := strconv.Atoi(number); err == nil && n < len(t.pieces) {
			p = append(p, t.pieces[n])
		}
		s = after
	}
	return p
}

// code gives an expression as it is, with ${name} for its questions.
func (t *telling) code(tree xpath.Tree) string {
	written := tree.Write(func(path xpath.Tree) string {
		if i := t.find(path); i != nil && i != t.item {
			return "${" + i.Name + "}"
		}
		return ""
	})
	return t.mark(Piece{Words: strip(written), Code: true})
}

// find returns the item that a path leads to, nil for none.
func (t *telling) find(path xpath.Tree) *form.Item {
	if path.Kind != xpath.PathTree || path.Filtered() {
		return nil
	}
	return t.at(path.Path)
}

func (t *telling) at(path string) *form.Item {
	root := t.form.Root
	if path == "/"+root.Name {
		return root
	}
	generic, ok := strings.CutPrefix(path, "/"+root.Name+"/")
	if !ok {
		return nil
	}
	i, _ := t.form.Item(record.Path(generic))
	return i
}
