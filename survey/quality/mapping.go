package quality

import (
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Mapping says which questions of a form tell what is compared. Paths are generic. What a form does not ask is empty.
type Mapping struct {
	EA       []record.Path // the codes of the areas, the enumeration area last
	Number   record.Path
	Position []record.Path // the first that is answered counts
	Head     record.Path   // the head's or respondent's name, asked outside of a repeat
	Members  record.Path   // the repeat of the members
	Name     record.Path   // in Members, as Sex and Age
	Sex      record.Path
	Age      record.Path
	Phones   []record.Path // in a repeat or not
	Address  []record.Path
}

// column is the column of a workbook's sheet survey that says what a question tells: a word of roles.
const column = "duplicates"

// role is what a question tells.
type role string

// The roles, as they are written in the column. What is marked noRole is not guessed either.
const (
	roleEA       role = "ea"
	roleNumber   role = "number"
	rolePosition role = "position"
	roleName     role = "name"
	roleSex      role = "sex"
	roleAge      role = "age"
	rolePhone    role = "phone"
	roleAddress  role = "address"
	noRole       role = "no"
)

// MappingOf finds the questions that tell what is compared: those that the form marks in its column "duplicates" with ea, number, position,
// name, sex, age, phone or address. What it marks nowhere is guessed from names and types of questions, as docs/duplicates.md says; "no" keeps
// a question out.
func MappingOf(f *form.Form) Mapping {
	var m Mapping
	marked := map[role]bool{}
	for _, i := range f.Items() {
		if r := roleOf(i); r != "" && r != noRole && m.put(r, i) {
			marked[r] = true
		}
	}
	for _, r := range []role{roleEA, roleNumber, rolePosition, roleName, roleSex, roleAge, rolePhone, roleAddress} {
		if marked[r] {
			continue
		}
		for _, i := range guess(f, r, m.Members) {
			m.put(r, i)
		}
	}
	return m
}

func roleOf(i *form.Item) role {
	if i.Kind != form.Question {
		return ""
	}
	return role(strings.ToLower(strings.TrimSpace(i.Columns[column])))
}

// put gives a question its role; false when that role is taken by another, or the question cannot have it.
func (m *Mapping) put(r role, i *form.Item) bool {
	repeat := record.Path("")
	if i.Repeat() != nil {
		repeat = i.Repeat().Path
	}
	switch r {
	case rolePhone:
		m.Phones = append(m.Phones, i.Path)
		return true
	case roleSex:
		return m.ofMember(&m.Sex, repeat, i.Path)
	case roleAge:
		return m.ofMember(&m.Age, repeat, i.Path)
	case roleName:
		if repeat != "" {
			return m.ofMember(&m.Name, repeat, i.Path)
		}
		return take(&m.Head, i.Path)
	}
	if repeat != "" {
		return false
	}
	switch r {
	case roleEA:
		m.EA = append(m.EA, i.Path)
	case rolePosition:
		m.Position = append(m.Position, i.Path)
	case roleAddress:
		m.Address = append(m.Address, i.Path)
	case roleNumber:
		return take(&m.Number, i.Path)
	default:
		return false
	}
	return true
}

// ofMember takes a question of the members' repeat, which the first such question chooses.
func (m *Mapping) ofMember(to *record.Path, repeat, question record.Path) bool {
	if repeat == "" || m.Members != "" && m.Members != repeat || *to != "" {
		return false
	}
	m.Members, *to = repeat, question
	return true
}

func take(to *record.Path, question record.Path) bool {
	if *to != "" {
		return false
	}
	*to = question
	return true
}

// Household fills in what the answers of an interview tell. What else h holds stays: interview, form, enumerator, device and time are not
// answers.
func (m Mapping) Household(h Household, answers record.Answers) Household {
	h.EA = ""
	if n := len(m.EA); n > 0 && !answers[m.EA[n-1]].IsZero() {
		h.EA = joined(answers, m.EA, "-")
	}
	h.Number = answers[m.Number].String()
	h.Address = joined(answers, m.Address, ", ")
	h.Position = Position{}
	for _, p := range m.Position {
		if h.Position = position(answers[p]); h.Position.Known {
			break
		}
	}
	h.Members = nil
	if name := answers[m.Head].String(); m.Head != "" && name != "" {
		h.Members = append(h.Members, Member{Name: name})
	}
	h.Phones = nil
	for _, instance := range m.instances(answers) {
		if member := m.member(answers, instance); m.Name != "" && member.Name != "" {
			h.Members = append(h.Members, member)
		}
	}
	for _, p := range m.Phones {
		h.Phones = append(h.Phones, values(answers, p)...)
	}
	return h
}

// joined are the answers to some questions, those that there are.
func joined(answers record.Answers, questions []record.Path, by string) string {
	var parts []string
	for _, p := range questions {
		if v := answers[p]; !v.IsZero() {
			parts = append(parts, v.String())
		}
	}
	return strings.Join(parts, by)
}

// instances are the members, in the order in which they were added.
func (m Mapping) instances(answers record.Answers) []record.Path {
	if m.Members == "" {
		return nil
	}
	var found []record.Path
	for p, v := range answers {
		if v.Kind() == record.Instance && p.Generic() == m.Members {
			found = append(found, p)
		}
	}
	slices.Sort(found)
	return found
}

func (m Mapping) member(answers record.Answers, instance record.Path) Member {
	of := func(question record.Path) string {
		if question == "" {
			return ""
		}
		return answers[instance+question[len(m.Members):]].String()
	}
	out := Member{Name: of(m.Name), Sex: of(m.Sex)}
	if age, err := strconv.ParseFloat(of(m.Age), 64); err == nil && age >= 0 && age < 1000 {
		out.Age, out.HasAge = int(age), true
	}
	return out
}

// values are the answers to a question, in a repeat all of them, in the order of their instances.
func values(answers record.Answers, question record.Path) []string {
	if v := answers[question]; !v.IsZero() {
		return []string{v.String()}
	}
	var at []record.Path
	for p := range answers {
		if p.Name() == question.Name() && p != question && p.Generic() == question {
			at = append(at, p)
		}
	}
	slices.Sort(at)
	var out []string
	for _, p := range at {
		out = append(out, answers[p].String())
	}
	return out
}

// position reads a geopoint. A point 0 0 is what a tablet writes that does not know where it is.
func position(v record.Value) Position {
	if v.Kind() != record.Geopoint {
		return Position{}
	}
	var n [4]float64
	for i, word := range strings.Fields(v.String()) {
		if f, err := strconv.ParseFloat(word, 64); err == nil && i < len(n) {
			n[i] = f
		}
	}
	if n[0] == 0 && n[1] == 0 {
		return Position{}
	}
	return Position{Known: true, Lat: n[0], Lon: n[1], Accuracy: n[3]}
}
