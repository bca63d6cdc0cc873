package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// TestADayOfTheAudit goes through what the office does with a round, from its creation to a withdrawn publication, as
// its people would do it: over HTTP, with their own keys.
func TestADayOfTheAudit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		d := newDay(t, s)
		for _, step := range []struct {
			name string
			do   func(*testing.T)
		}{
			{"a round is made", d.makeRound},
			{"its participants are imported", d.importParticipants},
			{"it is opened", d.open},
			{"37 municipalities are imported", d.importMunicipalities},
			{"20 outcomes are corrected", d.correctOutcomes},
			{"hearing", d.hear},
			{"a municipality reads its own", d.readOwn},
			{"it is published with an embargo", d.publishWithEmbargo},
			{"the embargo passes", d.waitForEmbargo},
			{"an outcome is corrected and published again", d.publishCorrection},
			{"a publication is withdrawn", d.withdraw},
			{"everything can be verified", d.verify},
		} {
			if !t.Run(step.name, step.do) {
				return // what follows rests on it
			}
		}
	})
}

const dayRound barometer.Year = 9027

// day is the office with its people, and the cases of the round as the municipalities have them.
type day struct {
	office
	cat                     *catalogue.Catalogue
	lead, auditor, ministry *client.Client
	files                   map[string][][]string // rows of each municipality: case, type, requirement, notification, outcome, reason
	own                     string                // the municipality that reads its own
	embargo                 time.Time
	first                   int // release that was announced
	corrected               barometer.CaseItem
}

func newDay(t *testing.T, s *store.Store) *day {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := &day{office: openOffice(t, s), cat: cat, files: map[string][][]string{}}
	d.lead, d.auditor, d.ministry = d.as(t, barometer.RoleLead), d.as(t, barometer.RoleAuditor), d.as(t, barometer.RoleMinistry)
	var file bytes.Buffer
	if err := synth.Write(&file, cat, synth.Options{Round: dayRound, Municipalities: 37, Cases: 750, Seed: 7}, nil); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		d.files[row[1]] = append(d.files[row[1]], row[2:8])
	}
	d.own = d.municipalities()[0]
	return d
}

func (d *day) municipalities() []string {
	var codes []string
	for code := range d.files {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

func (d *day) makeRound(t *testing.T) {
	ctx := t.Context()
	number, source := 98, "Ankestyrelsen"
	in := barometer.RoundInput{Year: dayRound, RoundPatch: barometer.RoundPatch{
		Kind: "annual", Law: "serviceloven", CouldBeDrawn: &number, CouldBeDrawnSource: &source,
	}}
	made := must(d.lead.CreateRound(ctx, in))(t)
	if made.Value.Status != barometer.Draft || made.Value.Origin != barometer.OriginSynthetic || made.Location != "/v1/rounds/9027" {
		t.Fatalf("%+v", made)
	}
	var asked barometer.RoundRequirementsInput
	for _, q := range d.cat.SyntheticRequirements() {
		asked.Requirements = append(asked.Requirements, barometer.RoundRequirementInput{Requirement: q.Code})
	}
	before := must(d.lead.RoundRequirementsVersion(ctx, dayRound))(t)
	after := must(d.lead.PutRoundRequirements(ctx, dayRound, asked, client.IfMatch(before.ETag)))(t)
	if len(after.Value.Items) != 13 {
		t.Errorf("%d requirements", len(after.Value.Items))
	}
	if _, err := d.Round(ctx, dayRound); problemOf(t, 0, err).Status != http.StatusNotFound {
		t.Error("a draft is public")
	}
}

// cases counts the cases of a municipality.
func (d *day) cases(code string) int {
	seen := map[string]bool{}
	for _, row := range d.files[code] {
		seen[row[0]] = true
	}
	return len(seen)
}

func (d *day) importParticipants(t *testing.T) {
	list := "kommune;sager\n"
	for _, code := range d.municipalities() {
		list += fmt.Sprintf("%s;%d\n", code, d.cases(code))
	}
	dry := must(d.lead.ImportParticipations(t.Context(), dayRound, []byte(list), client.ImportOptions{MediaType: client.CSV, DryRun: true}))(t)
	if dry.Value.ID != nil || dry.Value.Added != 37 {
		t.Errorf("%+v", dry)
	}
	if got := must(d.lead.Participations(t.Context(), dayRound, client.ListOptions{}))(t); len(got.Items) != 0 {
		t.Errorf("a dry run kept %d", len(got.Items))
	}
	done := must(d.lead.ImportParticipations(t.Context(), dayRound, []byte(list), client.ImportOptions{MediaType: client.CSV}))(t)
	if done.Value.ID == nil || done.Value.Added != 37 {
		t.Errorf("%+v", done)
	}
}

func (d *day) move(t *testing.T, who *client.Client, to barometer.RoundStatus, reason string) client.Versioned[barometer.Transition] {
	t.Helper()
	in := barometer.TransitionInput{To: to}
	if reason != "" {
		in.Reason = &reason
	}
	return must(who.CreateTransition(t.Context(), dayRound, in))(t)
}

func (d *day) open(t *testing.T) {
	d.move(t, d.auditor, barometer.Collecting, "")
	_, err := d.auditor.CreateTransition(t.Context(), dayRound, barometer.TransitionInput{To: barometer.Hearing})
	if problemOf(t, 0, err).Status != http.StatusConflict {
		t.Errorf("a round without cases went into hearing: %v", err)
	}
}

// asCSV writes the file of a municipality as it comes: with semicolons, under Danish names.
func (d *day) asCSV(code string) []byte {
	text := "kommune;sag;sagstype;lovkrav;underretning;resultat;begrundelse\n"
	for _, row := range d.files[code] {
		text += code + ";" + strings.Join(row, ";") + "\n"
	}
	return []byte(text)
}

// asXLSX fills in the template of a municipality.
func (d *day) asXLSX(t *testing.T, code string) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(must(d.auditor.Template(t.Context(), dayRound, code))(t)))
	if err != nil {
		t.Fatal(err)
	}
	const headings, first = 5, 6
	lines := map[string]int{} // of each case and notification
	next := map[string]int{"Sager": first, "Underretninger": first}
	columns := map[string]map[string]string{"Sager": columnsOf(t, book, "Sager", headings), "Underretninger": columnsOf(t, book, "Underretninger", headings)}
	for _, row := range d.files[code] {
		sheet := "Sager"
		if row[3] != "" {
			sheet = "Underretninger"
		}
		at := sheet + row[0] + "/" + row[3]
		if lines[at] == 0 {
			lines[at] = next[sheet]
			next[sheet]++
			set(t, book, sheet, "A", lines[at], row[0])
			set(t, book, sheet, "B", lines[at], map[bool]string{true: row[1], false: row[3]}[row[3] == ""])
		}
		set(t, book, sheet, columns[sheet][row[2]], lines[at], strings.TrimSuffix(row[4]+"/"+row[5], "/"))
	}
	var file bytes.Buffer
	if err := book.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func set(t *testing.T, book *excelize.File, sheet, column string, line int, text string) {
	t.Helper()
	if err := book.SetCellStr(sheet, column+strconv.Itoa(line), text); err != nil {
		t.Fatal(err)
	}
}

// columnsOf gives the letters of the columns of a sheet, by their headings.
func columnsOf(t *testing.T, book *excelize.File, sheet string, line int) map[string]string {
	t.Helper()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{}
	for i, heading := range rows[line-1] {
		if columns[heading], err = excelize.ColumnNumberToName(i + 1); err != nil {
			t.Fatal(err)
		}
	}
	return columns
}

// importMunicipalities brings every third municipality as a workbook and the others as CSV; one of each is faulty at
// first.
func (d *day) importMunicipalities(t *testing.T) {
	for i, code := range d.municipalities() {
		faulty := i == 3 || i == 4
		mended := d.files[code][0][4]
		if faulty {
			d.files[code][0][4] = "måske"
			d.importOne(t, i, code, func(err error) {
				f := problemOf(t, 0, err)
				if f.Status != http.StatusUnprocessableEntity || len(f.Problem.Errors) != 1 || f.Problem.Errors[0].Line == 0 || f.Problem.Errors[0].Column == "" {
					t.Errorf("%s: %v", code, f)
				}
			})
			d.files[code][0][4] = mended
		}
		d.importOne(t, i, code, func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	checks := must(d.auditor.Checks(t.Context(), dayRound, barometer.English))(t)
	for _, c := range checks.Checks {
		if c.Count != 0 {
			t.Errorf("%+v", c)
		}
	}
	progress := must(d.auditor.Progress(t.Context(), dayRound))(t)
	if !checks.Ready || progress.Missing != 0 || len(progress.Municipalities) != 37 {
		t.Errorf("ready: %v, progress: %+v", checks.Ready, progress)
	}
}

func (d *day) importOne(t *testing.T, i int, code string, check func(error)) {
	t.Helper()
	file, o := d.asCSV(code), client.ImportOptions{MediaType: client.CSV}
	if i%3 == 0 {
		file, o.MediaType = d.asXLSX(t, code), client.XLSX
	}
	key := fmt.Sprintf("%s-%x", code, sha256.Sum256(file))
	done, err := d.auditor.CreateImport(t.Context(), dayRound, file, o, client.IdempotencyKey(key))
	check(err)
	if err != nil {
		return
	}
	if done.Value.Rows != len(d.files[code]) || done.Value.Cases != d.cases(code) {
		t.Errorf("%s: %d rows and %d cases, want %d and %d", code, done.Value.Rows, done.Value.Cases, len(d.files[code]), d.cases(code))
	}
	again := must(d.auditor.CreateImport(t.Context(), dayRound, file, o, client.IdempotencyKey(key)))(t)
	if !again.Replayed || *again.Value.ID != *done.Value.ID {
		t.Errorf("%s: a retry was imported again: %+v", code, again)
	}
}

// correctable is a requirement that no other rests on, so that it can be changed by itself.
const correctable = "investigation_reasoned_position"

// correctOutcomes corrects 20 outcomes while somebody else changes each of them between the reading and the writing.
func (d *day) correctOutcomes(t *testing.T) {
	ctx, other := t.Context(), d.as(t, barometer.RoleAuditor)
	page := must(d.auditor.Cases(ctx, dayRound, client.CasesOptions{
		ListOptions: client.ListOptions{Limit: 20}, Requirement: []string{correctable}, Outcome: []barometer.Outcome{barometer.Met},
	}))(t)
	if len(page.Items) != 20 {
		t.Fatalf("%d cases", len(page.Items))
	}
	at := barometer.Cell{Requirement: correctable}
	for _, c := range page.Items {
		mine := must(d.auditor.Outcome(ctx, c.ID, at))(t)
		note, why := "Se journalark 4", "Begrundelsen mangler i sagen"
		must(other.PutOutcome(ctx, c.ID, at, barometer.OutcomeInput{Outcome: barometer.Met, Note: &note}, client.IfMatch(mine.ETag)))(t)
		in := barometer.OutcomeInput{Outcome: barometer.NotMet, Why: &why}
		_, err := d.auditor.PutOutcome(ctx, c.ID, at, in, client.IfMatch(mine.ETag))
		if problemOf(t, 0, err).Status != http.StatusPreconditionFailed {
			t.Fatalf("wrote over another's change: %v", err)
		}
		mine = must(d.auditor.Outcome(ctx, c.ID, at))(t)
		must(d.auditor.PutOutcome(ctx, c.ID, at, in, client.IfMatch(mine.ETag)))(t)
		revisions := must(d.auditor.Revisions(ctx, c.ID, at, client.ListOptions{}))(t)
		if len(revisions.Items) != 2 || *revisions.Items[1].Why != why {
			t.Errorf("%+v", revisions)
		}
	}
}

func (d *day) hear(t *testing.T) {
	own := d.as(t, barometer.RoleMunicipality, of(d.own))
	if _, err := own.Scorecard(t.Context(), dayRound, d.own, client.ScorecardOptions{}); problemOf(t, 0, err).Status != http.StatusNotFound {
		t.Errorf("seen before the hearing: %v", err)
	}
	d.move(t, d.auditor, barometer.Hearing, "")
}

func (d *day) readOwn(t *testing.T) {
	ctx, own := t.Context(), d.as(t, barometer.RoleMunicipality, of(d.own))
	card := must(own.Scorecard(ctx, dayRound, d.own, client.ScorecardOptions{}))(t)
	if card.State != "live" || card.Cases == nil || *card.Cases != d.cases(d.own) {
		t.Errorf("%s with %v cases", card.State, card.Cases)
	}
	for _, theme := range card.Themes {
		for _, r := range theme.Requirements {
			if r.Area != d.own || r.Country.Status != barometer.Withheld {
				t.Errorf("%s shows the country: %+v", r.Key, r.Country)
			}
		}
	}
	seen := 0
	for c, err := range own.AllCases(ctx, dayRound, client.CasesOptions{ListOptions: client.ListOptions{Limit: 5}}) {
		if err != nil || c.Municipality != d.own {
			t.Fatalf("%+v, %v", c, err)
		}
		seen++
	}
	if seen != d.cases(d.own) {
		t.Errorf("%d of its %d cases", seen, d.cases(d.own))
	}
	foreign := d.municipalities()[1]
	theirs := must(d.auditor.Cases(ctx, dayRound, client.CasesOptions{Municipality: []string{foreign}}))(t)
	for _, failed := range []error{
		second(own.Scorecard(ctx, dayRound, foreign, client.ScorecardOptions{})), second(own.Case(ctx, theirs.Items[0].ID)),
		second(own.CountryScorecard(ctx, dayRound, client.ScorecardOptions{})), second(own.Form(ctx, theirs.Items[0].ID)),
		second(d.ministry.Scorecard(ctx, dayRound, foreign, client.ScorecardOptions{})),
		second(d.Scorecard(ctx, dayRound, d.own, client.ScorecardOptions{})),
	} {
		if problemOf(t, 0, failed).Status != http.StatusNotFound {
			t.Errorf("not hidden: %v", failed)
		}
	}
	if card := must(d.ministry.CountryScorecard(ctx, dayRound, client.ScorecardOptions{}))(t); card.State != "live" || *card.Cases != 750 {
		t.Errorf("the ministry sees %s of %v cases", card.State, card.Cases)
	}
}

func second[T any](_ T, err error) error { return err }

// embargo is long enough to look before it passes, with the race detector on a busy machine too.
const embargo = 25 * time.Second

func (d *day) publishWithEmbargo(t *testing.T) {
	ctx := t.Context()
	d.embargo = time.Now().Add(embargo).UTC().Truncate(time.Millisecond)
	in := barometer.TransitionInput{To: barometer.Published, PublishAt: &d.embargo}
	if _, err := d.auditor.CreateTransition(ctx, dayRound, in); problemOf(t, 0, err).Status != http.StatusForbidden {
		t.Errorf("an auditor publishes: %v", err)
	}
	done := must(d.lead.CreateTransition(ctx, dayRound, in, client.IdempotencyKey("publish")))(t)
	if done.Value.Release == nil || done.Location != fmt.Sprintf("/v1/releases/%d", *done.Value.Release) {
		t.Fatalf("%+v", done)
	}
	d.first = *done.Value.Release
	announced := eventually(t, func() (barometer.Release, bool) {
		r, err := d.Release(ctx, d.first)
		return r, err == nil
	})
	if announced.Status != "announced" || !announced.PublishedAt.Equal(d.embargo) {
		t.Errorf("%+v", announced)
	}
	if time.Now().After(d.embargo) {
		t.Fatal("this machine is too slow to look before the embargo passes")
	}
	for _, failed := range []error{
		second(d.CountryScorecard(ctx, dayRound, client.ScorecardOptions{})), second(d.ReleaseData(ctx, d.first)),
		second(d.ReleaseChanges(ctx, d.first, client.ListOptions{})), second(d.Round(ctx, dayRound)),
	} {
		if failed == nil && time.Now().Before(d.embargo) {
			t.Errorf("seen before the embargo passed: %v", failed)
		}
	}
}

// eventually waits for what another process, or the clock, brings about.
func eventually[T any](t *testing.T, look func() (T, bool)) T {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		value, ok := look()
		if ok {
			return value
		}
		if time.Now().After(end) {
			t.Fatalf("it did not happen: %+v", value)
		}
	}
}

// current waits until a release is the one being served.
func (d *day) current(t *testing.T, number int) barometer.Release {
	t.Helper()
	return eventually(t, func() (barometer.Release, bool) {
		r, err := d.LatestRelease(t.Context())
		return r, err == nil && r.Number == number
	})
}

func (d *day) waitForEmbargo(t *testing.T) {
	r := d.current(t, d.first)
	if time.Now().Before(d.embargo) || r.Status != "published" {
		t.Errorf("%+v is served before %s", r, d.embargo)
	}
	data := must(d.ReleaseData(t.Context(), d.first))(t)
	sum := sha256.Sum256(data)
	if "sha256:"+hex.EncodeToString(sum[:]) != r.Checksum {
		t.Error("the data does not have the release's checksum")
	}
	card := must(d.Scorecard(t.Context(), dayRound, d.own, client.ScorecardOptions{}))(t)
	if card.State != "published" || card.Release != d.first {
		t.Errorf("%s in release %d", card.State, card.Release)
	}
}

func (d *day) publishCorrection(t *testing.T) {
	ctx := t.Context()
	page := must(d.auditor.Cases(ctx, dayRound, client.CasesOptions{
		Municipality: []string{d.own}, Requirement: []string{correctable}, Outcome: []barometer.Outcome{barometer.NotMet},
	}))(t)
	d.corrected = page.Items[0]
	at, why := barometer.Cell{Requirement: correctable}, "Stillingtagen fandtes i bilag 3"
	if _, err := lifecycle.PurgePublishedNotes(ctx, d.store); err != nil { // as the service does twice a minute
		t.Fatal(err)
	}
	now := must(d.auditor.Outcome(ctx, d.corrected.ID, at))(t)
	if now.Value.Note != nil {
		t.Error("the note was not purged")
	}
	in := barometer.OutcomeInput{Outcome: barometer.Met, Why: &why}
	if _, err := d.auditor.PutOutcome(ctx, d.corrected.ID, at, in, client.IfMatch(now.ETag)); problemOf(t, 0, err).Status != http.StatusConflict {
		t.Errorf("changed while it is published: %v", err)
	}
	if _, err := d.lead.CreateTransition(ctx, dayRound, barometer.TransitionInput{To: barometer.Hearing}); problemOf(t, 0, err).Status != http.StatusUnprocessableEntity {
		t.Errorf("reopened without a reason: %v", err)
	}
	before := d.figure(t)
	d.move(t, d.lead, barometer.Hearing, "Kommunens indsigelse")
	must(d.auditor.PutOutcome(ctx, d.corrected.ID, at, in, client.IfMatch(now.ETag)))(t)
	done := d.move(t, d.lead, barometer.Published, "Kommunens indsigelse")
	d.current(t, *done.Value.Release)
	after := d.figure(t)
	if *after.Met != *before.Met+1 || *after.Assessed != *before.Assessed {
		t.Errorf("%d of %d, then %d of %d", *before.Met, *before.Assessed, *after.Met, *after.Assessed)
	}
	d.checkChanges(t, *done.Value.Release, before, after)
}

// figure is the one that the correction is about.
func (d *day) figure(t *testing.T) barometer.Result {
	t.Helper()
	page := must(d.Results(t.Context(), client.ResultsOptions{Round: []barometer.Year{dayRound}, Area: []string{d.own}, Requirement: []string{correctable}}))(t)
	return page.Items[0]
}

// checkChanges: one outcome alters its requirement and its theme, of the municipality and of the country, and nothing
// else; and the older release is what it was.
func (d *day) checkChanges(t *testing.T, release int, before, after barometer.Result) {
	t.Helper()
	keys := map[string]bool{}
	for change, err := range d.AllReleaseChanges(t.Context(), release, client.ListOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		keys[change.Key] = true
		if change.Change != "altered" || *change.Reason != "Kommunens indsigelse" {
			t.Errorf("%+v", change)
		}
		if change.Key == after.Key && (*change.Old.Met != *before.Met || *change.New.Met != *after.Met || *change.New.Percent != *after.Percent) {
			t.Errorf("%+v", change)
		}
	}
	theme := after.Theme
	for _, rest := range []string{correctable, theme + ".pooled", theme + ".mean_of_requirements"} {
		for _, area := range []string{d.own, barometer.Country} {
			if key := fmt.Sprintf("%d.%s.%s", dayRound, area, rest); !keys[key] {
				t.Errorf("%s is not in the list of changes", key)
			}
		}
	}
	for key := range keys {
		area := strings.Split(key, ".")[1]
		if !strings.HasPrefix(key, "9027.") || area == d.own && !strings.Contains(key, theme) && !strings.HasSuffix(key, correctable) {
			t.Errorf("%s is in the list of changes", key)
		}
	}
	old := must(d.ReleaseData(t.Context(), d.first))(t)
	if !bytes.Contains(old, []byte(fmt.Sprintf(`{"key":%q`, after.Key))) || !bytes.Contains(old, []byte(plain(t, before))) {
		t.Error("the older release does not hold the figure as it was")
	}
}

// plain writes a result as releases hold it.
func plain(t *testing.T, r barometer.Result) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (d *day) withdraw(t *testing.T) {
	ctx := t.Context()
	others := d.linesWithout(t, d.first)
	must(d.lead.WithdrawPublication(ctx, dayRound, 1, "Et barn kunne genkendes"))(t)
	done := must(d.lead.WithdrawPublication(ctx, dayRound, 2, "Et barn kunne genkendes"))(t)
	d.current(t, done.Value.Number)
	for _, failed := range []error{
		second(d.CountryScorecard(ctx, dayRound, client.ScorecardOptions{})), second(d.Round(ctx, dayRound)),
		second(d.Scorecard(ctx, dayRound, d.own, client.ScorecardOptions{})), second(d.Publication(ctx, dayRound, 2)),
	} {
		f := problemOf(t, 0, failed)
		if f.Status != http.StatusGone || !strings.Contains(f.Problem.Detail, "Et barn kunne genkendes") {
			t.Errorf("not gone: %v", f)
		}
	}
	if data := must(d.ReleaseData(ctx, d.first))(t); bytes.Contains(data, []byte(`"key":"9027.`)) {
		t.Error("the older release still has its figures")
	}
	if diff := cmp.Diff(others, d.linesWithout(t, d.first)); diff != "" {
		t.Errorf("the rest of the older release has changed:\n%s", diff)
	}
}

// linesWithout gives the lines of a release that are not of the round.
func (d *day) linesWithout(t *testing.T, release int) []string {
	t.Helper()
	lines := strings.Split(string(must(d.ReleaseData(t.Context(), release))(t)), "\n")
	return slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, `{"key":"9027.`) })
}

func (d *day) verify(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	v, err := report.Verify(ctx, d.store, d.cat)
	if err != nil || len(v.Faults) > 0 || v.Events == 0 {
		t.Errorf("%+v, %v", v, err)
	}
	refused := 0
	for e, err := range d.lead.AllAuditEvents(ctx, client.AuditEventsOptions{Kind: barometer.EventRefused}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Resource != "" && e.Request != "" {
			refused++
		}
	}
	if refused < 5 {
		t.Errorf("%d refused accesses in the trail", refused)
	}
}
