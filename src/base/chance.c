/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A two-state Markov chain that needs no memory. A simulated Internet has up to 10^9
 * hosts, and each one is on or off in sessions. Storing the state of every host that was
 * ever probed would cost more than the prober under test. The state would also depend on
 * who probed first, so two probers could not be compared on the same ground truth.
 *
 * A two-state chain with stationary share s and relaxation time tau is the same process as
 * a state that is drawn anew (first state with probability s) at the points of a Poisson
 * process of rate 1/tau. The state at time t is therefore decided by the last point before
 * t. The time axis is divided into cells of length tau. The number of points in a cell
 * (Poisson of mean 1) and their places in it (uniform) are hashes of the key and the number
 * of the cell. The search starts in the cell of t and goes back until it finds a point. It
 * looks at 2 cells on average, whatever was asked before. Gilbert-Elliott loss is the same
 * chain.
 */
#include "base/chance.h"

#include <math.h>

#define CELL_STEP UINT64_C(0x9e3779b97f4a7c15)
#define CELLS_MAX 64 /* that many empty cells in a row have a chance of e^-64 */

bool chance_hit(struct rng *rng, double p)
{
	if (p <= 0)
		return false;
	return p >= 1 || rng_unit(rng) < p;
}

/* How many points a cell has: Poisson of mean 1, cut at 7 (a chance of 1e-5). */
static unsigned points_of(uint64_t hash)
{
	static const double at_most[] = {
		0.367879441171442, 0.735758882342885, 0.919698602928606, 0.981011843123846,
		0.996340153172656, 0.999405815182418, 0.999916758850712,
	};
	double u = chance_unit(hash);
	unsigned count = 0;

	while (count < sizeof(at_most) / sizeof(at_most[0]) && u >= at_most[count])
		count++;
	return count;
}

/*
 * The last point of a cell that is not after END (in units of the cell): true,
 * and random bits of its own.
 */
static bool last_point(uint64_t cell_hash, double end, uint64_t *ret_bits)
{
	unsigned count = points_of(cell_hash);
	double best = -1;

	for (unsigned i = 0; i < count; i++) {
		uint64_t bits = rng_mix(cell_hash + 1 + i);
		double place = chance_unit(bits);

		if (place <= end && place > best) {
			best = place;
			*ret_bits = bits;
		}
	}
	return best >= 0;
}

bool chance_state(uint64_t key, int64_t at_ns, int64_t tau_ns, double share)
{
	int64_t cell = at_ns / tau_ns;
	int64_t rest = at_ns % tau_ns;
	double end;
	uint64_t bits = key;

	if (share >= 1)
		return true;
	if (rest < 0) {
		cell--;
		rest += tau_ns;
	}
	end = (double)rest / (double)tau_ns;
	for (unsigned i = 0; i < CELLS_MAX; i++) {
		uint64_t hash = rng_mix(key + CELL_STEP * (uint64_t)(cell - (int64_t)i));

		if (last_point(hash, end, &bits))
			break;
		end = 1;
	}
	return chance_unit(rng_mix(~bits)) < share;
}

double chance_normal(double a, double b)
{
	return sqrt(-2 * log(1 - a)) * cos(2 * 3.14159265358979323846 * b);
}

int64_t chance_lognormal(struct rng *rng, double median, double sigma)
{
	double a, b;

	if (median <= 0)
		return 0;
	a = rng_unit(rng);
	b = rng_unit(rng);
	return (int64_t)(median * exp(sigma * chance_normal(a, b)));
}

int64_t chance_exponential(struct rng *rng, int64_t mean)
{
	return (int64_t)(-log(1 - rng_unit(rng)) * (double)mean);
}

int64_t chance_between(struct rng *rng, int64_t low, int64_t high)
{
	if (high <= low)
		return low;
	return low + (int64_t)rng_below(rng, (uint64_t)(high - low) + 1);
}
