package form_test

import (
	"testing"

	"vereda/survey/form"
)

func TestWhatIsShownInsteadOfAnAppearance(t *testing.T) {
	for _, test := range []struct {
		item    form.Item
		word    string
		instead bool
	}{
		{form.Item{Kind: form.Question, Type: form.TypeDate}, "Ethiopian", true},
		{form.Item{Kind: form.Question, Type: form.TypeText}, "ethiopian", false},
		{form.Item{Kind: form.Question, Type: form.TypeText}, "ex:org.example(x='1')", true},
		{form.Item{Kind: form.Question, Type: form.TypeSelectOne}, "columns-3", false},
		{form.Item{Kind: form.Question, Type: form.TypeSelectOne}, "w3", false},
		{form.Item{Kind: form.Question, Type: form.TypeImage}, "new-front", true},
		{form.Item{Kind: form.Group}, "table-list", false},
		{form.Item{Kind: form.Group}, "new-front", false},
	} {
		if got := test.item.Instead(test.word); got != "" != test.instead {
			t.Errorf("%s %s: %q", test.item.Type, test.word, got)
		}
	}
}
