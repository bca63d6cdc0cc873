package intake

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// group of rows that are checked together: the cases of a municipality in a round.
type group struct {
	round        barometer.Year
	municipality string
}

func compareGroups(a, b group) int {
	if a.round != b.round {
		return int(a.round) - int(b.round)
	}
	return slices.Compare([]byte(a.municipality), []byte(b.municipality))
}

// rows holds the rows of a file until all of it is read, half a million of them if need be: each takes a few bytes, and
// says where the next one of its case is.
type rows struct {
	packed []packedRow
	cases  []caseRows
	places map[caseAt]uint32 // of the cases, by where they belong
	groups map[group][]uint32
	values interned
}

// packedRow is an outcomeRow without what is the same for all rows of a case. Texts are numbered.
type packedRow struct {
	line, next                                              uint32
	requirement, number, caseType, assessment, base, called uint16
}

// caseRows are the rows of a case: the first and the last of them, in the order of the file.
type caseRows struct {
	reference   string
	first, last uint32
}

type caseAt struct {
	group
	reference string
}

// none is the row after the last one.
const none = ^uint32(0)

// interned numbers the few values that rows have.
type interned struct {
	requirements numbered[string]
	caseTypes    numbered[barometer.CaseType]
	assessments  numbered[barometer.Assessment]
	called       []map[string]string // how columns are called in problems
}

type numbered[T comparable] struct {
	numbers map[T]uint16
	values  []T
}

func (n *numbered[T]) number(value T) uint16 {
	number, known := n.numbers[value]
	if !known {
		if n.numbers == nil {
			n.numbers = map[T]uint16{}
		}
		number = uint16(len(n.values)) //nolint:gosec // there are a few dozen of them
		n.numbers[value] = number
		n.values = append(n.values, value)
	}
	return number
}

func newRows() rows {
	return rows{places: map[caseAt]uint32{}, groups: map[group][]uint32{}, values: interned{called: []map[string]string{nil}}}
}

// call notes how columns are called, and gives the number that rows have for it. Without a note it is 0: by their names.
func (r *rows) call(names map[string]string) int {
	r.values.called = append(r.values.called, names)
	return len(r.values.called) - 1
}

// add adds a row that can be used.
func (r *rows) add(row outcomeRow) {
	at := uint32(len(r.packed)) //nolint:gosec // no file has so many rows
	r.packed = append(r.packed, r.values.pack(row))
	of := r.caseOf(row, at)
	if of.last != at {
		r.packed[of.last].next = at
		of.last = at
	}
}

// caseOf finds the case of a row, or begins it with the row.
func (r *rows) caseOf(row outcomeRow, at uint32) *caseRows {
	belongs := caseAt{group{row.round, row.municipality}, row.reference}
	place, known := r.places[belongs]
	if !known {
		place = uint32(len(r.cases)) //nolint:gosec // no file has so many rows
		r.places[belongs] = place
		r.groups[belongs.group] = append(r.groups[belongs.group], place)
		r.cases = append(r.cases, caseRows{row.reference, at, at})
	}
	return &r.cases[place]
}

func (v *interned) pack(row outcomeRow) packedRow {
	p := packedRow{
		line: uint32(row.line), next: none, requirement: v.requirements.number(row.requirement), //nolint:gosec // all are small and positive
		number: uint16(row.number), caseType: v.caseTypes.number(row.caseType), //nolint:gosec // at most MostNotifications
		assessment: v.assessments.number(row.Assessment), called: uint16(row.called), //nolint:gosec // at most the columns of two sheets
	}
	if row.base != nil {
		p.base = 1 + v.assessments.number(*row.base)
	}
	return p
}

func (v *interned) unpack(at group, reference string, p packedRow) outcomeRow {
	row := outcomeRow{
		place: place{int(p.line), v.called[p.called]}, called: int(p.called), round: at.round, municipality: at.municipality,
		reference: reference, caseType: v.caseTypes.values[p.caseType], requirement: v.requirements.values[p.requirement],
		number: int(p.number), Assessment: v.assessments.values[p.assessment],
	}
	if p.base > 0 {
		base := v.assessments.values[p.base-1]
		row.base = &base
	}
	return row
}

// rowsAtOnce is about how many rows are unpacked, checked and stored at once.
const rowsAtOnce = 5000

// each hands over the rows of a group, those of some whole cases at a time, and each case's in the order of the file. What
// is handed over is gone with the next. The group is forgotten.
func (r *rows) each(at group, take func(rows []outcomeRow) error) error {
	var some []outcomeRow
	for _, place := range r.groups[at] {
		of := &r.cases[place]
		for i := of.first; i != none; i = r.packed[i].next {
			some = append(some, r.values.unpack(at, of.reference, r.packed[i]))
		}
		*of = caseRows{}
		if len(some) >= rowsAtOnce {
			if err := take(some); err != nil {
				return err
			}
			some = some[:0]
		}
	}
	delete(r.groups, at)
	if len(some) == 0 {
		return nil
	}
	return take(some)
}
