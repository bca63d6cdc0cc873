package lifecycle

import (
	"context"
	"reflect"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// PutReported records a figure as a source printed it, or changes it. For a published round it takes effect with the
// next release. Invalid lists every problem; State where the area has cases, so that its figures are computed; NotFound
// where there is no such round, municipality or requirement.
func PutReported(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, at barometer.ReportedResult, in barometer.ReportedInput) (barometer.ReportedResult, error) {
	f := in.Apply(at)
	round, err := lockToMove(ctx, tx, f.Round)
	if err != nil {
		return f, err
	}
	q, ok := cat.Requirement(f.Requirement, barometer.Danish)
	if _, known := cat.Municipality(f.Area); !ok || f.Area != barometer.Country && !known {
		return f, barometer.Errorf(barometer.NotFound, "There is no such area or requirement.")
	}
	if err := takesReported(ctx, tx, round, f); err != nil {
		return f, err
	}
	stored, err := tx.ReportedResults(ctx, f.Round)
	if err != nil {
		return f, err
	}
	recorded, err := casesOf(ctx, tx, round, f.Area)
	if err != nil {
		return f, err
	}
	if err := checkReported(cat, f, q, stored, recorded); err != nil {
		return f, err
	}
	for _, before := range stored {
		if reflect.DeepEqual(before, f) {
			return f, nil
		}
	}
	if err := tx.PutReportedResults(ctx, []barometer.ReportedResult{f}); err != nil {
		return f, err
	}
	return f, recordsChanged(ctx, tx, round)
}

// DeleteReported deletes a reported figure. For a published round it takes effect with the next release. NotFound where
// there is none.
func DeleteReported(ctx context.Context, tx *store.Store, at barometer.ReportedResult) error {
	round, err := lockToMove(ctx, tx, at.Round)
	if err != nil {
		return err
	}
	if err := tx.DeleteReportedResult(ctx, at.Round, at.Area, at.Requirement); err != nil {
		return err
	}
	return recordsChanged(ctx, tx, round)
}

// recordsChanged makes the next release take a published round along.
func recordsChanged(ctx context.Context, tx *store.Store, round barometer.Round) error {
	if round.Status != barometer.Published {
		return nil
	}
	return tx.SetRecordsChanged(ctx, round.Year, true)
}

// takesReported refuses a figure that has no place in the round.
func takesReported(ctx context.Context, tx *store.Store, round barometer.Round, f barometer.ReportedResult) error {
	if f.Area != barometer.Country {
		_, err := tx.Participation(ctx, round.Year, f.Area)
		if barometer.KindOf(err) == barometer.NotFound && err != nil {
			return barometer.Errorf(barometer.Invalid, "%s has no participation in round %d; record it first.", f.Area, round.Year)
		}
		if err != nil {
			return err
		}
	}
	if !round.RequirementsKnown {
		return nil
	}
	asked, err := tx.RoundRequirements(ctx, round.Year)
	if err != nil {
		return err
	}
	isAsked := false
	for _, r := range asked {
		isAsked = isAsked || r.Requirement == f.Requirement
	}
	if !isAsked {
		return barometer.Errorf(barometer.Invalid, "Round %d does not ask %s.", round.Year, f.Requirement)
	}
	return notComputed(ctx, tx, round, f.Area)
}

// notComputed is State where an area's figures are computed from outcomes: of a municipality with cases, and of the
// country once every participant has some.
func notComputed(ctx context.Context, tx *store.Store, round barometer.Round, area string) error {
	sizes, err := tx.SampleSizes(ctx, round.Year)
	if err != nil {
		return err
	}
	with := map[string]bool{}
	for _, size := range sizes {
		with[size.Municipality] = true
	}
	computed := with[area]
	if area == barometer.Country {
		computed = len(with) > 0 && len(with) == round.ParticipantsRecorded
	}
	if computed {
		return barometer.Errorf(barometer.State, "%s has cases in round %d, so its figures are computed from their outcomes.", area, round.Year)
	}
	return nil
}

// casesOf gives the number of cases recorded of an area in a round, nil where it is not known.
func casesOf(ctx context.Context, tx *store.Store, round barometer.Round, area string) (*int, error) {
	if area == barometer.Country {
		return round.Cases, nil
	}
	p, err := tx.Participation(ctx, round.Year, area)
	return p.Cases, err
}

func checkReported(cat *catalogue.Catalogue, f barometer.ReportedResult, q barometer.Requirement, stored []barometer.ReportedResult, recorded *int) error {
	var p problems
	p.source("/source", f.Source, cat)
	p.text("/printed_as", f.PrintedAs, barometer.MostNote)
	p.text("/note", f.Note, barometer.MostNote)
	if member, code, detail := score.CheckReported(f, q.Unit); code != "" {
		p.add("/"+member, code, "%s", detail)
	}
	if f.Cases != nil {
		p.sameCases(f, stored, recorded)
	}
	return p.err("The figure has problems.")
}

// sameCases refuses a number of cases other than the one recorded of the area, or that its other figures rest on.
func (p *problems) sameCases(f barometer.ReportedResult, stored []barometer.ReportedResult, recorded *int) {
	if recorded != nil {
		if *recorded != *f.Cases {
			p.add("/cases", "not_as_recorded", "%d cases; %s has %d in round %d", *f.Cases, f.Area, *recorded, f.Round)
		}
		return
	}
	for _, other := range stored {
		if other.Area == f.Area && other.Requirement != f.Requirement && other.Cases != nil && *other.Cases != *f.Cases {
			p.add("/cases", "not_as_recorded", "%d cases; another figure of %s, %s, has %d", *f.Cases, f.Area, other.Requirement, *other.Cases)
			return
		}
	}
}
