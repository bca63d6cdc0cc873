package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// ReportedResults gives the reported figures of a round, by area and requirement.
func (s *Store) ReportedResults(ctx context.Context, year barometer.Year) (found []barometer.ReportedResult, err error) {
	defer translate("reported results", &err)
	return gorm.G[barometer.ReportedResult](s.db).Where("round = ?", year).Order("area, requirement").Find(ctx)
}

// PutReportedResults adds reported figures, or replaces those of the same round, area and requirement.
func (s *Store) PutReportedResults(ctx context.Context, rows []barometer.ReportedResult) (err error) {
	defer translate("put reported results", &err)
	if len(rows) == 0 {
		return nil
	}
	return gorm.G[barometer.ReportedResult](s.db, clause.OnConflict{UpdateAll: true}).CreateInBatches(ctx, &rows, batch)
}

// ReportedPeriods gives the figures of periods.
func (s *Store) ReportedPeriods(ctx context.Context) (found []barometer.ReportedPeriod, err error) {
	defer translate("reported periods", &err)
	return gorm.G[barometer.ReportedPeriod](s.db).Order("rounds, area, requirement").Find(ctx)
}

// AddReportedPeriods adds figures of periods; Conflict where one is there already.
func (s *Store) AddReportedPeriods(ctx context.Context, rows []barometer.ReportedPeriod) (err error) {
	defer translate("add reported periods", &err)
	return insert(ctx, s, rows)
}

// Judgements gives the judgements of comparability in force, by id.
func (s *Store) Judgements(ctx context.Context) (found []barometer.Judgement, err error) {
	defer translate("judgements", &err)
	return gorm.G[barometer.Judgement](s.db).Order("id").Find(ctx)
}

// AddJudgements adds judgements; Conflict where one has the same id.
func (s *Store) AddJudgements(ctx context.Context, rows []barometer.Judgement) (err error) {
	defer translate("add judgements", &err)
	return insert(ctx, s, rows)
}
