/** Distributions with mean 0 and standard deviation 1. */

/** @typedef {"normal"|"logistic"|"uniform"|"exponential"} Shape */

const LOGISTIC_SCALE = Math.sqrt(3) / Math.PI;
const UNIFORM_END = Math.sqrt(3);

/**
 * Probability density at x.
 * @param {Shape} shape
 * @param {number} x
 */
export function density(shape, x) {
  if (shape === "normal") return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (shape === "logistic") return 1 / (4 * LOGISTIC_SCALE * Math.cosh(x / (2 * LOGISTIC_SCALE)) ** 2);
  if (shape === "uniform") return Math.abs(x) <= UNIFORM_END ? 1 / (2 * UNIFORM_END) : 0;
  return x >= -1 ? Math.exp(-(x + 1)) : 0;
}

/**
 * The x below which a share p of the probability lies, for 0 < p < 1.
 * @param {Shape} shape
 * @param {number} p
 */
export function quantile(shape, p) {
  if (shape === "normal") return normalQuantile(p);
  if (shape === "logistic") return LOGISTIC_SCALE * (Math.log(p) - Math.log1p(-p));
  if (shape === "uniform") return UNIFORM_END * (2 * p - 1);
  return -Math.log1p(-p) - 1;
}

// Wichura, M. J. (1988), Algorithm AS 241, Applied Statistics 37(3), 477–484: about 16 digits.
// Coefficients from the highest power down, for the middle, the tails and the far tails.
const MIDDLE = [
  [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
    1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080],
  [5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1],
];
const TAILS = [
  [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
    3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734],
  [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
    6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1],
];
const FAR_TAILS = [
  [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
    2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720],
  [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
    1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1],
];

function normalQuantile(p) {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(MIDDLE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  return Math.sign(q) * (r <= 5 ? ratio(TAILS, r - 1.6) : ratio(FAR_TAILS, r - 5));
}

/** @param {number[][]} coefficients @param {number} r */
function ratio([top, bottom], r) {
  const polynomial = (coefficients) => coefficients.reduce((sum, c) => sum * r + c, 0);
  return polynomial(top) / polynomial(bottom);
}
