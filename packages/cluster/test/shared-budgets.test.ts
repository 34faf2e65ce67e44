import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVERY_NODE } from '../src/broker.ts';
import { LocalBroker } from '../src/local-broker.ts';
import { SharedBudgets } from '../src/shared-budgets.ts';
import { nodeId } from './support/tickets.ts';

const NOW = { monotonicMs: 0, wallMs: 0 };

describe('nodes count the units that others give', () => {
  it('[CL-102] counts what another node gave and got back, of shared budgets only', () => {
    const broker = new LocalBroker();
    const counted: string[] = [];
    const open = (name: string): SharedBudgets => {
      const count = (address: string, cost: number): void => {
        counted.push(`${name}: ${address} ${cost}`);
      };
      return new SharedBudgets(nodeId(name), broker, new Map([['tickets', { count }]]));
    };
    const [ada] = [open('ada'), open('bob')];
    ada.changed('tickets', '192.0.2.1', 2);
    ada.changed('tickets', '192.0.2.1', -1);
    ada.changed('frames', '192.0.2.1', 1);
    broker.drain(NOW);
    assert.deepEqual(counted, ['bob: 192.0.2.1 2', 'bob: 192.0.2.1 -1']);
    const from = nodeId('cyd');
    const address = '192.0.2.2';
    broker.publish(EVERY_NODE, {
      type: 'budget.changed',
      from,
      budget: 'frames',
      address,
      cost: 1,
    });
    broker.drain(NOW);
    assert.equal(counted.length, 2);
  });
});
