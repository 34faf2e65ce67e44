import type { Mode } from '@farandole/protocol/fields';
import { INVITATION_LIFETIME_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';
import { type CallState, isInCall, type Wishes } from './call-state.ts';

export type Meeting = NonNullable<Wishes['meeting']>;

/** An invitation that the user got by a link. */
export interface Invited {
  readonly meeting: Meeting;
  /** The host's mode. Two users meet only in one mode. */
  readonly mode: Mode;
}

/**
 * State of the user's own invitation. `failed`: the server made none. `offline`: the request wasn't
 * sent. `over`: the invitation was withdrawn or has expired.
 */
export type OwnInvitation =
  | { readonly state: 'none' | 'asked' | 'failed' | 'offline' | 'withdrawn' | 'expired' }
  | { readonly state: 'made'; readonly meeting: Meeting; readonly mode: Mode };

export interface InvitationPorts {
  readonly state: ReadonlySignal<CallState>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly scheduler: Scheduler;
  readonly freshId: () => string;
  readonly send: (message: Outgoing) => boolean;
  /** Turns the running search into a private one, or back into an ordinary one. */
  readonly waitFor: (meeting: Meeting | null) => void;
}

/**
 * The invitation that this user made in this page. The page stores it nowhere, and forgets it when
 * the two users meet.
 */
export class Invitation {
  readonly #own = signal<OwnInvitation>({ state: 'none' });
  readonly #ports: InvitationPorts;
  #asked: { readonly id: string; readonly mode: Mode } | null = null;

  constructor(ports: InvitationPorts) {
    this.#ports = ports;
    effect(() => {
      const state = ports.state.value;
      const used = isInCall(state) ? state.call.pursuit.wishes.meeting : undefined;
      untracked(() => this.#met(used));
    });
    effect(() => {
      if (ports.isOnline.value) return;
      untracked(() => {
        if (this.#own.peek().state === 'asked') this.#own.value = { state: 'offline' };
      });
    });
  }

  get own(): ReadonlySignal<OwnInvitation> {
    return this.#own;
  }

  /** Makes an invitation for a meeting in the mode of the running search. */
  make(mode: Mode): void {
    const { state } = this.#own.peek();
    if (state === 'asked' || state === 'made') return;
    const id = this.#ports.freshId();
    const isSent =
      this.#ports.isOnline.peek() && this.#ports.send({ type: 'invitation.create', id });
    this.#asked = isSent ? { id, mode } : null;
    this.#own.value = { state: isSent ? 'asked' : 'offline' };
  }

  receive(message: ServerMessageOf<'invitation.created' | 'invitation.refused'>): void {
    const asked = this.#asked;
    if (asked?.id !== message.id) return;
    this.#asked = null;
    if (message.type === 'invitation.refused') {
      this.#own.value = { state: 'failed' };
      return;
    }
    const meeting: Meeting = { by: 'invitation', token: message.invitation };
    this.#own.value = { state: 'made', meeting, mode: asked.mode };
    this.#ports.waitFor(meeting);
    // The page measures the time itself, because its clock may differ from the server's.
    this.#ports.scheduler.after(INVITATION_LIFETIME_MS, () => {
      if (this.#isOwn(meeting)) this.#end('expired');
    });
  }

  /** Waits for the guest again, after the user looked for other people. */
  wait(): void {
    const own = this.#own.peek();
    if (own.state === 'made') this.#ports.waitFor(own.meeting);
  }

  withdraw(): void {
    const own = this.#own.peek();
    if (own.state !== 'made') return;
    this.#ports.send({ type: 'invitation.withdraw', invitation: own.meeting.token });
    this.#end('withdrawn');
  }

  /** Ends the own invitation. The search goes on with other people. */
  #end(as: 'withdrawn' | 'expired'): void {
    const state = this.#ports.state.peek();
    this.#own.value = { state: as };
    if (state.state === 'searching' || state.state === 'held') {
      if (state.pursuit.wishes.meeting !== undefined) this.#ports.waitFor(null);
    }
  }

  #met(used: Meeting | undefined): void {
    if (used !== undefined && this.#isOwn(used)) this.#own.value = { state: 'none' };
  }

  #isOwn({ token }: Meeting): boolean {
    const own = this.#own.peek();
    return own.state === 'made' && own.meeting.token === token;
  }
}

const LINK_START = '#with=';
/** A question has no private meetings. */
const LETTERS: Readonly<Partial<Record<Mode, string>>> = { video: 'v', text: 't', voice: 's' };

/** Returns the link of an invitation. A browser never sends a fragment to the server. */
export function linkOf(origin: string, { token }: Meeting, mode: Mode): string {
  return `${origin}/${LINK_START}${LETTERS[mode]}${token}`;
}

/** Reads an invitation from a URL fragment. Null if the fragment is none. */
export function invitedBy(hash: string): Invited | null {
  if (!hash.startsWith(LINK_START)) return null;
  const letter = hash.charAt(LINK_START.length);
  const token = hash.slice(LINK_START.length + 1);
  if (!/^[A-Za-z0-9_.-]{16,1024}$/u.test(token)) return null;
  const mode = (Object.keys(LETTERS) as Mode[]).find((each) => LETTERS[each] === letter);
  return mode === undefined ? null : { meeting: { by: 'invitation', token }, mode };
}
