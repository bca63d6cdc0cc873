package lifecycle

import (
	"context"
	"fmt"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// oneIf counts what is there or not.
func oneIf(found bool) (f finding, err error) {
	if found {
		f.count = 1
	}
	return f, nil
}

func noRequirements(_ context.Context, in inspection) (finding, error) {
	return oneIf(len(in.asked) == 0)
}

func noParticipations(_ context.Context, in inspection) (finding, error) {
	return oneIf(len(in.participations) == 0)
}

func noCases(_ context.Context, in inspection) (finding, error) {
	for _, e := range in.entry {
		if e.sample.Cases > 0 {
			return finding{}, nil
		}
	}
	return finding{count: 1}, nil
}

// participantsWithoutCases counts a municipality whose cases are all withdrawn as one that has cases: nothing that could
// be entered would mend it.
func participantsWithoutCases(_ context.Context, in inspection) (f finding, err error) {
	for _, p := range in.participations {
		if in.entry[p.Municipality].cases() == 0 {
			f.count++
			f.link(in.participation(p, in.say("ingen sager", "no cases")))
		}
	}
	return f, nil
}

// casesAgainstParticipation compares with what was drawn, so that withdrawn cases count.
func casesAgainstParticipation(_ context.Context, in inspection) (f finding, err error) {
	for _, p := range in.participations {
		if entered := in.entry[p.Municipality].cases(); p.Cases != nil && entered != *p.Cases {
			f.count++
			f.link(in.participation(p, fmt.Sprintf(in.say("%d sager udtrukket, %d indtastet", "%d cases drawn, %d entered"), *p.Cases, entered)))
		}
	}
	return f, nil
}

func (in inspection) participation(p barometer.Participation, detail string) barometer.CheckLink {
	return barometer.CheckLink{
		Href:         fmt.Sprintf("/v1/rounds/%d/participations/%s", p.Round, p.Municipality),
		Municipality: p.Municipality, Detail: detail,
	}
}

func missingOutcomes(ctx context.Context, in inspection) (f finding, err error) {
	for _, e := range in.entry {
		f.count += e.sample.Cells - e.sample.Entered
	}
	if f.count == 0 {
		return f, nil
	}
	first, err := in.tx.CaseItems(ctx, store.CaseFilter{
		Round: in.round.Year, Completeness: barometer.CaseIncomplete, Limit: mostLinks,
	})
	for _, c := range first {
		f.link(barometer.CheckLink{
			Href: outcomesOf(c.ID), Municipality: c.Municipality, Reference: &c.Reference,
			Detail: fmt.Sprintf(in.say("%d af %d mangler", "%d of %d missing"), c.Missing, c.Missing+c.Entered),
		})
	}
	return f, err
}

func outcomesOf(caseID string) string { return "/v1/cases/" + caseID + "/outcomes" }

func preconditionConflicts(ctx context.Context, in inspection) (f finding, err error) {
	for _, p := range in.preconditions() {
		if err := in.conflictsUnder(ctx, p, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

// preconditions lists the requirements that others rest on, in catalogue order.
func (in inspection) preconditions() []store.Precondition {
	var all []store.Precondition
	for _, q := range in.asked {
		parent, ok := barometer.PreconditionOf(in.asked, barometer.Cell{Requirement: q.Code, Number: 1})
		if !ok {
			continue
		}
		i := slices.IndexFunc(all, func(p store.Precondition) bool { return p.Parent == parent.Requirement })
		if i < 0 {
			i = len(all)
			all = append(all, store.Precondition{Parent: parent.Requirement, SameUnit: parent.Number > 0})
		}
		all[i].Children = append(all[i].Children, q.Code)
	}
	return all
}

// conflictsUnder counts where requirements do not go with their precondition.
func (in inspection) conflictsUnder(ctx context.Context, p store.Precondition, f *finding) error {
	tallies, err := in.tx.UnderTallies(ctx, in.round.Year, p)
	if err != nil {
		return err
	}
	for _, t := range tallies {
		if t.Assessment().CheckUnder(t.Parent) == "" {
			continue
		}
		f.count += t.Units
		places, err := in.tx.PlacesUnder(ctx, in.round.Year, p, t.Under, mostLinks-len(f.links))
		if err != nil {
			return err
		}
		detail := fmt.Sprintf(in.say("%s, men forudsætningen %s er %s", "%s, but its precondition %s is %s"), t.Outcome, p.Parent, t.Parent)
		f.linkPlaces(places, detail)
	}
	return nil
}

// missingReasons finds what the service itself never stores.
func missingReasons(ctx context.Context, in inspection) (f finding, err error) {
	tallies, err := in.tx.AssessmentTallies(ctx, in.round.Year)
	if err != nil {
		return f, err
	}
	for _, t := range tallies {
		if t.Outcome.Known() && t.Outcome.CheckReason(t.Reason) == "" {
			continue
		}
		f.count += t.Units
		places, err := in.tx.PlacesAssessed(ctx, in.round.Year, t.Assessment, mostLinks-len(f.links))
		if err != nil {
			return f, err
		}
		f.linkPlaces(places, in.say("begrundelsen mangler eller passer ikke", "the reason is missing or does not go with the outcome"))
	}
	return f, nil
}

func (f *finding) linkPlaces(places []store.OutcomePlace, detail string) {
	for _, p := range places {
		f.link(barometer.CheckLink{
			Href: outcomesOf(p.CaseID), Municipality: p.Municipality, Reference: &p.Reference, Requirement: &p.Requirement, Detail: detail,
		})
	}
}
