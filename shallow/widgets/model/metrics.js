/**
 * What a threshold makes of scores. An item is called positive if its score ≥ the threshold.
 * Scores are numbers, labels are 1 (positive) or 0 (negative). 0/0 is NaN.
 */

/** @typedef {{tp: number, fp: number, fn: number, tn: number}} Counts */

/**
 * The confusion matrix.
 * @param {number[]} scores
 * @param {number[]} labels
 * @param {number} threshold
 * @returns {Counts}
 */
export function confusion(scores, labels, threshold) {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  scores.forEach((score, i) => {
    if (score >= threshold) counts[labels[i] ? "tp" : "fp"] += 1;
    else counts[labels[i] ? "fn" : "tn"] += 1;
  });
  return counts;
}

/**
 * The rates that follow from the confusion matrix.
 * @param {Counts} counts
 */
export function rates({ tp, fp, fn, tn }) {
  return {
    accuracy: (tp + tn) / (tp + fp + fn + tn),
    prevalence: (tp + fn) / (tp + fp + fn + tn),
    precision: tp / (tp + fp),
    npv: tn / (tn + fn),
    tpr: tp / (tp + fn),
    fpr: fp / (fp + tn),
    fnr: fn / (tp + fn),
    tnr: tn / (fp + tn),
    f1: (2 * tp) / (2 * tp + fp + fn),
  };
}

/**
 * The points of the ROC curve, from calling nothing positive (threshold ∞) to calling everything so.
 * Equal scores make one point, as in scikit-learn's `roc_curve(drop_intermediate=False)`.
 * @returns {{fpr: number, tpr: number, threshold: number}[]}
 */
export function rocCurve(scores, labels) {
  return sweep(scores, labels).map(({ threshold, ...counts }) => {
    const { fpr, tpr } = rates(counts);
    return { fpr, tpr, threshold };
  });
}

/**
 * Probability that a random positive scores higher than a random negative; a tie counts ½.
 * By ranks (Mann–Whitney), so not by the area of a drawing. NaN if a class is missing.
 */
export function auc(scores, labels) {
  const order = scores.map((score, i) => [score, labels[i]]).sort((a, b) => a[0] - b[0]);
  let [rankSum, positives] = [0, 0];
  for (let i = 0, j; i < order.length; i = j) {
    for (j = i; j < order.length && order[j][0] === order[i][0]; j += 1);
    const middleRank = (i + 1 + j) / 2;
    for (let k = i; k < j; k += 1) {
      if (order[k][1]) {
        rankSum += middleRank;
        positives += 1;
      }
    }
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The points of the precision–recall curve, by falling threshold, after the conventional start
 * at recall 0 and precision 1 (threshold ∞).
 * @returns {{recall: number, precision: number, threshold: number}[]}
 */
export function prCurve(scores, labels) {
  const points = sweep(scores, labels).map(({ threshold, ...counts }) => {
    const { tpr, precision } = rates(counts);
    return { recall: tpr, precision, threshold };
  });
  return [{ ...points[0], precision: 1 }, ...points.slice(1)];
}

/** Average precision: Σ (recall step) · precision over the points of the curve. */
export function averagePrecision(scores, labels) {
  return prCurve(scores, labels).reduce((sum, { recall, precision }, i, curve) =>
    (i ? sum + (recall - curve[i - 1].recall) * precision : 0), 0);
}

/**
 * Mean cost of a decision, where a false positive costs 1 and a false negative `ratio`.
 * @param {Counts} counts
 * @param {number} ratio
 */
export function expectedCost({ tp, fp, fn, tn }, ratio) {
  return (fp + ratio * fn) / (tp + fp + fn + tn);
}

/**
 * The cost at every threshold that makes a difference, by falling threshold from ∞.
 * @returns {{threshold: number, cost: number}[]}
 */
export function costCurve(scores, labels, ratio) {
  return sweep(scores, labels).map(({ threshold, ...counts }) => ({ threshold, cost: expectedCost(counts, ratio) }));
}

/** The point of least cost; of equal ones, that with the highest threshold. */
export function leastCost(scores, labels, ratio) {
  return costCurve(scores, labels, ratio).reduce((best, point) => (point.cost < best.cost ? point : best));
}

/** Confusion counts at ∞ and at each distinct score, by falling threshold, in one pass. */
function sweep(scores, labels) {
  const order = scores.map((score, i) => [score, labels[i]]).sort((a, b) => b[0] - a[0]);
  const positives = order.filter(([, label]) => label).length;
  const at = (threshold, tp, fp) => ({
    threshold, tp, fp, fn: positives - tp, tn: order.length - positives - fp,
  });
  const points = [at(Infinity, 0, 0)];
  let [tp, fp] = [0, 0];
  order.forEach(([score, label], i) => {
    if (label) tp += 1;
    else fp += 1;
    if (i + 1 === order.length || order[i + 1][0] !== score) points.push(at(score, tp, fp));
  });
  return points;
}
