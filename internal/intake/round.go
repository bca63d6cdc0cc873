package intake

import (
	"context"
	"slices"
	"strconv"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// lastSyntheticYear bounds the years that a file may create a round for.
const lastSyntheticYear barometer.Year = 9999

// round is what a file's rows are checked against.
type round struct {
	barometer.Round
	isNew        bool
	asked        []barometer.Requirement // in catalogue order, as asked; none where the list is not known
	participants map[string]barometer.Participation
}

// casesOf gives the number of cases of an area, nil where it is not known.
func (r *round) casesOf(area string) *int {
	if area == barometer.Country {
		return r.Cases
	}
	return r.participants[area].Cases
}

// requirement finds a requirement the round asks.
func (r *round) requirement(code string) (barometer.Requirement, bool) {
	return barometer.FindRequirement(r.asked, code)
}

func (r *round) askedCodes() string {
	var codes []string
	for _, q := range r.asked {
		codes = append(codes, q.Code)
	}
	return barometer.List(codes)
}

// takesOutcomes gives State where outcomes of the round are not entered now.
func (r *round) takesOutcomes() error {
	switch {
	case !r.RequirementsKnown:
		return barometer.Errorf(barometer.State,
			"The list of requirements of round %d is not known, so it takes reported figures only.", r.Year)
	case r.Status == barometer.Draft:
		return barometer.Errorf(barometer.State, "Round %d is a draft; it takes outcomes when it is collecting or in hearing.", r.Year)
	case r.Status == barometer.Published:
		return barometer.Errorf(barometer.State, "Round %d is published; reopen it first, with a reason.", r.Year)
	}
	return nil
}

// takesParticipations gives State where the participants of the round are not changed now.
func (r *round) takesParticipations() error {
	if r.Status == barometer.Draft || r.Status == barometer.Collecting {
		return nil
	}
	return barometer.Errorf(barometer.State, "Round %d is %s; its participants are changed while it is draft or collecting.", r.Year, r.Status)
}

// rounds are the rounds there are, and those that a file creates.
type rounds map[barometer.Year]*round

// readRounds reads what the rows of a file can refer to: all rounds, or the given one alone, which is locked.
func readRounds(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, given *barometer.Year) (rounds, error) {
	var all []barometer.Round
	var err error
	if given == nil {
		all, err = tx.Rounds(ctx)
	} else {
		all = make([]barometer.Round, 1)
		all[0], err = tx.LockRound(ctx, *given, true)
	}
	if err != nil {
		return nil, err
	}
	known := rounds{}
	for _, one := range all {
		if known[one.Year], err = readRound(ctx, tx, cat, one); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func readRound(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, of barometer.Round) (*round, error) {
	r := &round{Round: of, participants: map[string]barometer.Participation{}}
	asked, err := s.RoundRequirements(ctx, of.Year)
	if err != nil {
		return nil, err
	}
	for _, q := range cat.Requirements(barometer.Danish) {
		i := slices.IndexFunc(asked, func(a barometer.RoundRequirement) bool { return a.Requirement == q.Code })
		if i < 0 {
			continue
		}
		if asked[i].QuestionDa != nil {
			q.Question = *asked[i].QuestionDa
		}
		r.asked = append(r.asked, q)
	}
	participations, err := s.Participations(ctx, of.Year)
	for _, p := range participations {
		r.participants[p.Municipality] = p
	}
	return r, err
}

// synthetic gives a round that a file marked synthetic creates: it asks what the fullest published list asks.
func synthetic(cat *catalogue.Catalogue, year barometer.Year) *round {
	asked := cat.SyntheticRequirements()
	return &round{
		Round: barometer.Round{
			Year: year, Origin: barometer.OriginSynthetic, Kind: "annual", Law: asked[0].Law,
			Status: barometer.Collecting, RequirementsKnown: true,
		},
		isNew: true, asked: asked, participants: map[string]barometer.Participation{},
	}
}

// create stores a round that a file creates, with its requirements and participations.
func (r *round) create(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, municipalities []string) error {
	var asked []barometer.RoundRequirement
	for _, q := range r.asked {
		asked = append(asked, barometer.RoundRequirement{
			Round: r.Year, Requirement: q.Code, Unit: q.Unit, Practice: cat.Practice(q.Code, r.Year),
		})
	}
	if err := tx.AddRound(ctx, r.Round, asked); err != nil {
		return err
	}
	var participations []barometer.Participation
	for _, code := range municipalities {
		participations = append(participations, barometer.Participation{Round: r.Year, Municipality: code})
	}
	return tx.AddParticipations(ctx, participations)
}

// years lists the rounds there are, for a message.
func (k rounds) years() string {
	var years []string
	for year, r := range k {
		if !r.isNew {
			years = append(years, strconv.Itoa(int(year)))
		}
	}
	slices.Sort(years)
	return barometer.List(years)
}
