package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// unitsOf are units of one outcome and reason: how many, and the references of their cases, each once.
type unitsOf struct {
	count      int
	references []string
}

// CaseReferences lists the references of the cases in a municipality's sample by what they got on a requirement, as far
// as the store's scope goes; a unit without an entered outcome counts as `not_recorded`. A case with several
// notifications can stand under several. NotFound where the round does not ask the requirement.
func CaseReferences(ctx context.Context, s *store.Store, year barometer.Year, municipality, requirement string) (map[barometer.Assessment][]string, error) {
	units, err := unitsByAssessment(ctx, s, year, municipality, requirement)
	references := map[barometer.Assessment][]string{}
	for a, u := range units {
		references[a] = u.references
	}
	return references, err
}

// FillCases gives the parts of a denominator the references of their cases, as far as the store's scope goes. A part
// that has another number of units by now, since the round was reopened, stays without; so does every part of a figure
// that no cases stand behind.
func FillCases(ctx context.Context, s *store.Store, d *barometer.Denominator) error {
	units, err := unitsByAssessment(ctx, s, d.Round, d.Area, d.Requirement)
	if barometer.KindOf(err) == barometer.NotFound { // a round whose own list is not known has no cases
		return nil
	}
	if err != nil {
		return err
	}
	for i, part := range d.NotAssessed {
		a := barometer.Assessment{Reason: part.Reason}
		if part.Outcome != nil {
			a.Outcome = *part.Outcome
		}
		if u := units[a]; u.count == part.Count {
			d.NotAssessed[i].Cases = u.references
		}
	}
	return nil
}

func unitsByAssessment(ctx context.Context, s *store.Store, year barometer.Year, municipality, requirement string) (map[barometer.Assessment]unitsOf, error) {
	asked, err := s.RoundRequirements(ctx, year)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(asked, func(a barometer.RoundRequirement) bool { return a.Requirement == requirement })
	if i < 0 {
		return nil, barometer.Errorf(barometer.NotFound, "Round %d does not ask %s.", year, requirement)
	}
	cases, err := s.Cases(ctx, year, municipality)
	if err != nil {
		return nil, err
	}
	units, err := s.CaseUnits(ctx, year, municipality)
	if err != nil {
		return nil, err
	}
	outcomes, err := s.CaseOutcomes(ctx, year, municipality)
	if err != nil {
		return nil, err
	}
	reference := map[string]string{}
	for _, c := range cases {
		if !c.Withdrawn {
			reference[c.ID] = c.Reference
		}
	}
	entered := map[barometer.CaseUnit]barometer.Assessment{}
	for _, o := range outcomes {
		if o.Requirement == requirement {
			entered[barometer.CaseUnit{CaseID: o.CaseID, Number: o.Number, Unit: o.Unit}] = o.Assessment()
		}
	}
	found := map[barometer.Assessment]unitsOf{}
	for _, u := range units {
		if name, inSample := reference[u.CaseID]; inSample && u.Unit == asked[i].Unit {
			a := cmp.Or(entered[u], barometer.Assessment{Reason: barometer.NotRecorded})
			found[a] = found[a].with(name)
		}
	}
	for _, u := range found {
		slices.Sort(u.references)
	}
	return found, nil
}

func (u unitsOf) with(reference string) unitsOf {
	u.count++
	if !slices.Contains(u.references, reference) {
		u.references = append(u.references, reference)
	}
	return u
}
