package quality

import (
	"slices"
	"strings"
	"unicode"

	"vereda/survey/form"
	"vereda/survey/record"
)

// set is words, as they stand in the names of questions: in small letters, without marks.
type set map[string]bool

func wordSet(words string) set {
	s := set{}
	for w := range strings.FieldsSeq(words) {
		s[w] = true
	}
	return s
}

// The words that questions are guessed by, in Spanish, Portuguese, French, Haitian Creole and English.
var (
	eaWords      = wordSet("ea psu upm upa upe ups cluster segment segmento sector setor zd ze conglomerado grappe enumeration enumeracion denombrement")
	countryWords = wordSet("country pais pays peyi")
	homeWords    = wordSet("hh household hogar vivienda menage domicilio dwelling house casa menaj kay structure estructura logement")
	numberWords  = wordSet("num number numero no nro n id code codigo cod nimewo")
	wholeNumbers = wordSet("hhid hhno hhnum hhn idhogar nhogar")
	nameWords    = wordSet("name names nombre nombres nom prenom prenoms nome non firstname fullname surname apellido apellidos apodo")
	strangers    = wordSet("enum enumerator encuestador encuestadora interviewer entrevistador entrevistadora enqueteur anketeur anketè supervisor facility your form village location language school hospital " +
		"barrio comunidad community place lugar product brand typed file user")
	sexWords     = wordSet("sex sexo sexe seks gender genero")
	ageWords     = wordSet("age edad idade laj")
	phoneWords   = wordSet("phone telephone telefono telefone tel telf celular cel mobile movil whatsapp telefon contacto")
	addressWords = wordSet("address direccion endereco adresse adres domicile")
	hereWords    = wordSet("gps hh household home hogar vivienda dwelling house casa menage domicilio location ubicacion kay logement")
)

// guess finds the questions of a role by their types and the words of their names, in form order. members is the repeat of the members
// where that is known.
func guess(f *form.Form, r role, members record.Path) []*form.Item {
	var found []*form.Item
	for _, i := range f.Items() {
		if i.Kind == form.Question && roleOf(i) == "" && fits(r, i, nameOf(i)) {
			found = append(found, i)
		}
	}
	switch r {
	case roleEA:
		return area(f, found)
	case rolePosition:
		return positions(found)
	case roleName:
		return names(found)
	case roleSex, roleAge:
		found = slices.DeleteFunc(found, func(i *form.Item) bool { return i.Repeat() == nil || i.Repeat().Path != members })
	case rolePhone:
		return found
	}
	return found[:min(1, len(found))]
}

// fits reports whether a question may have a role.
func fits(r role, i *form.Item, name []string) bool {
	has := func(s set) bool { return slices.ContainsFunc(name, func(w string) bool { return s[w] }) }
	top := i.Repeat() == nil
	switch r {
	case roleEA:
		return top && written(i, true) && has(eaWords)
	case roleNumber:
		return top && written(i, true) && (has(wholeNumbers) || has(homeWords) && has(numberWords))
	case rolePosition:
		return top && i.Type == form.TypeGeopoint
	case roleName:
		return i.Type == form.TypeText && has(nameWords) && !has(strangers)
	case roleSex:
		return i.Type == form.TypeSelectOne && has(sexWords)
	case roleAge:
		return (i.Type == form.TypeInteger || i.Type == form.TypeDecimal) && has(ageWords)
	case rolePhone:
		return written(i, false) && has(phoneWords)
	case roleAddress:
		return top && i.Type == form.TypeText && has(addressWords)
	}
	return false
}

// written reports whether somebody writes the answer, or where choices are allowed chooses it.
func written(i *form.Item, chosen bool) bool {
	switch i.Type {
	case form.TypeText, form.TypeInteger, form.TypeBarcode:
		return true
	}
	return chosen && i.Type == form.TypeSelectOne
}

// area is the question for the enumeration area, behind that for the country where there is one.
func area(f *form.Form, found []*form.Item) []*form.Item {
	if len(found) == 0 {
		return nil
	}
	for _, i := range f.Items() {
		country := slices.ContainsFunc(nameOf(i), func(w string) bool { return countryWords[w] })
		if country && i.Kind == form.Question && i.Repeat() == nil && written(i, true) && roleOf(i) == "" && i != found[0] {
			return []*form.Item{i, found[0]}
		}
	}
	return found[:1]
}

// positions puts first the question that seems to be asked at the door.
func positions(found []*form.Item) []*form.Item {
	for _, i := range found {
		if slices.ContainsFunc(nameOf(i), func(w string) bool { return hereWords[w] }) {
			return []*form.Item{i}
		}
	}
	return found[:min(1, len(found))]
}

// names are the first question for a name in a repeat, or where there is none the first outside of one.
func names(found []*form.Item) []*form.Item {
	for _, i := range found {
		if i.Repeat() != nil {
			return []*form.Item{i}
		}
	}
	return found[:min(1, len(found))]
}

// nameOf takes the name of a question apart: "HH_Number" and "hhNumber" are "hh" and "number". Digits at the end of a word are left out.
func nameOf(i *form.Item) []string {
	var b strings.Builder
	small := false
	for _, r := range i.Name {
		if unicode.IsUpper(r) && small {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	parts := strings.Fields(fold(b.String()))
	for n, p := range parts {
		parts[n] = strings.TrimRight(p, "0123456789")
	}
	return parts
}
