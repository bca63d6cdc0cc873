package lifecycle

import (
	"context"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Progress says how far the entry of a round is, by municipality. The outcomes of withdrawn cases are neither entered
// nor missing. NotFound where there is no such round.
func Progress(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year) (barometer.Progress, error) {
	round, err := roundOf(ctx, tx, year)
	if err != nil {
		return barometer.Progress{}, err
	}
	out := barometer.Progress{Round: year, Status: round.Status, Municipalities: []barometer.MunicipalityProgress{}}
	participations, err := tx.Participations(ctx, year)
	if err != nil {
		return out, err
	}
	entries, err := entriesOf(ctx, tx, year)
	for _, p := range participations {
		e := entries[p.Municipality]
		m := barometer.MunicipalityProgress{
			Municipality: p.Municipality, Name: cat.AreaName(p.Municipality, barometer.Danish), CasesDrawn: p.Cases,
			Cases: e.cases(), CasesComplete: e.sample.Complete + e.withdrawn.Cases, Withdrawn: e.withdrawn.Cases,
			Entered: e.sample.Entered, Missing: e.sample.Cells - e.sample.Entered,
		}
		out.Entered, out.Missing = out.Entered+m.Entered, out.Missing+m.Missing
		out.Municipalities = append(out.Municipalities, m)
	}
	return out, err
}
