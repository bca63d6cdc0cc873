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

// ReportedResult gives the reported figure of an area and requirement in a round; NotFound where there is none.
func (s *Store) ReportedResult(ctx context.Context, year barometer.Year, area, requirement string) (r barometer.ReportedResult, err error) {
	defer translate("reported result", &err)
	return gorm.G[barometer.ReportedResult](s.db).
		Where("round = ? AND area = ? AND requirement = ?", year, area, requirement).First(ctx)
}

// DeleteReportedResult deletes a reported figure; NotFound where there is none.
func (s *Store) DeleteReportedResult(ctx context.Context, year barometer.Year, area, requirement string) (err error) {
	defer translate("delete reported result", &err)
	rows, err := gorm.G[barometer.ReportedResult](s.db).
		Where("round = ? AND area = ? AND requirement = ?", year, area, requirement).Delete(ctx)
	return missing(rows, err)
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

// Judgement gives a judgement by its id; NotFound where there is none.
func (s *Store) Judgement(ctx context.Context, id string) (j barometer.Judgement, err error) {
	defer translate("judgement", &err)
	return gorm.G[barometer.Judgement](s.db).Where("id = ?", id).First(ctx)
}

// UpdateJudgement changes what was judged of the same rounds; NotFound where there is no judgement of that id.
func (s *Store) UpdateJudgement(ctx context.Context, j barometer.Judgement) (err error) {
	defer translate("update judgement", &err)
	rows, err := gorm.G[barometer.Judgement](s.db).Where("id = ?", j.ID).
		Select("judgement", "reason", "effect", "judged_by", "date", "note_da", "note_en", "source").Updates(ctx, j)
	return missing(rows, err)
}

// DeleteJudgement deletes a judgement; NotFound where there is none of that id.
func (s *Store) DeleteJudgement(ctx context.Context, id string) (err error) {
	defer translate("delete judgement", &err)
	rows, err := gorm.G[barometer.Judgement](s.db).Where("id = ?", id).Delete(ctx)
	return missing(rows, err)
}
