import type { Clock } from '@farandole/kernel/clock';
import { type BudgetLimits, type Budgets, budgetRows, createBudgets } from '../../src/budgets.ts';

const LIMITS: BudgetLimits = { connectionsMax: 20_000, connectionsPerNetworkMax: 2_500 };

/** The limits of the budgets of a node with default settings. */
export const ROWS = budgetRows(LIMITS);

/** The budgets of a node with default settings. */
export function testBudgets(
  clock: Pick<Clock, 'monotonicMs'>,
  limits: Partial<BudgetLimits> = {},
): Budgets {
  return createBudgets({ ...LIMITS, ...limits, exemptRanges: [], clock, onRefused: () => {} });
}
