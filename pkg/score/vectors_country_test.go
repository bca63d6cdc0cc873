package score_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/boernesagsbarometer/barometer/pkg/score"
)

func (c count) cluster() score.Cluster {
	return score.Cluster{Met: []int{c.Met}, Assessed: []int{c.Applicable}, Count: 1}
}

func TestNationalRatioVectors(t *testing.T) {
	type input struct {
		Clusters []struct {
			count
			Weight *float64
		}
		Level             float64
		ClustersInCountry int `json:"clusters_in_country"`
	}
	eachCase(t, "national_ratio", func(in input) map[string]any {
		clusters, weights := make([]score.Cluster, len(in.Clusters)), make([]float64, len(in.Clusters))
		for i, c := range in.Clusters {
			clusters[i], weights[i] = c.cluster(), 1
			if c.Weight != nil {
				weights[i] = *c.Weight
			}
		}
		e, ok := score.PooledWeighted(clusters, weights, in.Level)
		if in.Clusters[0].Weight == nil {
			e, ok = score.Pooled(clusters, in.Level)
		}
		out := members(e)
		out["clusters"], out["contributing_clusters"], out["applicable"] = len(clusters), e.Contributing, e.Assessed
		out["design_effect"], out["df"], out["se_fpc"] = e.DesignEffect, nil, nil
		if ok {
			out["df"] = e.Contributing - 1
		}
		if e.SE != nil { // the variance times 1 - k/K
			out["se_fpc"] = *e.SE * math.Sqrt(1-float64(len(clusters))/float64(in.ClustersInCountry))
		}
		addAlternatives(out, e, in.Level)
		return out
	})
}

// addAlternatives adds the intervals that R's survey package makes of the same standard error: svyciprop with method
// beta (Korn, Graubard 1998, without a floor) and with method logit.
func addAlternatives(out map[string]any, e score.Estimate, level float64) {
	for _, name := range []string{"kg_lower", "kg_upper", "logit_lower", "logit_upper"} {
		out[name] = nil
	}
	if e.Contributing < 3 || e.Proportion == 0 || e.Proportion == 1 {
		return
	}
	p, alpha := e.Proportion, 1-level
	t := func(df int) float64 { return distuv.StudentsT{Sigma: 1, Nu: float64(df)}.Quantile(1 - alpha/2) }
	n := p * (1 - p) / (*e.SE * *e.SE) * math.Pow(t(e.Assessed-1)/t(e.Contributing-1), 2)
	out["kg_lower"] = distuv.Beta{Alpha: n * p, Beta: n*(1-p) + 1}.Quantile(alpha / 2)
	out["kg_upper"] = distuv.Beta{Alpha: n*p + 1, Beta: n * (1 - p)}.Quantile(1 - alpha/2)
	logit, half := math.Log(p/(1-p)), t(e.Contributing-1)**e.SE/(p*(1-p))
	out["logit_lower"], out["logit_upper"] = 1/(1+math.Exp(half-logit)), 1/(1+math.Exp(-half-logit))
}

func TestNationalTwoStageVectors(t *testing.T) {
	type input struct {
		ClustersInCountry int `json:"clusters_in_country"`
		Clusters          []struct {
			count
			Sampled, Eligible int
		}
	}
	eachCase(t, "national_two_stage", func(in input) map[string]any {
		drawn := make([]score.Drawn, len(in.Clusters))
		for i, c := range in.Clusters {
			drawn[i] = score.Drawn{Share: c.share(), Sampled: c.Sampled, Eligible: c.Eligible}
		}
		e, _ := score.TwoStage(drawn, in.ClustersInCountry)
		return map[string]any{"estimate": e.Proportion, "se_two_stage_fpc": e.SE, "sum_of_weights": e.SumOfWeights}
	})
}

func TestNationalDifferenceVectors(t *testing.T) {
	type input struct {
		Level    float64
		Clusters []struct{ New, Old *count }
	}
	eachCase(t, "national_difference", func(in input) map[string]any {
		var now, before []score.Cluster
		var nowIDs, beforeIDs []string
		for i, c := range in.Clusters {
			id := fmt.Sprintf("%04d", i)
			if c.New != nil {
				now, nowIDs = append(now, c.New.cluster()), append(nowIDs, id)
			}
			if c.Old != nil {
				before, beforeIDs = append(before, c.Old.cluster()), append(beforeIDs, id)
			}
		}
		eNow, _ := score.Pooled(now, in.Level)
		eBefore, _ := score.Pooled(before, in.Level)
		d := score.Difference(eNow, eBefore, nowIDs, beforeIDs, in.Level)
		return map[string]any{
			"estimate_new": eNow.Proportion, "estimate_old": eBefore.Proportion, "difference": d.Difference, "se": d.SE,
			"covariance": d.Covariance, "correlation": d.Correlation, "df": d.DF, "t": d.T, "p_value": d.P,
			"lower": d.Interval.Lower, "upper": d.Interval.Upper,
		}
	})
}
