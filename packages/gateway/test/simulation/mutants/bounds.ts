import type { Mutant } from './mutant.ts';

/** How much is held. */
export const BOUNDS_MUTANTS: readonly Mutant[] = [
  {
    name: 'sockets are let in without end',
    file: 'gateway/src/gateway.ts',
    find: 'context.connections.size >= context.connectionsMax',
    replace: 'context.connections.size < 0',
    killedBy: ['I10'],
  },
  {
    name: 'offers are kept without end',
    file: 'gateway/src/context.ts',
    find: 'this.#offerCharsHeld + chars <= max',
    replace: 'max > 0',
    killedBy: ['I10'],
  },
  {
    name: 'an offer is counted after its search',
    file: 'gateway/src/context.ts',
    find: '    this.#offerCharsHeld -= search.offer?.length ?? 0;\n',
    replace: '',
    killedBy: ['I10'],
  },
  {
    name: 'what is not acknowledged is kept without end',
    file: 'gateway/src/stream.ts',
    find: 'this.#frames.length <= UNACKED_FRAMES_MAX && this.#chars <= UNACKED_CHARS_MAX',
    replace: 'this.#chars >= 0',
    killedBy: ['I10'],
    shownIn: 786_448,
  },
  {
    name: 'a stream that outgrew its bounds goes on',
    file: 'gateway/src/session-life.ts',
    find: "    endSession(context, session, 'lost', 'slow-consumer');\n",
    replace: '',
    killedBy: ['I10'],
    shownIn: 786_448,
  },
  {
    name: 'lines wait for older ones without end',
    file: 'gateway/src/handlers/chat.ts',
    find: '  if (at.transcript.held.length > context.heldLinesMax) release(context, at);\n',
    replace: '',
    killedBy: ['I10'],
  },
  {
    name: 'a call of text has gates',
    file: 'gateway/src/calls.ts',
    find: 'const hasMedia = context.carriesMedia(call.mode)',
    replace: "const hasMedia = context.carriesMedia('video')",
    killedBy: ['I10', 'PR-46'],
  },
  {
    name: 'what has expired is kept',
    file: 'gateway/src/expiring-map.ts',
    find: 'if (entry.untilMs > nowMs) return;',
    replace: 'if (entry.untilMs > 0) return;',
    killedBy: ['I10'],
  },
  {
    name: 'encounters are kept for ever',
    file: 'gateway/src/pair-ledger.ts',
    find: 'this.#nowMs - oldest.atMs < this.#keptMs',
    replace: 'oldest.atMs >= 0',
    killedBy: ['I10'],
  },
  {
    name: 'who waited for a record is kept',
    file: 'gateway/src/context.ts',
    find: '    this.#pendingWrites.delete(entry);\n',
    replace: '',
    killedBy: ['I10', 'I8'],
  },
  {
    name: 'calls that were settled are kept',
    file: 'gateway/src/restores.ts',
    find: '    this.#settled.clear();\n',
    replace: '',
    killedBy: ['I10'],
  },
];
