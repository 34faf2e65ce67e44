import assert from 'node:assert/strict';
import { transition } from '../../src/call/call-machine.ts';
import {
  type CallEffect,
  type CallEvent,
  type CallMessage,
  type CallState,
  INITIAL_CALL_STATE,
  type MatchFound,
  type RejoinableCall,
  type Wishes,
} from '../../src/call/call-state.ts';

export const WISHES: Wishes = {
  mode: 'video',
  interests: ['film'],
  onlyShared: false,
  languages: ['en'],
  policyVersion: 1,
};

export class Walk {
  state: CallState = INITIAL_CALL_STATE;
  nowMs = 10_000;
  effects: readonly CallEffect[] = [];
  #ids = 0;

  event(event: CallEvent): this {
    this.#ids += 1;
    const freshId = `fresh-id-${String(this.#ids).padStart(4, '0')}`;
    const step = transition(this.state, event, { nowMs: this.nowMs, freshId });
    this.state = step.state;
    this.effects = step.effects;
    return this;
  }

  hear(message: CallMessage): this {
    return this.event({ event: 'message', message });
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this.event({ event: 'tick' });
  }

  /** Returns the call's state, and asserts that it is the state `name`. */
  at<S extends CallState['state']>(name: S): Extract<CallState, { state: S }> {
    assert.equal(this.state.state, name);
    return this.state as Extract<CallState, { state: S }>;
  }

  get ticket(): string {
    return this.at('searching').ticket;
  }

  get sent(): readonly Extract<CallEffect, { effect: 'send' }>['message'][] {
    return this.effects.flatMap((effect) => (effect.effect === 'send' ? [effect.message] : []));
  }

  get did(): readonly string[] {
    return this.effects.map((effect) =>
      effect.effect === 'send' ? effect.message.type : effect.effect,
    );
  }

  /** Starts a search and lets the node accept the search ticket. */
  searching(wishes: Partial<Wishes> = {}): this {
    this.event({ event: 'start', wishes: { ...WISHES, ...wishes } });
    if (wishes.mode !== 'text') {
      this.event({ event: 'prepared', ticket: this.ticket, offer: 'v=0 offer' });
    }
    return this.hear({
      type: 'ticket.accepted',
      seq: 1,
      ticket: this.ticket,
      interests: [...(wishes.interests ?? WISHES.interests)],
    });
  }

  found(change: Partial<MatchFound> = {}): this {
    return this.hear(matchFound({ ticket: this.ticket, ...change }));
  }

  /** Starts a video call in which no media flows yet. */
  connecting(change: Partial<MatchFound> = {}): this {
    return this.searching().found(change);
  }

  /** Starts a video call in which media flows. */
  live(): this {
    return this.connecting().event({ event: 'media-connected' });
  }
}

export function matchFound(change: Partial<MatchFound> = {}): MatchFound {
  return {
    type: 'match.found',
    seq: 2,
    match: 'match-0001',
    epoch: 1,
    ticket: 'ticket-0001',
    side: 'a',
    role: 'offerer',
    mode: 'video',
    transport: 'all',
    directOffered: false,
    receipt: 'receipt-of-a-call',
    sharedInterests: ['film'],
    sharedLanguages: [],
    startedAtMs: 1_800_000_000_000,
    offerUsed: true,
    ...change,
  };
}

export const IN_CALL = { seq: 3, match: 'match-0001', epoch: 1 } as const;

type CallRestored = Extract<CallMessage, { type: 'call.restored' }>;

export function callRestored(change: Partial<CallRestored> = {}): CallRestored {
  return {
    type: 'call.restored',
    seq: 1,
    match: 'match-0001',
    epoch: 2,
    side: 'a',
    role: 'offerer',
    mode: 'video',
    transport: 'all',
    directOffered: true,
    receipt: 'another-receipt-of-it',
    counters: [0, 0],
    peerReceived: [0, 0],
    ...change,
  };
}

/** A call of an earlier page load that the node still keeps. */
export const KEPT_CALL: RejoinableCall = {
  match: 'match-0001',
  epoch: 1,
  side: 'b',
  role: 'answerer',
  mode: 'video',
  transport: 'relay',
  directOffered: true,
  receipt: 'receipt-of-a-call',
  startedAtMs: 1_800_000_000_000,
  elapsedMs: 90_000,
  deadlineMs: 20_000,
};
