package score_test

import (
	"encoding/json"
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// The vectors also have the maximum-likelihood estimate, which the service does not give. A maximiser here reproduces it,
// and no estimate by moments may be likelier than it.
func TestShrinkageAgainstMaximumLikelihood(t *testing.T) {
	const tolerance = 1e-5
	for _, c := range load(t, "eb_beta_binomial").Cases {
		t.Run(c.ID, func(t *testing.T) {
			units := sharesOf(inputOf[shrinkInput](t, c.Input).Units)
			var want struct{ ML map[string]any }
			if err := json.Unmarshal(c.Expected, &want); err != nil {
				t.Fatal(err)
			}
			s, _ := score.Shrink(units, score.Confidence)
			got := map[string]any{"status": s.Status, "mu": nil, "rho": nil, "alpha": nil, "beta": nil, "loglik": nil}
			switch s.Status {
			case "no_variation":
				got["mu"] = s.Mean
			case "no_pooling": // every unit is all or nothing: the likelihood rises up to a correlation of 1
				got["rho"] = 1
			case "complete_pooling":
				got["mu"], got["rho"], got["loglik"] = s.Mean, 0, logLikelihood(units, *s.Mean, 0)
				if mu, rho := likeliest(units); logLikelihood(units, mu, rho) > logLikelihood(units, *s.Mean, 0) {
					t.Errorf("mean %v, correlation %v is likelier", mu, rho)
				}
			case "ok":
				mu, rho := likeliest(units)
				got["mu"], got["rho"], got["alpha"], got["beta"] = mu, rho, mu*(1-rho)/rho, (1-mu)*(1-rho)/rho
				got["loglik"] = logLikelihood(units, mu, rho)
				if moments := logLikelihood(units, *s.Mean, *s.Correlation); moments > logLikelihood(units, mu, rho) {
					t.Errorf("moments %v, %v are likelier than the maximum %v, %v", *s.Mean, *s.Correlation, mu, rho)
				}
			}
			compare(t, "", want.ML, jsonOf(t, got), 0, tolerance)
		})
	}
}

// logLikelihood of the beta-binomial distribution, the binomial one where the correlation is 0.
func logLikelihood(units []barometer.Share, mu, rho float64) float64 {
	sum := 0.0
	for _, u := range units {
		x, n := float64(u.Met), float64(u.Assessed)
		sum -= math.Log(n+1) + mathext.Lbeta(x+1, n-x+1) // the binomial coefficient
		if rho == 0 {
			sum += x*math.Log(mu) + (n-x)*math.Log(1-mu)
			continue
		}
		a, b := mu*(1-rho)/rho, (1-mu)*(1-rho)/rho
		sum += mathext.Lbeta(a+x, b+n-x) - mathext.Lbeta(a, b)
	}
	return sum
}

// likeliest searches mean and correlation on the logit scale, one within the other.
func likeliest(units []barometer.Share) (mu, rho float64) {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	best := func(rho float64) float64 {
		return logistic(peak(func(x float64) float64 { return logLikelihood(units, logistic(x), rho) }))
	}
	rho = logistic(peak(func(x float64) float64 { return logLikelihood(units, best(logistic(x)), logistic(x)) }))
	return best(rho), rho
}

// peak finds the maximum of a function with one peak between -12 and 12 by golden sections.
func peak(f func(float64) float64) float64 {
	golden := (math.Sqrt(5) - 1) / 2
	lo, hi := -12.0, 12.0
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := f(a), f(b)
	for hi-lo > 1e-9 {
		if fa > fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = f(b)
		}
	}
	return (lo + hi) / 2
}
