package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// SomeCases are some cases of a municipality in a round with all there is of them.
type SomeCases struct {
	Cases    []barometer.Case
	Units    []barometer.CaseUnit // those that were removed among them
	Outcomes []barometer.CaseOutcome
	// Last is the number of the latest revision in the past of each outcome, those that were removed among them.
	Last map[OutcomeKey]int
}

// CasesByReference gives the cases of these references that there are: at most some thousand at a time.
func (s *Store) CasesByReference(ctx context.Context, year barometer.Year, municipality string, references []string) (some SomeCases, err error) {
	defer translate("cases by reference", &err)
	some.Cases, err = gorm.G[barometer.Case](s.db).
		Where("round = ? AND municipality = ? AND reference IN ?", year, municipality, references).Where(s.inScope("cases")).Find(ctx)
	if err != nil || len(some.Cases) == 0 {
		return some, err
	}
	ids := make([]string, len(some.Cases))
	for i, c := range some.Cases {
		ids[i] = c.ID
	}
	if some.Units, err = gorm.G[barometer.CaseUnit](s.db).Where("case_id IN ?", ids).Find(ctx); err != nil {
		return some, err
	}
	if some.Outcomes, err = gorm.G[barometer.CaseOutcome](s.db).Where("case_id IN ?", ids).Find(ctx); err != nil {
		return some, err
	}
	for i := range some.Outcomes {
		some.Outcomes[i] = inUTC(some.Outcomes[i])
	}
	some.Last, err = s.lastRevisionsOf(ctx, ids)
	return some, err
}

// OutcomeKey is the place of an outcome.
type OutcomeKey struct {
	CaseID      string
	Requirement string
	Number      int
}

func (s *Store) lastRevisionsOf(ctx context.Context, ids []string) (map[OutcomeKey]int, error) {
	var found []struct {
		OutcomeKey
		Last int
	}
	err := s.db.WithContext(ctx).Raw(lastRevisionsOfCasesSQL, ids).Scan(&found).Error
	last := make(map[OutcomeKey]int, len(found))
	for _, r := range found {
		last[r.OutcomeKey] = r.Last
	}
	return last, err
}

const lastRevisionsOfCasesSQL = `
SELECT case_id, requirement, number, max(revision) AS last FROM outcome_revisions
WHERE case_id IN ? GROUP BY case_id, requirement, number`
