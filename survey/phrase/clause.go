package phrase

import "strings"

// clause is something that holds or not. One about a single subject keeps it apart from what is said of it, so that clauses about the same subject can be
// put together: "a is 1 or a is 2" as "a is 1 or 2".
type clause struct {
	about   string // tells subjects apart; "" for a whole sentence
	subject string
	verb    string   // key of what is said; "" when says is all
	objects []string // of the verb, joined by "or", "and" or "nor"
	says    string   // without verb: what is said of the subject, or the whole sentence
	mixed   bool     // it has "and" or "or" of its own: in another it stands in parentheses
}

// whole says the clause.
func (c clause) whole(t *telling) string {
	if c.about == "" {
		return c.says
	}
	return c.subject + " " + c.predicate(t)
}

// predicate says what is said of the subject.
func (c clause) predicate(t *telling) string {
	switch c.verb {
	case "":
		return c.says
	case "answered", "unanswered", "true", "false":
		return t.words.Say(c.verb)
	case "is.not", "lacks":
		return t.words.Say(c.verb, t.list("nor", c.objects))
	case "between":
		return t.words.Say("between", c.objects[0], c.objects[1])
	case "includes.all":
		return t.words.Say("includes", t.list("both", c.objects))
	}
	return t.words.Say(c.verb, t.list("or", c.objects))
}

// merges says which verbs of clauses joined by a word become one with several objects.
var merges = map[string]map[string]string{
	"or":  {"is": "is", "includes": "includes"},
	"and": {"is.not": "is.not", "lacks": "lacks", "includes": "includes.all", "includes.all": "includes.all"},
}

// join puts clauses together with "and" or "or". Those about one subject come together, where the first of them stands.
func (t *telling) join(word string, clauses []clause) clause {
	var groups [][]clause
	place := map[string]int{}
	for _, c := range clauses {
		n, seen := place[c.about]
		if c.about == "" || !seen {
			place[c.about] = len(groups)
			groups = append(groups, []clause{c})
			continue
		}
		groups[n] = append(groups[n], c)
	}
	parts := make([]string, 0, len(groups))
	for _, g := range groups {
		one := t.together(word, g)
		if len(groups) == 1 {
			return one
		}
		said := one.whole(t)
		if one.mixed {
			said = "(" + said + ")"
		}
		parts = append(parts, said)
	}
	return clause{says: t.list(word, parts), mixed: true}
}

// together makes one clause of several about the same subject.
func (t *telling) together(word string, group []clause) clause {
	var kept []clause
	for _, c := range group {
		if n := len(kept); n > 0 {
			if one, ok := fuse(word, kept[n-1], c); ok {
				kept[n-1] = one
				continue
			}
		}
		kept = append(kept, c)
	}
	if len(kept) == 1 {
		return kept[0]
	}
	said := make([]string, len(kept))
	for n, c := range kept {
		said[n] = c.predicate(t)
		if c.mixed {
			said[n] = "(" + said[n] + ")"
		}
	}
	return clause{about: group[0].about, subject: group[0].subject, says: t.list(word, said), mixed: true}
}

// fuse makes one clause of two about the same subject, if that reads better.
func fuse(word string, a, b clause) (clause, bool) {
	if verb := merges[word][b.verb]; verb != "" && (a.verb == b.verb || a.verb == verb) {
		a.verb, a.objects = verb, append(append([]string{}, a.objects...), b.objects...)
		return a, true
	}
	if word == "and" && a.verb == "at.least" && b.verb == "at.most" {
		a.verb, a.objects = "between", []string{a.objects[0], b.objects[0]}
		return a, true
	}
	if word == "and" && a.verb == "at.most" && b.verb == "at.least" {
		a.verb, a.objects = "between", []string{b.objects[0], a.objects[0]}
		return a, true
	}
	return a, false
}

// list joins parts with commas and, before the last, the word of a key.
func (t *telling) list(word string, parts []string) string {
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return parts[0]
	default:
		glue := t.words.Say("join." + word)
		if strings.HasPrefix(glue, ",") {
			return strings.Join(parts, glue)
		}
		return strings.Join(parts[:n-1], ", ") + " " + glue + " " + parts[n-1]
	}
}
