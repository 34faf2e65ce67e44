import type { Invariant } from './oracle/violation.ts';

/**
 * A planted bug: a small change to the code that ships, and the promise that it breaks. Each must
 * be noticed by the simulation, or the simulation is blind there.
 */
export interface Mutant {
  readonly name: string;
  /** The file, under `packages/`. */
  readonly file: string;
  /** Text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The promises of which one is broken first; which of them is a matter of chance. */
  readonly killedBy: readonly Invariant[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'leaving tells only the leaver',
    file: 'gateway/src/calls.ts',
    find: "  send(context, call.b.session, 'call.ended', { match, epoch, reason: ending.b });\n",
    replace: '',
    killedBy: ['I4'],
  },
  {
    name: 'leaving frees only one of the two',
    file: 'gateway/src/calls.ts',
    find: "  call.b.session.apply({ event: 'ended' });\n",
    replace: '',
    killedBy: ['I4', 'assertion'],
  },
  {
    name: 'a page that goes is taken for one that lost its socket',
    file: 'gateway/src/gateway.ts',
    find: 'new Set([1000, 1001])',
    replace: 'new Set([1000])',
    killedBy: ['I4'],
  },
  {
    name: 'the end of the grace ends nothing',
    file: 'gateway/src/gateway.ts',
    find: "        endSession(context, due.session, 'lost', null);\n",
    replace: '',
    killedBy: ['I4'],
  },
  {
    name: 'the grace counts from a date',
    file: 'gateway/src/session-life.ts',
    find: 'context.now.monotonicMs + RESUME_GRACE_MS',
    replace: 'context.now.wallMs + RESUME_GRACE_MS',
    killedBy: ['I4'],
  },
  {
    name: 'a lost socket ends the call at once',
    file: 'gateway/src/session-life.ts',
    find: 'tellPresence(context, activity.call, activity.side, false)',
    replace: "endActivity(context, session, 'lost')",
    killedBy: ['I12'],
  },
  {
    name: 'a newer tab leaves the older session where it is',
    file: 'gateway/src/handlers/hello.ts',
    find: "  if (older !== undefined) endSession(context, older, 'goes', 'replaced');\n",
    replace: '',
    killedBy: ['I4'],
  },
  {
    name: 'a search stays open after its match',
    file: 'gateway/src/matching.ts',
    find: '  context.removeSearch(a);\n',
    replace: '',
    killedBy: ['I4'],
  },
  {
    name: 'a block is looked at from one side',
    file: 'gateway/src/pair-ledger.ts',
    find: ' || this.#blocked.get(b)?.has(a) === true',
    replace: '',
    killedBy: ['I2'],
  },
  {
    name: 'a report does not block',
    file: 'gateway/src/pair-ledger.ts',
    find: "      case 'report':\n        this.#block(record.by, record.of);\n",
    replace: "        this.#block(record.by, record.of);\n        return;\n      case 'report':\n",
    killedBy: ['I2'],
  },
  {
    name: 'nobody is kept from meeting again',
    file: 'matchmaking/src/eligibility.ts',
    find: 'facts.metWithin(a.subject, b.subject, rules.rematchCooldownMs)',
    replace: 'false',
    killedBy: ['I2'],
  },
  {
    name: 'the cool-down counts from the beginning of a call',
    file: 'gateway/src/calls.ts',
    find: "  recordEncounter(context, call);\n  context.ports.observer.observe({\n    event: 'call-ended',",
    replace: "  context.ports.observer.observe({\n    event: 'call-ended',",
    killedBy: ['I2'],
  },
  {
    name: 'a restarted node has forgotten who met whom',
    file: 'gateway/src/calls.ts',
    find: '  context.ports.pairs.record(record, context.now);\n  context.append(record);\n',
    replace: '  context.ports.pairs.record(record, context.now);\n',
    killedBy: ['I2'],
  },
  {
    name: 'two tabs of one device may meet',
    file: 'matchmaking/src/eligibility.ts',
    find: 'forbids: (a, b) => a.deviceKey === b.deviceKey',
    replace: 'forbids: () => false',
    killedBy: ['I2'],
  },
  {
    name: 'the wish for a shared interest runs out',
    file: 'matchmaking/src/widening.ts',
    find: 'ticket.onlyShared ? Number.POSITIVE_INFINITY : schedule.interestHeldMs',
    replace: 'schedule.interestHeldMs',
    killedBy: ['I2'],
  },
  {
    name: "a minor's word is not remembered",
    file: 'gateway/src/handlers/age.ts',
    find: '      context.ageRefusals.set(session.subject, true, monotonicMs);\n',
    replace: '',
    killedBy: ['I2'],
  },
  {
    name: 'widening does not reach the pool',
    file: 'gateway/src/handlers/ticket.ts',
    find: '  context.ports.matchmaker.widen(search.ticket.id);\n',
    replace: '',
    killedBy: ['I3'],
  },
  {
    name: 'a search does not come back with its socket',
    file: 'gateway/src/session-life.ts',
    find: "  if (activity.state === 'searching') resubmitSearch(context, activity.search);\n",
    replace: '',
    killedBy: ['I3'],
  },
  {
    name: 'a new writer of the pool is not told who waits',
    file: 'gateway/src/matching.ts',
    find: "    if (search.place.state !== 'parked') submitSearch(context, search);\n",
    replace: '',
    killedBy: ['I3'],
  },
  {
    name: 'a resume begins one frame too late',
    file: 'gateway/src/handlers/hello.ts',
    find: 'for (const frame of missed)',
    replace: 'for (const frame of missed.slice(1))',
    killedBy: ['I6'],
  },
  {
    name: 'a resume takes what was sent for what was taken',
    file: 'gateway/src/handlers/hello.ts',
    find: '  session.out.acknowledge(received);\n',
    replace: '  session.out.acknowledge(session.out.sent);\n',
    killedBy: ['I6'],
  },
  {
    name: 'a line reaches only its sender',
    file: 'gateway/src/handlers/chat.ts',
    find: "  deliver(context, call, 'a', fields);\n  deliver(context, call, 'b', fields);\n",
    replace: '  deliver(context, call, side, fields);\n',
    killedBy: ['I6'],
  },
  {
    name: 'the counters begin again after a restart',
    file: 'gateway/src/call.ts',
    find: '    this.counters = counters;\n',
    replace: '    this.counters = [0, 0];\n',
    killedBy: ['I6'],
  },
  {
    name: 'a line under an old epoch is accepted',
    file: 'gateway/src/dispatch.ts',
    find: ' && message.epoch === call.epoch',
    replace: '',
    killedBy: ['I7'],
  },
  {
    name: 'a restored call goes on under its old epoch',
    file: 'gateway/src/handlers/restore.ts',
    find: 'Math.max(a.receipt.epoch, b.receipt.epoch) + 1',
    replace: 'Math.max(a.receipt.epoch, b.receipt.epoch)',
    killedBy: ['I7'],
  },
  {
    name: 'a restart ends the calls',
    file: 'gateway/src/handlers/restore.ts',
    find: '    receipt.run === context.run ||\n',
    replace: '    receipt.run !== context.run ||\n',
    killedBy: ['I12'],
  },
  {
    name: 'the sides of a restored call are swapped',
    file: 'gateway/src/handlers/restore.ts',
    find: "if (restore.receipt.side === 'a') reopen(context, restore, other);",
    replace: "if (restore.receipt.side === 'b') reopen(context, restore, other);",
    killedBy: ['I7'],
  },
  {
    name: 'the pre-made offer of the wrong search is given on',
    file: 'gateway/src/matching.ts',
    find: "useOffer(context, call, offerer === 'a' ? a : b)",
    replace: "useOffer(context, call, offerer === 'a' ? b : a)",
    killedBy: ['I7'],
  },
  {
    name: 'a block is acknowledged before it is on disk',
    file: 'gateway/src/handlers/block.ts',
    find: "  if (!context.appendAwaited(record, { write: 'block', session, match })) {\n",
    replace:
      "  send(context, session, 'block.accepted', { match });\n" +
      "  if (!context.appendAwaited(record, { write: 'block', session, match })) {\n",
    killedBy: ['I8'],
  },
  {
    name: 'a report that the disk refused is acknowledged',
    file: 'gateway/src/handlers/report.ts',
    find: '    if (stored) acceptReport(context, session, id, record);\n    else ',
    replace: "    if (stored || id !== '') acceptReport(context, session, id, record);\n    else ",
    killedBy: ['I8'],
  },
  {
    name: 'a date that jumps makes the lines of a live call worthless',
    file: 'gateway/src/handlers/report.ts',
    find: 'if (!isLive && !isFresh(line.atMs',
    replace: 'if (!isFresh(line.atMs',
    killedBy: ['I8'],
  },
];
