import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { BrokerMatchmaker } from '../src/broker-matchmaker.ts';
import { BrokerNode } from '../src/broker-node.ts';
import { DirectMatchmaker } from '../src/direct-matchmaker.ts';
import { LocalBroker } from '../src/local-broker.ts';
import { LocalLease } from '../src/local-lease.ts';
import { PoolHost } from '../src/pool-host.ts';
import { matchmakerContract } from './matchmaker-contract.ts';
import { TicketOwner } from './support/ticket-owner.ts';
import { nodeId } from './support/tickets.ts';

const node = nodeId('ada');

function clocked() {
  const clock = new SimClock(1_000);
  return {
    now: () => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() }),
    advance: (ms: number) => clock.advance(ms),
  };
}

matchmakerContract('direct', (options) => {
  const time = clocked();
  const matchmaker = new DirectMatchmaker(options, createPrng(1), time.now());
  return { node, matchmaker, owner: new TicketOwner(matchmaker), pool: matchmaker, ...time };
});

matchmakerContract('over the broker', (options) => {
  const broker = new LocalBroker();
  const matchmaker = new BrokerMatchmaker(broker, node);
  const owner = new TicketOwner(matchmaker);
  const host = new PoolHost({ node, options }, { broker, lease: new LocalLease() }, createPrng(1));
  const pool = new BrokerNode(broker, matchmaker, host);
  return { node, matchmaker, owner, pool, ...clocked() };
});
