package xlsformtest_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/xuri/excelize/v2"

	"vereda/survey/xlsform/xlsformtest"
)

func TestWorkbookHoldsTheTables(t *testing.T) {
	data := xlsformtest.Workbook(`
		| survey  |      |          |
		|         | type | name     |
		|         | text | a \| b   |
		|         |      | c        |
		| choices |      |          |
		|         | list_name | x\ny |
	`)
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := book.GetSheetList(), []string{"survey", "choices"}; !reflect.DeepEqual(got, want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
	rows, err := book.GetRows("survey")
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{{"type", "name"}, {"text", "a | b"}, {"", "c"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("survey %q, want %q", rows, want)
	}
	rows, _ = book.GetRows("choices")
	if want := [][]string{{"list_name", "x\ny"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("choices %q, want %q", rows, want)
	}
}

func TestWorkbookPanicsOnWhatIsNoTable(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	xlsformtest.Workbook("survey | type")
}
