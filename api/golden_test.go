package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var goldenTests = map[string]func(*testing.T, server){
	"shapes":                           testShapes,
	"answers of the client's examples": testClientExamples,
}

// shapes names one answer of each resource. Its golden file has the members of the answer, in their order, with the
// types that occur, so that no member comes or goes unseen.
var shapes = map[string]string{
	"region": "/v1/regions", "municipality": "/v1/municipalities", "municipality_detail": "/v1/municipalities/0707", "theme": "/v1/themes",
	"requirement": "/v1/requirements", "codelist": "/v1/codelists/reasons", "source": "/v1/sources", "judgement": "/v1/comparability",
	"round": "/v1/rounds", "round_requirement": "/v1/rounds/2023/requirements", "participation": "/v1/rounds/2023/participations",
	"result": "/v1/results?round=2023&limit=1000", "result_of_period": "/v1/results?rounds=2020,2021,2022",
	"scorecard": "/v1/rounds/2023/municipalities/0183/scorecard", "scorecard_of_country": "/v1/rounds/2020/scorecard",
	"trend": "/v1/municipalities/0707/trend", "trend_of_country": "/v1/trend",
	"distribution": "/v1/rounds/2023/requirements/" + fourMonths + "/distribution", "method": "/v1/method",
	"denominator": "/v1/rounds/2023/municipalities/0183/requirements/" + fourMonths + "/denominator",
	"release":     "/v1/releases", "problem": "/v1/results?bogus=1", "problem_type": "/problems/not_found", "health": "/healthz",
}

func testShapes(t *testing.T, s server) {
	for name, address := range shapes {
		golden(t, filepath.Join("testdata", name+".shape"), shapeOf(t, s.get(t, address).body))
	}
	files, err := filepath.Glob("testdata/*.shape")
	if err != nil || len(files) != len(shapes)+len(workShapes) {
		t.Errorf("%d golden files for %d resources, %v", len(files), len(shapes)+len(workShapes), err)
	}
}

// workShapes names one answer of each resource that needs a key, of the round that collecting makes.
var workShapes = map[string]string{
	"work_round": "/v1/rounds/9027", "work_participation": "/v1/rounds/9027/participations/" + norddjurs, "work_requirement": "/v1/rounds/9027/requirements",
	"work_transition": "/v1/rounds/9027/transitions", "work_checks": "/v1/rounds/9027/checks", "work_progress": "/v1/rounds/9027/progress",
	"work_case": "/v1/cases/{case}", "work_case_item": "/v1/rounds/9027/cases", "work_form": "/v1/cases/{case}/outcomes",
	"work_outcome": "/v1/cases/{case}/outcomes/investigation_conducted", "work_revision": "/v1/cases/{case}/outcomes/investigation_conducted/revisions",
	"work_notification": "/v1/cases/{case}/notifications", "work_import": "/v1/imports/{import}",
	"work_reported_result": "/v1/rounds/2023/reported-results", "work_publication": "/v1/rounds/2023/publications",
	"work_release_change": "/v1/releases/2/changes", "work_audit_event": "/v1/audit-events", "work_me": "/v1/me",
}

func TestShapesOfTheWork(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, imported := o.collecting(t, 9027, norddjurs)
		text, _ := o.key(t, barometer.RoleLead)
		for name, address := range workShapes {
			address = strings.NewReplacer("{case}", id, "{import}", imported).Replace(address)
			golden(t, filepath.Join("testdata", name+".shape"), shapeOf(t, o.get(t, address, "Authorization: Bearer "+text).body))
		}
	})
}

// writing lets one test at a time write a golden file: both databases give the same.
var writing sync.Mutex

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		writing.Lock()
		defer writing.Unlock()
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-) and the answer (+); go test ./api -update writes it anew:\n%s", file, diff)
	}
}

// shapeOf writes the members of a JSON text, one a line as "path: types", in the order they first occur.
func shapeOf(t *testing.T, body string) string {
	t.Helper()
	s := shape{types: map[string]map[string]bool{}}
	d := json.NewDecoder(strings.NewReader(body))
	if err := s.read(d, "$"); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, path := range s.paths {
		fmt.Fprintf(&out, "%s: %s\n", path, strings.Join(slices.Sorted(maps.Keys(s.types[path])), "|"))
	}
	return out.String()
}

type shape struct {
	paths []string
	types map[string]map[string]bool
}

func (s *shape) add(path, kind string) {
	if s.types[path] == nil {
		s.types[path] = map[string]bool{}
		s.paths = append(s.paths, path)
	}
	s.types[path][kind] = true
}

// read reads one value of a JSON text.
func (s *shape) read(d *json.Decoder, path string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		return s.readInside(d, path, v)
	case string:
		s.add(path, "string")
	case float64:
		s.add(path, "number")
	case bool:
		s.add(path, "boolean")
	case nil:
		s.add(path, "null")
	}
	return nil
}

func (s *shape) readInside(d *json.Decoder, path string, opened json.Delim) error {
	s.add(path, map[json.Delim]string{'{': "object", '[': "array"}[opened])
	for d.More() {
		inside := path + "[]"
		if opened == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			inside = fmt.Sprintf("%s.%s", path, name)
		}
		if err := s.read(d, inside); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// testClientExamples keeps the answers that the examples of pkg/client serve the same as the real ones.
func testClientExamples(t *testing.T, s server) {
	const file = "../pkg/client/testdata/answers.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var stored map[string]json.RawMessage
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, address := range slices.Sorted(maps.Keys(stored)) {
		separator := ",\n"
		if got.Len() == 0 {
			separator = "{\n"
		}
		fmt.Fprintf(&got, "%s%q: %s", separator, address, s.get(t, address).body)
	}
	golden(t, file, got.String()+"\n}\n")
}

// historyAddresses lists every scorecard and denominator of the recorded participations, the country's scorecards, all
// results, and one answer of each other resource that holds no instant.
func historyAddresses(t *testing.T, s server) []string {
	t.Helper()
	addresses := append(slices.DeleteFunc(withoutInstants(), func(a string) bool { return strings.HasPrefix(a, "/v1/releases") }),
		"/v1/results?limit=1000", "/v1/results?limit=1000&lang=en", "/v1/results?rounds=2020,2021,2022",
		"/v1/rounds/2023/municipalities/0101/scorecard", "/v1/rounds/2023/municipalities/0707/scorecard?baseline=none&lang=en")
	requirements := must(s.Requirements(t.Context(), client.RequirementsOptions{}))(t).Items
	for year := barometer.Year(2019); year <= 2024; year++ {
		round := fmt.Sprintf("/v1/rounds/%d", year)
		addresses = append(addresses, round, round+"/scorecard", round+"/participations")
		for _, p := range must(s.Participations(t.Context(), year, client.ListOptions{}))(t).Items {
			municipality := round + "/municipalities/" + p.Municipality
			addresses = append(addresses, municipality+"/scorecard")
			for _, r := range requirements {
				addresses = append(addresses, municipality+"/requirements/"+r.Code+"/denominator")
			}
		}
	}
	return addresses
}

// syntheticAddresses lists what is computed from the outcomes of rounds that were run here.
func syntheticAddresses(t *testing.T, s server) []string {
	t.Helper()
	addresses := []string{
		"/v1/results?limit=1000", "/v1/results?origin=synthetic&weighting=equal", "/v1/results?origin=synthetic&breakdown=case_type",
		"/v1/results?origin=synthetic&allow_break=true", "/v1/results?rounds=9023,9026", "/v1/results?rounds=9023,9026&weighting=equal",
		"/v1/results?origin=synthetic&percent_below=60&verdict=no_basis,indicated,not_demonstrated", "/v1/rounds/9026/scorecard?breakdown=case_type",
		"/v1/rounds/9026/scorecard?weighting=equal", "/v1/municipalities/0707/trend?origin=synthetic", "/v1/trend?origin=synthetic&weighting=equal",
	}
	for _, year := range []barometer.Year{9023, 9026} {
		for _, r := range must(s.RoundRequirements(t.Context(), year, client.ListOptions{}))(t).Items {
			addresses = append(addresses, fmt.Sprintf("/v1/rounds/%d/requirements/%s/distribution", year, r.Requirement))
		}
	}
	return addresses
}

// TestSameBytes: both databases give the same bytes, for everything that holds no instant.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	var lock sync.Mutex
	answers := map[string]map[string]string{}
	t.Run("read", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T, opened *store.Store) {
			o := openOffice(t, opened)
			own := map[string]string{}
			addresses := historyAddresses(t, o.server)
			o.publish(t, fromRound9023()...)
			for _, address := range append(addresses, syntheticAddresses(t, o.server)...) {
				a := o.get(t, address)
				own[address] = fmt.Sprint(a.status, a.header.Get("ETag"), "\n", a.body)
			}
			own["checksum"] = must(o.LatestRelease(t.Context()))(t).Checksum
			lock.Lock()
			defer lock.Unlock()
			answers[opened.Dialect()] = own
		})
	})
	if len(answers) < 2 {
		t.Skip("NOT COMPARED: there is one database only")
	}
	if diff := cmp.Diff(answers["sqlite"], answers["postgres"]); diff != "" {
		t.Errorf("SQLite (-) and Postgres (+):\n%s", diff)
	}
}
