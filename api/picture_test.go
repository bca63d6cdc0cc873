package api_test

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// TestPictures draws the pictures of docs/method.md from what the service answers, and holds the files against them.
func TestPictures(t *testing.T) {
	t.Parallel()
	opened := storetest.Open(t, store.Options{DataDir: t.TempDir()})
	publishSynthetic(t, opened)
	s := serveHistory(t, opened)
	distribution := must(s.Distribution(t.Context(), 9026, "investigation_conducted", barometer.English))(t)
	golden(t, "../docs/funnel.svg", funnelPicture(distribution))
	card := must(s.Scorecard(t.Context(), 2023, ishoej, client.ScorecardOptions{Lang: barometer.English}))(t)
	golden(t, "../docs/interval.svg", intervalPicture(card))
}

// publishSynthetic publishes the synthetic round 9026 of the README beside the history.
func publishSynthetic(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := storetest.Context(t)
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := synth.Write(&file, cat, synth.Options{Round: 9026, Municipalities: 37, Cases: 750, Seed: 7}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := report.LoadHistory(ctx, s, cat); err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Outcomes(ctx, s, cat, bytes.NewReader(file.Bytes()), nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := report.Publish(ctx, s, cat, 9026); err != nil {
		t.Fatal(err)
	}
}

// style makes the pictures readable on light and dark pages; no colour alone carries a meaning.
const style = `<style>
text { font: 14px system-ui, sans-serif; fill: #1c2733 }
.title { font-size: 16px; font-weight: 600 }
.mute { fill: #56636f }
.paper { fill: #ffffff }
.grid { stroke: #dfe5ea }
.outer { fill: #e8f0f7 }
.inner { fill: #cfe0ef }
.line { fill: none; stroke: #1d6196; stroke-width: 2 }
.bar { stroke: #1d6196; stroke-width: 6 }
.dot { fill: #1c2733; stroke: #ffffff }
.flag { fill: #b8420b; stroke: #ffffff }
@media (prefers-color-scheme: dark) {
text { fill: #e6ebf0 }
.mute { fill: #a3b0bc }
.paper { fill: #12171c }
.grid { stroke: #2b353e }
.outer { fill: #17242f }
.inner { fill: #20384c }
.line, .bar { stroke: #66b0e8 }
.dot { fill: #e6ebf0; stroke: #12171c }
.flag { fill: #ff9a5c; stroke: #12171c }
}
</style>
`

// picture is a drawing in SVG with a plot in it.
type picture struct {
	strings.Builder
	left, right, top, bottom float64 // edges of the plot
	most                     float64 // value at its right edge; that at its left is 0
}

// newPicture begins a picture with a title and a line below it. The description is for those who cannot see it.
func newPicture(height int, title, below, description string, p picture) *picture {
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 %d" role="img" aria-labelledby="title description">`, height)
	p.put(`<title id="title">%s</title>`, html.EscapeString(title))
	p.put(`<desc id="description">%s</desc>`, html.EscapeString(description))
	p.WriteString(style)
	p.put(`<rect class="paper" width="760" height="%d" rx="8"/>`, height)
	p.text(24, 34, "title", "start", title)
	p.text(24, 56, "mute", "start", below)
	return &p
}

func (p *picture) put(format string, values ...any) {
	p.WriteString(fmt.Sprintf(format, values...) + "\n")
}

func (p *picture) text(x, y float64, class, anchor, text string) {
	p.put(`<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`, x, y, class, anchor, html.EscapeString(text))
}

func (p *picture) stroke(class string, x1, y1, x2, y2 float64) {
	p.put(`<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

// x and y place a value of the horizontal axis, and a proportion on the vertical one.
func (p *picture) x(value float64) float64 { return p.left + value/p.most*(p.right-p.left) }

func (p *picture) y(proportion float64) float64 { return p.bottom - proportion*(p.bottom-p.top) }

func (p *picture) end() string {
	p.WriteString("</svg>\n")
	return p.String()
}

// marks are the signs of the positions, around a point: up and down for above and below, filled for outside 99.8 %.
var marks = map[barometer.Position]struct{ shape, class, name string }{
	barometer.Below998: {"M-6,-5 L6,-5 L0,7 Z M-7,11 H7 V14 H-7 Z", "flag", "below the 99.8 % limit"},
	barometer.Below95:  {"M-6,-5 L6,-5 L0,7 Z", "flag", "below the 95 % limit"},
	barometer.Within:   {"M-5,0 a5,5 0 1 0 10,0 a5,5 0 1 0 -10,0 Z", "dot", "within"},
	barometer.Above95:  {"M-6,5 L6,5 L0,-7 Z", "flag", "above the 95 % limit"},
	barometer.Above998: {"M-6,5 L6,5 L0,-7 Z M-7,-11 H7 V-14 H-7 Z", "flag", "above the 99.8 % limit"},
}

// positions from low to high.
var positions = []barometer.Position{barometer.Below998, barometer.Below95, barometer.Within, barometer.Above95, barometer.Above998}

func (p *picture) mark(of barometer.Position, x, y float64) {
	p.put(`<path class="%s" d="%s" transform="translate(%.1f %.1f)"/>`, marks[of].class, marks[of].shape, x, y)
}

func funnelPicture(d barometer.Distribution) string {
	counts, said := map[barometer.Position]int{}, []string{}
	for _, m := range d.Municipalities {
		if m.Position != nil {
			counts[*m.Position]++
		}
	}
	for _, of := range positions {
		if counts[of] > 0 {
			said = append(said, fmt.Sprintf("%d %s", counts[of], marks[of].name))
		}
	}
	p := newPicture(500, d.Question,
		fmt.Sprintf("Round %d, %s: every figure is made up. %d municipalities.", d.Round, d.Origin, len(d.Municipalities)),
		fmt.Sprintf("A funnel. Each municipality is a sign: its percentage against its number of assessed cases. A line shows the country's %d %%; "+
			"around it are the limits within which 95 and 99.8 %% would lie by chance, wide for few cases and narrow for many. %s.",
			d.Target.Percent, strings.Join(said, ", ")),
		picture{left: 64, right: 620, top: 84, bottom: 400, most: axisEnd(d)})
	p.band("outer", d.Limits, func(l barometer.FunnelLimits) (float64, float64) { return l.Lower998, l.Upper998 })
	p.band("inner", d.Limits, func(l barometer.FunnelLimits) (float64, float64) { return l.Lower95, l.Upper95 })
	for percent := 0; percent <= 100; percent += 20 {
		y := p.y(float64(percent) / 100)
		p.stroke("grid", p.left, y, p.right, y)
		p.text(p.left-8, y+5, "mute", "end", fmt.Sprintf("%d %%", percent))
	}
	for n := 0.0; n <= p.most; n += 5 {
		p.text(p.x(n), p.bottom+20, "mute", "middle", fmt.Sprint(n))
	}
	p.text((p.left+p.right)/2, p.bottom+42, "mute", "middle", "assessed cases")
	p.stroke("line", p.left, p.y(d.Target.Proportion), p.right, p.y(d.Target.Proportion))
	p.text(p.right+8, p.y(d.Target.Proportion)+5, "", "start", fmt.Sprintf("country %d %%", d.Target.Percent))
	last := d.Limits[len(d.Limits)-1]
	p.text(p.right+8, p.y(last.Lower95)-2, "mute", "start", "95 % limits")
	p.text(p.right+8, p.y(last.Lower998)+8, "mute", "start", "99.8 % limits")
	p.municipalities(d)
	at := p.left
	for _, of := range positions {
		if counts[of] == 0 {
			continue
		}
		text := fmt.Sprintf("%s (%d)", marks[of].name, counts[of])
		p.mark(of, at, p.bottom+70)
		p.text(at+14, p.bottom+75, "", "start", text)
		at += 50 + 7*float64(len(text))
	}
	return p.end()
}

// municipalities draws each one's sign; those with the same counts stand side by side.
func (p *picture) municipalities(d barometer.Distribution) {
	same, drawn := map[barometer.Share]int{}, map[barometer.Share]int{}
	for _, m := range d.Municipalities {
		if m.Position != nil {
			same[barometer.Share{Met: *m.Met, Assessed: *m.Assessed}]++
		}
	}
	for _, m := range d.Municipalities {
		if m.Position == nil {
			continue
		}
		counts := barometer.Share{Met: *m.Met, Assessed: *m.Assessed}
		aside := 10 * (float64(drawn[counts]) - float64(same[counts]-1)/2)
		drawn[counts]++
		p.mark(*m.Position, p.x(float64(counts.Assessed))+aside, p.y(*m.Proportion))
	}
}

// axisEnd is the end of the axis of assessed cases: the next whole five.
func axisEnd(d barometer.Distribution) float64 {
	return 5 * math.Ceil(float64(d.Limits[len(d.Limits)-1].Assessed)/5)
}

// band fills the room between two limits.
func (p *picture) band(class string, limits []barometer.FunnelLimits, of func(barometer.FunnelLimits) (lower, upper float64)) {
	var along, back []string
	for _, l := range limits {
		lower, upper := of(l)
		along = append(along, fmt.Sprintf("%.1f,%.1f", p.x(float64(l.Assessed)), p.y(upper)))
		back = append(back, fmt.Sprintf("%.1f,%.1f", p.x(float64(l.Assessed)), p.y(lower)))
	}
	slices.Reverse(back)
	p.put(`<polygon class="%s" points="%s"/>`, class, strings.Join(append(along, back...), " "))
}

func intervalPicture(card barometer.Scorecard) string {
	var measured []barometer.Result
	var said []string
	for _, r := range everyResult(card) {
		if r.Requirement != nil && r.Status == barometer.Measured {
			measured = append(measured, r)
			said = append(said, fmt.Sprintf("%s: %d %%, interval %d to %d %%", *r.Question, *r.Percent, r.Interval.LowerPercent, r.Interval.UpperPercent))
		}
	}
	const rowHeight = 64
	bottom := 96 + rowHeight*len(measured)
	p := newPicture(bottom+84, fmt.Sprintf("%s %d: %d cases, and what they bear", card.AreaName, card.Round, *card.Cases),
		"A dot is what was found, its bar the 95 % interval.",
		"Dots with bars. "+strings.Join(said, ". ")+".",
		picture{left: 40, right: 560, top: 76, bottom: float64(bottom), most: 100})
	for percent := 0.0; percent <= 100; percent += 20 {
		p.stroke("grid", p.x(percent), p.top, p.x(percent), p.bottom)
		p.text(p.x(percent), p.bottom+20, "mute", "middle", fmt.Sprintf("%.0f %%", percent))
	}
	for i, r := range measured {
		p.row(r, p.top+rowHeight*float64(i))
	}
	p.mark(barometer.Within, p.left, p.bottom+50)
	p.text(p.left+14, p.bottom+55, "", "start", "the municipality")
	p.country(p.left+170, p.bottom+50)
	p.text(p.left+184, p.bottom+55, "", "start", "the country, where it has a figure (printed, without an interval)")
	return p.end()
}

// row draws the interval of one result, with its counts beside it.
func (p *picture) row(r barometer.Result, top float64) {
	y := top + 44
	p.text(p.left, top+24, "", "start", *r.Question)
	p.stroke("bar", p.x(100*r.Interval.Lower), y, p.x(100*r.Interval.Upper), y)
	if r.Country.Percent != nil {
		p.country(p.x(float64(*r.Country.Percent)), y)
	}
	p.mark(barometer.Within, p.x(100**r.Proportion), y)
	p.text(p.right+24, y-4, "", "start", fmt.Sprintf("%d of %d: %d %%", *r.Met, *r.Assessed, *r.Percent))
	p.text(p.right+24, y+14, "mute", "start", fmt.Sprintf("%d to %d %%", r.Interval.LowerPercent, r.Interval.UpperPercent))
}

// country draws the country's sign.
func (p *picture) country(x, y float64) {
	p.put(`<path class="flag" d="M0,-9 L7,0 L0,9 L-7,0 Z" transform="translate(%.1f %.1f)"/>`, x, y)
}
