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
	found, err = gorm.G[barometer.ReportedResult](s.db).Where("round = ?", year).Find(ctx)
	byText(found, func(r barometer.ReportedResult) [2]string { return [2]string{r.Area, r.Requirement} })
	return found, err
}

// PutReportedResults adds reported figures, or replaces those of the same round, area and requirement.
func (s *Store) PutReportedResults(ctx context.Context, rows []barometer.ReportedResult) (err error) {
	defer translate("put reported results", &err)
	return insert(ctx, s, rows, clause.OnConflict{UpdateAll: true})
}

// ReportedPeriods gives the figures of periods, by rounds, area and requirement.
func (s *Store) ReportedPeriods(ctx context.Context) (found []barometer.ReportedPeriod, err error) {
	defer translate("reported periods", &err)
	found, err = gorm.G[barometer.ReportedPeriod](s.db).Find(ctx)
	byText(found, func(p barometer.ReportedPeriod) [2]string { return [2]string{p.Area, p.Requirement} })
	byText(found, func(p barometer.ReportedPeriod) [2]string { return [2]string{p.Rounds} })
	return found, err
}

// AddReportedPeriods adds figures of periods; Conflict where one is there already.
func (s *Store) AddReportedPeriods(ctx context.Context, rows []barometer.ReportedPeriod) (err error) {
	defer translate("add reported periods", &err)
	return insert(ctx, s, rows)
}

// Judgements gives the judgements of comparability in force, by id.
func (s *Store) Judgements(ctx context.Context) (found []barometer.Judgement, err error) {
	defer translate("judgements", &err)
	found, err = gorm.G[barometer.Judgement](s.db).Find(ctx)
	byText(found, func(j barometer.Judgement) [2]string { return [2]string{j.ID} })
	return found, err
}

// AddJudgements adds judgements; Conflict where one has the same id.
func (s *Store) AddJudgements(ctx context.Context, rows []barometer.Judgement) (err error) {
	defer translate("add judgements", &err)
	return insert(ctx, s, rows)
}
