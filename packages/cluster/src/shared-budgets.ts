import type { BudgetTree } from '@farandole/gateway/budget/budget-tree';
import type { NodeId } from '@farandole/kernel/id';
import { type Broker, EVERY_NODE } from './broker.ts';

type CountedBudget = Pick<BudgetTree, 'count'>;

/**
 * Tells the other nodes which units of shared budgets this node gives, and counts theirs. Each node
 * decides alone from what it knows, so a limit is approximate, and each node counts for itself while
 * messages are lost.
 */
export class SharedBudgets {
  readonly #node: NodeId;
  readonly #broker: Broker;
  readonly #budgets: ReadonlyMap<string, CountedBudget>;

  constructor(node: NodeId, broker: Broker, budgets: ReadonlyMap<string, CountedBudget>) {
    this.#node = node;
    this.#broker = broker;
    this.#budgets = budgets;
    broker.subscribe(EVERY_NODE, (message) => {
      if (message.type !== 'budget.changed' || message.from === node) return;
      this.#budgets.get(message.budget)?.count(message.address, message.cost);
    });
  }

  /** Called for units that this node gave, with a negative cost for units that it got back. */
  changed(budget: string, address: string, cost: number): void {
    if (!this.#budgets.has(budget)) return;
    const from = this.#node;
    this.#broker.publish(EVERY_NODE, { type: 'budget.changed', from, budget, address, cost });
  }
}
