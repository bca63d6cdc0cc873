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
	asked        []barometer.Requirement // in catalogue order; none where the list is not known
	participants map[string]*int         // municipality -> number of cases, nil where unknown
}

// casesOf gives the number of cases of an area, nil where it is not known.
func (r *round) casesOf(area string) *int {
	if area == barometer.Country {
		return r.Cases
	}
	return r.participants[area]
}

// requirement finds a requirement the round asks.
func (r *round) requirement(code string) (barometer.Requirement, bool) {
	for _, q := range r.asked {
		if q.Code == code {
			return q, true
		}
	}
	return barometer.Requirement{}, false
}

func (r *round) askedCodes() string {
	var codes []string
	for _, q := range r.asked {
		codes = append(codes, q.Code)
	}
	return barometer.List(codes)
}

// rounds are the rounds there are, and those that a file creates.
type rounds map[barometer.Year]*round

// readRounds reads what the rows of a file can refer to.
func readRounds(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (rounds, error) {
	all, err := s.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	known := rounds{}
	for _, one := range all {
		r := &round{Round: one, participants: map[string]*int{}}
		asked, err := s.RoundRequirements(ctx, one.Year)
		if err != nil {
			return nil, err
		}
		for _, q := range cat.Requirements(barometer.Danish) {
			if slices.ContainsFunc(asked, func(a barometer.RoundRequirement) bool { return a.Requirement == q.Code }) {
				r.asked = append(r.asked, q)
			}
		}
		participations, err := s.Participations(ctx, one.Year)
		if err != nil {
			return nil, err
		}
		for _, p := range participations {
			r.participants[p.Municipality] = p.Cases
		}
		known[one.Year] = r
	}
	return known, nil
}

// synthetic gives a round that a file marked synthetic creates: it asks what the fullest published list asks.
func synthetic(cat *catalogue.Catalogue, year barometer.Year) *round {
	asked := cat.SyntheticRequirements()
	return &round{
		Round: barometer.Round{
			Year: year, Origin: barometer.OriginSynthetic, Kind: "annual", Law: asked[0].Law,
			Status: barometer.Collecting, RequirementsKnown: true,
		},
		isNew: true, asked: asked, participants: map[string]*int{},
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
