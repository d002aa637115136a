package dashboard

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/words"
	"vereda/survey/words/wordstest"
)

func TestEveryTextIsUsedAndThere(t *testing.T) {
	s := must(newServer(options(&field{})))(t)
	wordstest.Check(t, os.DirFS("."), s.words)
}

// rawKey is what a page shows where a text is missing.
var rawKey = regexp.MustCompile(`>\s*[a-z]+\.[a-z.]+\s*<`)

func TestEveryPageInEveryLanguage(t *testing.T) {
	full, empty := options(someField(t)), options(&field{})
	empty.Forms = func(context.Context) ([]*form.Form, error) { return nil, nil }
	for state, o := range map[string]Options{"full": full, "empty": empty} {
		o.Import = func(context.Context, []Upload) ([]Imported, error) { return nil, nil }
		o.Revoke = func(context.Context, string) error { return nil }
		b := member(t, o, "ada")
		s := must(newServer(o))(t)
		for _, language := range words.Languages {
			w := s.words.In(language)
			b.get("/?lang=" + language)
			pages := map[string][]string{
				"/": {w.Say("overview.incomplete")}, "/interviews": {w.Say("filter.apply")}, "/conflicts": {w.Say("page.conflicts")},
				"/devices": {w.Say("page.devices")}, "/aside": {w.Say("page.aside")}, "/downloads": {w.Say("downloads.help")},
				"/import": {w.Say("import.help")}, "/account": {w.Say("account.change")},
			}
			if state == "full" {
				pages["/interviews/"+interviewID(1).String()] = []string{w.Say("interview.history"), w.Say("conflicts.provisional"), w.Say("flag.constraint")}
				pages["/conflicts"] = append(pages["/conflicts"], "CUB-", w.Say("conflicts.provisional"))
				pages["/devices"] = append(pages["/devices"], w.Say("devices.clock.todo"))
			} else {
				for path, key := range map[string]string{"/": "overview", "/interviews": "overview", "/interviews?conflicts=1": "interviews", "/conflicts": "conflicts", "/devices": "devices", "/aside": "aside", "/downloads": "downloads"} {
					pages[path] = append(pages[path], w.Say(key+".empty"), w.Say(key+".empty.next"))
				}
			}
			for path, parts := range pages {
				text := b.sees(path, http.StatusOK, append(parts, fmt.Sprintf(`<html lang="%s">`, language))...)
				if raw := rawKey.FindString(text); raw != "" {
					t.Errorf("%s %s shows a key: %s", language, path, raw)
				}
				if strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "%!") {
					t.Errorf("%s %s: something could not be shown", language, path)
				}
			}
		}
	}
}

func TestLanguageIsTheVisitors(t *testing.T) {
	b := visitor(t, options(&field{}))
	ask := func(accept string) string {
		r := must(http.NewRequest("GET", b.url+"/login", nil))(t)
		r.Header.Set("Accept-Language", accept)
		_, text := b.do(r)
		return regexp.MustCompile(`<html lang="(..)">`).FindStringSubmatch(text)[1]
	}
	for accept, want := range map[string]string{"": "es", "pt-BR,pt;q=0.9,en;q=0.8": "pt", "de, fr;q=0.5": "fr", "zh": "es"} {
		if got := ask(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
	b.sees("/login?to=/devices&lang=ht", http.StatusOK, `<html lang="ht">`, `value="/devices"`)
	if got := ask("pt"); got != "ht" {
		t.Errorf("the choice is kept: %s", got)
	}
}

func TestInterviewTellsAll(t *testing.T) {
	b := member(t, options(someField(t)), "vera")
	text := b.sees("/interviews/"+interviewID(1).String(), http.StatusOK,
		"Falta un envío de tab-3",                       // a revision has not come
		"¿Este hogar tiene radio en casa, funcionando?", // labels in Spanish
		"E07, Tableta 1 (Ana)", "E11, Tableta 2 (Luis)", // who gave the two answers
		"Persona del hogar 1",                    // where
		"Respuestas que el formulario no conoce", // nothing is left out
		"old_question", "azul",
		"&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;", // hostile answers are text
		"por archivo", "por un centro de acopio",
		"Hora corregida", // of the tablet whose clock is two days ahead
		"Valor fuera de rango", "falta una respuesta obligatoria",
	)
	if strings.Contains(text, hostile) {
		t.Error("an answer became markup")
	}
	if n := strings.Count(text, "Hora corregida"); n != 1 {
		t.Errorf("%d corrected times: right clocks need none", n)
	}
	b.sees("/interviews/"+interviewID(99).String(), http.StatusNotFound, "no tiene esa entrevista")
	b.sees("/interviews/nonsense", http.StatusNotFound, "Esta página no existe")
}

// Every answer of the merged interview stands on the page.
func TestNoAnswerIsLeftOut(t *testing.T) {
	f := someField(t)
	o := options(f)
	text := member(t, o, "vera").sees("/interviews/"+interviewID(1).String(), http.StatusOK)
	for p, v := range f.stories[0].Merged.Answers {
		if v.Kind() != record.Instance && !strings.Contains(text, `id="q-`+string(p)+`"`) {
			t.Errorf("%s = %q is not there", p, v)
		}
	}
	// Nor when the form is not published here.
	o.Forms = func(context.Context) ([]*form.Form, error) { return nil, nil }
	text = member(t, o, "vera").sees("/interviews/"+interviewID(1).String(), http.StatusOK, "no está publicada aquí")
	for p, v := range f.stories[0].Merged.Answers {
		if v.Kind() != record.Instance && !strings.Contains(text, `id="q-`+string(p)+`"`) {
			t.Errorf("without the form: %s is not there", p)
		}
	}
}

// text is a text in Spanish.
func text(s string) form.Text {
	return form.NewText(map[string][]form.Part{"Español (es)": {{Words: s}}})
}

func TestRepeatsInRepeats(t *testing.T) {
	f := &form.Form{ID: "hh", Version: "1", Languages: []form.Language{{Name: "Español (es)", Code: "es"}}, DefaultLanguage: "Español (es)",
		Root: &form.Item{Kind: form.Group, Name: "data"}}
	member := &form.Item{Kind: form.Repeat, Name: "member", Label: text("Persona")}
	f.Root.Add(member)
	phone := &form.Item{Kind: form.Repeat, Name: "phone", Label: text("Teléfono")}
	member.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "name", Label: text("Nombre")})
	member.Add(phone)
	phone.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "number", Label: text("Número")})
	if problems := f.Compile(); form.HasErrors(problems) {
		t.Fatal(problems)
	}
	s := must(newServer(options(&field{})))(t)
	r := newReader(f, nameBook{}, s.words.In("es"), times{s.words.In("es"), bogota, s.Now})
	r.story(fieldwork.Story{Merged: record.Merged{Answers: record.Answers{
		"member/0001aaaaaa": record.Exists(), "member/0001aaaaaa/name": record.NewText("Ana"),
		"member/0003cccccc": record.Exists(), "member/0003cccccc/name": record.NewText("Luz"),
		"member/0003cccccc/phone/0001bbbbbb": record.Exists(), "member/0003cccccc/phone/0001bbbbbb/number": record.NewText("300")}}})
	sections := r.sections()
	if len(sections) != 2 || sections[0].Repeat.Rows[0].Cells[1].Value.Text != "Luz" {
		t.Fatalf("%+v", sections)
	}
	if got := sections[1].Heading; got != "Persona 2 › Teléfono" {
		t.Errorf("the inner repeat is headed %q", got)
	}
	if got := r.where("member/0003cccccc/phone/0001bbbbbb/number"); got != "Persona 2 › Teléfono 1" {
		t.Errorf("where: %q", got)
	}
	if got := r.where("member/0007zzzzzz/name"); got != "Persona 7" {
		t.Errorf("an instance that is gone: %q", got)
	}
}

// Two interviews of one household are laid beside each other member by member, whatever the IDs of the members; what nobody was asked is left out.
func TestMembersStandBesideEachOther(t *testing.T) {
	f := questionnaire.Form()
	s := must(newServer(options(&field{})))(t)
	roster := func(ids ...string) fieldwork.Story {
		m := record.Merged{Answers: record.Answers{}, Derived: map[record.Path]bool{}}
		for n, id := range ids {
			p := record.Path("grp_c/roster").Join(id)
			m.Answers[p], m.Answers[p.Join("m_name")], m.Answers[p.Join("m_elig")] = record.Exists(), record.NewText(string(rune('A'+n))), record.NewInteger(int64(n))
			m.Derived[p.Join("m_elig")] = true
		}
		return fieldwork.Story{Merged: m}
	}
	var body pairBody
	s.sideBySide(&visit{Words: s.words.In("es")}, nameBook{forms: []*form.Form{f}}, &body, roster("0001aaaaaa", "0003cccccc"), roster("0001bbbbbb", "0002dddddd", "0003eeeeee"))
	var got []string
	for _, r := range body.Rows {
		got = append(got, fmt.Sprintf("%s: %s|%s", r.Where, r.A.Text, r.B.Text))
	}
	if body.Alike != 2 || len(got) != 1 || !strings.HasSuffix(got[0], " 3: |C") {
		t.Errorf("%d alike, %q", body.Alike, got)
	}
}

// coded is an error as the archive has them.
type coded string

func (c coded) Error() string { return string(c) }
func (c coded) Code() string  { return string(c) }

func TestAbsent(t *testing.T) {
	for err, want := range map[error]bool{fs.ErrNotExist: true, coded("not-found"): true, fmt.Errorf("story: %w", coded("not-found")): true, coded("full"): false, errBroken: false} {
		if absent(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
	if absent(nil) {
		t.Error("no error")
	}
}

func TestListIsFilteredAndPaged(t *testing.T) {
	f := &field{devices: []fieldwork.Device{{ID: "tab-1", Name: "Uno"}}}
	for n := range 120 {
		f.stories = append(f.stories, fieldwork.Story{Interview: fieldwork.Interview{ID: interviewID(n), Form: "lac_hh_connect", Device: []string{"tab-1", "tab-2"}[n%2], Name: fmt.Sprintf("hogar-%03d", n), Incomplete: n == 7, Received: today.Add(time.Duration(n/8) * time.Minute)}})
	}
	slow := &f.stories[3] // of a tablet whose clock is years slow, received last
	slow.Name, slow.Received = "atrasada", today.Add(time.Hour)
	b := member(t, options(f), "vera")
	text := b.sees("/interviews", http.StatusOK, "120 entrevistas", "hogar-119", "hogar-071")
	if at := strings.Index(text, "atrasada"); at < 0 || at > strings.Index(text, "hogar-119") {
		t.Error("what was received last does not stand first")
	}
	seen := 1 + strings.Count(text, "hogar-")
	next := regexp.MustCompile(`href="([^"]*)">Anteriores`)
	for range 5 {
		m := next.FindStringSubmatch(text)
		if m == nil {
			break
		}
		text = b.sees(strings.ReplaceAll(m[1], "&amp;", "&"), http.StatusOK, "Más recientes")
		seen += strings.Count(text, "hogar-")
	}
	if seen != 120 {
		t.Errorf("paging shows %d of 120", seen)
	}
	b.sees("/interviews?device=tab-1", http.StatusOK, "60 entrevistas", `<option value="tab-1" selected>Uno`)
	b.sees("/interviews?incomplete=1", http.StatusOK, "Una entrevista", "hogar-007", "incompleta")
	b.sees("/interviews?conflicts=1", http.StatusOK, "Ninguna entrevista corresponde.")
	for _, damaged := range []string{"nonsense", "x." + interviewID(1).String(), "1764547200000.nonsense"} {
		b.sees("/interviews?before="+damaged, http.StatusBadRequest, "Esta dirección está dañada")
	}
	if text := b.sees("/interviews?before="+interviewID(60).String(), http.StatusOK, "atrasada"); strings.Contains(text, "Más recientes") {
		t.Error("an address of before does not lead to the beginning")
	}
}

func TestDownloads(t *testing.T) {
	o := options(someField(t))
	b := member(t, o, "cora")
	const path = "/downloads/file?form=lac_hh_connect&format="
	status, body := b.get(path + "csv&split=1&final=1&language=Espa%C3%B1ol+(es)")
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if status != http.StatusOK || err != nil || z.File[0].Name != "lac_hh_connect.csv" || len(z.File) != 3 {
		t.Fatalf("CSV: %d %v", status, err)
	}
	csv := must(io.ReadAll(must(z.File[0].Open())(t)))(t)
	if !bytes.Contains(csv, []byte("Cuba")) {
		t.Error("no labels")
	}
	if _, body := b.get(path + "geojson"); !strings.HasPrefix(body, `{"type":"FeatureCollection"`) {
		t.Errorf("GeoJSON: %.60s", body)
	}
	if _, body := b.get(path + "xlsx"); !strings.HasPrefix(body, "PK") {
		t.Errorf("XLSX: %.60q", body)
	}
	b.sees(path+"pdf", http.StatusNotFound)
	b.sees("/downloads/file?form=unknown&format=csv", http.StatusNotFound)
	_, body = b.get(path + "csv&personal=without&split=1")
	z = must(zip.NewReader(strings.NewReader(body), int64(len(body))))(t)
	csv = must(io.ReadAll(must(z.File[0].Open())(t)))(t)
	if heading, _, _ := bytes.Cut(csv, []byte("\n")); bytes.Contains(heading, []byte("a_gps")) || !bytes.Contains(heading, []byte("a_country")) {
		t.Errorf("without personal data: %s", heading)
	}
}

// cutShort is fieldwork whose rows fail in the middle.
type cutShort struct{ *field }

func (c cutShort) Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		for row := range c.field.Rows(ctx, form, repeat) {
			if !yield(row, nil) {
				return
			}
		}
		yield(fieldwork.Row{}, errBroken)
	}
}

// A download that fails in its middle must not look whole.
func TestFailedDownloadIsCut(t *testing.T) {
	o := options(nil)
	o.Data = cutShort{someField(t)}
	b := member(t, o, "cora")
	response, err := b.client.Get(b.url + "/downloads/file?form=lac_hh_connect&format=geojson")
	if err == nil {
		defer response.Body.Close()
		_, err = io.ReadAll(response.Body)
	}
	if err == nil {
		t.Error("the browser was not told")
	}
}

// A clock that is far off is a warning that says what to do; that of a device that is shut out, or a minute off, is none.
func TestWrongClocksAreMarked(t *testing.T) {
	f := &field{devices: []fieldwork.Device{
		{ID: "tab-1", Name: "Uno", Seen: today, Clock: wrongClock - time.Second}, {ID: "tab-2", Name: "Dos", Seen: today, Clock: -wrongClock},
		{ID: "tab-3", Name: "Tres", Seen: today, Clock: 50 * time.Hour}, {ID: "tab-4", Name: "Cuatro", Seen: today, Clock: 90 * time.Hour, Revoked: true}}}
	b := member(t, options(f), "vera")
	mark := regexp.MustCompile(`<span class="badge warn">(a[a-z]+ado [^<]*)</span>`)
	text := b.sees("/devices", http.StatusOK, "El reloj de 2 dispositivos está mal por 5 minutos o más.", "active la fecha y hora automáticas", "adelantado 4 minutos", "adelantado 3 días")
	if got := fmt.Sprint(mark.FindAllStringSubmatch(text, -1)); strings.Count(got, "badge") != 2 || len(lacks(got, "atrasado 5 minutos", "adelantado 2 días")) > 0 {
		t.Errorf("marked: %s", got)
	}
	b.sees("/devices/tab-2", http.StatusOK, "Su reloj está mal por 5 minutos o más.", "active la fecha y hora automáticas")
	f.devices[1].Clock = 0
	b.sees("/devices", http.StatusOK, "El reloj de un dispositivo está mal")
	f.devices[2].Clock = 0
	for _, path := range []string{"/devices", "/devices/tab-2", "/devices/tab-4"} {
		if text := b.sees(path, http.StatusOK); strings.Contains(text, "está mal por") || mark.MatchString(text) {
			t.Errorf("%s warns of a clock that is right, or whose device is shut out", path)
		}
	}
}

func TestRevoke(t *testing.T) {
	o := options(someField(t))
	var revoked string
	o.Revoke = func(_ context.Context, device string) error {
		if device != "tab-1" {
			return fmt.Errorf("device %s: %w", device, fs.ErrNotExist)
		}
		revoked = device
		return nil
	}
	b := member(t, o, "ada")
	b.sees("/devices", http.StatusOK, "adelantado 2 días", "en hora", "todavía no", `value="tab-1"`)
	if status, text := b.post("/devices/revoke", url.Values{"device": {"tab-1"}}); status != 200 || revoked != "tab-1" || len(lacks(text, "El dispositivo está revocado.")) > 0 {
		t.Errorf("%d, revoked %q", status, revoked)
	}
	if status, _ := b.post("/devices/revoke", url.Values{"device": {"tab-9"}}); status != http.StatusNotFound {
		t.Errorf("an unknown device: %d", status)
	}
}

func TestImport(t *testing.T) {
	o := options(&field{})
	o.MaxImport = 1 << 20
	o.Import = func(_ context.Context, files []Upload) ([]Imported, error) {
		one := Imported{File: files[0].Name, Batch: "abcdef012345", Stored: 12345, Known: 2, Aside: 1}
		content, err := files[0].read(1 << 20)
		if string(content) != "batch" {
			one = Imported{File: files[0].Name, Refusal: &Refusal{"damaged", errors.New("trailer: cut at byte 5")}}
		}
		return []Imported{one}, err
	}
	b := member(t, o, "cora")
	upload := func(field, name, content string) (int, string) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part := must(w.CreateFormFile(field, name))(t)
		io.WriteString(part, content)
		w.Close()
		r := must(http.NewRequest("POST", b.url+"/import", &body))(t)
		r.Header.Set("Content-Type", w.FormDataContentType())
		return b.do(r)
	}
	for _, c := range []struct {
		field, content string
		status         int
		parts          []string
	}{
		{"batch", "batch", 200, []string{"Importado: a&lt;b.batch", "12\u00a0345", "abcdef01"}},
		{"batch", "half", 422, []string{"dañado o incompleto", "trailer: cut at byte 5"}},
		{"batch", strings.Repeat("x", 2<<20), 422, []string{"como máximo 1 MB"}},
		{"other", "batch", 422, []string{"Elija un archivo."}},
	} {
		if status, text := upload(c.field, "a<b.batch", c.content); status != c.status || len(lacks(text, c.parts...)) > 0 {
			t.Errorf("%.10s: %d, lacks %q", c.content, status, lacks(text, c.parts...))
		}
	}
	if status, _ := member(t, o, "vera").get("/import"); status != http.StatusForbidden {
		t.Errorf("a viewer imports: %d", status)
	}
	o.Import = nil
	if status, _ := member(t, o, "ada").get("/import"); status != http.StatusNotFound {
		t.Errorf("without Import: %d", status)
	}
}

func TestBrokenArchiveIsAPage(t *testing.T) {
	f := someField(t)
	b := member(t, options(f), "ada")
	f.broken = errBroken
	for _, path := range []string{"/", "/interviews", "/conflicts", "/devices", "/aside", "/downloads", "/interviews/" + interviewID(1).String()} {
		if text := b.sees(path, http.StatusInternalServerError, "Nada se ha perdido"); strings.Contains(text, "fire") {
			t.Errorf("%s shows the error to people", path)
		}
	}
}

func TestChart(t *testing.T) {
	for most, want := range map[int][2]int{0: {1, 1}, 1: {1, 1}, 5: {1, 5}, 6: {2, 6}, 19: {5, 20}, 26: {10, 30}, 51: {20, 60}, 1000: {200, 1000}, 12345: {5000, 15000}} {
		if step, top := scale(most); [2]int{step, top} != want {
			t.Errorf("%d: lines every %d up to %d, want %v", most, step, top, want)
		}
	}
	var devices []delivery
	var counts []fieldwork.Count
	for i := range 10 {
		id := fmt.Sprint("tab-", i)
		devices = append(devices, delivery{ID: id, Name: id, Color: min(i, colors-1)})
		counts = append(counts, fieldwork.Count{Device: id, Day: "2026-11-23", N: 10}, fieldwork.Count{Device: id, Day: "2026-10-01", N: 99})
	}
	c := newChart(devices, counts, today)
	last := c.Bars[chartDays-1]
	if last.Total != 100 || len(last.Pieces) != colors || len(c.Legend) != colors || c.Legend[colors-1].Name != "" {
		t.Errorf("last day %+v, legend %+v", last, c.Legend)
	}
	if !newChart(nil, nil, today).Empty {
		t.Error("nothing came")
	}
}

func TestDeliveries(t *testing.T) {
	list := deliveries([]fieldwork.Device{{ID: "a", Name: "Uno"}, {ID: "b", Name: "Dos"}}, []fieldwork.Count{
		{Device: "a", Day: "2026-11-23", N: 2}, {Device: "a", Day: "2026-11-17", N: 3}, {Device: "a", Day: "2026-11-16", N: 5}, {Device: "x", Day: "2026-11-22", N: 11}}, today)
	if len(list) != 2 || list[0].Name != "x" || list[1].Today != 2 || list[1].Week != 5 || list[1].Total != 10 || list[1].Last.Day() != 23 {
		t.Errorf("%+v", list)
	}
}

func TestTimesInWords(t *testing.T) {
	s := must(newServer(options(&field{})))(t)
	for _, c := range []struct {
		language string
		say      func(times) string
		want     string
	}{
		{"es", func(x times) string { return x.when(today.UTC()) }, "hoy, 15:04"},
		{"pt", func(x times) string { return x.when(today.Add(-20 * time.Hour)) }, "ontem, 19:04"},
		{"es", func(x times) string { return x.when(today.AddDate(0, -1, 0)) }, "23 de octubre de 2026, 15:04"},
		{"en", func(x times) string { return x.when(today.AddDate(1, 0, 0)) }, "23 November 2027, 15:04"},
		{"fr", func(x times) string { return x.when(time.Time{}) }, "pas encore"},
		{"ht", func(x times) string { return x.short(today) }, "23 nov"},
		{"fr", func(x times) string { return x.due("2026-12-24") }, "24 décembre 2026"},
		{"es", func(x times) string { return x.device(today.In(time.UTC)) }, "23 de noviembre de 2026, 20:04:00 (UTC+00:00)"},
		{"es", func(x times) string { return x.clock(59 * time.Second) }, "en hora"},
		{"es", func(x times) string { return x.clock(-3 * time.Minute) }, "atrasado 3 minutos"},
		{"es", func(x times) string { return x.clock(5 * 365 * 24 * time.Hour) }, "adelantado 5 años"},
	} {
		if got := c.say(times{s.words.In(c.language), bogota, s.Now}); got != c.want {
			t.Errorf("%s: %q, want %q", c.language, got, c.want)
		}
	}
}

func TestNewNeedsItsOptions(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("no error")
	}
}
