import { readMutants } from '@farandole/e2e/planting/mutant';

/**
 * Bugs that a chaos run plants in its nodes. Each names the rule of the checker that must find it.
 * The faults that show them are in `test/chaos-planted.long.ts`.
 */
export const CHAOS_BUGS = readMutants(
  `
packages/gateway/src/handlers/restore.ts waitForPeer
  call-lost a node forgets users who wait for a restore
    !context.restores.wait(restore) ~> true
packages/cluster/src/node-sessions.ts fenced
  call-lost a fenced node ends the sessions of other nodes' sockets
    this.#gate.connectionClosed(id, LOST_CODE, now) ~> this.#gate.connectionClosed(id, 1000, now)
packages/gateway/src/outbox.ts sendEncoded
  line-lost a node keeps no frame for a page without a socket
    session.out.push(frame) ~> state.link.state === 'detached' || session.out.push(frame)
packages/gateway/src/matching.ts onEpochChanged
  matched a new owner of the pool gets no earlier searches
    drop if (search.place.state !== 'parked') submitSearch(context, search);
apps/server/src/outbox/store-journal.ts #take
  report-row a node acknowledges reports before the store has them
    store.run('report.take', $A) ~> Promise.resolve(void store.run('report.take', $A).catch(() => {})).then(() => ({ first: undefined }))
`,
  '',
);
