import { type Action, isRole, may, type Role } from '@farandole/accounts/roles';
import type { ConsoleDesk } from '@farandole/protocol/console-api';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Answer, Api, Problem } from '../api/api-client.ts';
import { type Live, LiveLink, type OpenStream } from './live-link.ts';
import { Resource } from './loadable.ts';

/** Whether somebody is signed in, as far as the node has said. */
export type Presence =
  | { readonly state: 'asking' }
  | { readonly state: 'signed-out' }
  | { readonly state: 'signed-in'; readonly me: ConsoleDesk; readonly roles: readonly Role[] }
  | { readonly state: 'failed'; readonly problem: Problem };

/** Something that was said at the foot of the screen. */
export interface Notice {
  readonly text: string;
  readonly bad: boolean;
  /** What may still be taken back, until when; null where nothing may. */
  readonly undo: { readonly untilMs: number; readonly run: () => Promise<void> } | null;
}

/** What a moderator has begun to decide about a case. */
export interface Draft {
  readonly measure: string | null;
  readonly reason: string | null;
  readonly note: string;
  /** The networks to keep out too, by their hashes. */
  readonly networks: readonly string[];
}

export const EMPTY_DRAFT: Draft = { measure: null, reason: null, note: '', networks: [] };

/** After so long at a stretch a break is suggested… */
export const BREAK_AFTER_MS = 45 * 60_000;
/** …and so long without a key or a press was one. */
export const BREAK_MS = 5 * 60_000;

/** How long a notice without an undo stands. */
const NOTICE_MS = 8_000;

export interface ConsolePorts {
  readonly api: Api;
  readonly open: OpenStream;
  readonly wallMs: () => number;
}

/** What all screens share: who one is, the way to the node, what it says, and what was begun. */
export class ConsoleModel {
  readonly api: Api;
  readonly presence: ReadonlySignal<Presence>;
  readonly notice = signal<Notice | null>(null);
  /** By the node's clock, to the second; what is left of a time is counted by it. */
  readonly nowMs = signal(0);
  readonly keysOpen = signal(false);
  /** Whoever is here has been at it for `BREAK_AFTER_MS`. */
  readonly breakDue = signal(false);
  readonly #wallMs: () => number;
  readonly #me: Resource<ConsoleDesk>;
  readonly #signedOut = signal(false);
  readonly #link: LiveLink;
  /** Kept while the page is open, also when a session ends and another begins. */
  readonly #drafts = signal<ReadonlyMap<string, Draft>>(new Map());
  #clockAheadMs = 0;
  #heardAtMs = 0;
  #noticeUntilMs = 0;
  /** When the stretch began, and when somebody was last seen to do something. */
  #sinceMs: number;
  #activeMs: number;

  constructor({ api, open, wallMs }: ConsolePorts) {
    // Whichever question hears first that the session is over, the whole console knows.
    this.api = {
      get: async (path, unattended) => this.#heard(await api.get(path, unattended)),
      post: async (path, body) => this.#heard(await api.post(path, body)),
      bytes: async (path) => this.#heard(await api.bytes(path)),
    };
    this.#wallMs = wallMs;
    this.nowMs.value = wallMs();
    this.#sinceMs = wallMs();
    this.#activeMs = wallMs();
    this.#me = new Resource((unattended) => this.api.get<ConsoleDesk>('desk', unattended));
    // A stream does not say why it ended: the question who one is does.
    this.#link = new LiveLink(open, () => void this.#me.reload(true));
    this.presence = computed((): Presence => {
      const me = this.#me.current.value;
      if (this.#signedOut.value) return { state: 'signed-out' };
      if (me.state === 'failed') return { state: 'failed', problem: me.problem };
      if (me.state === 'loading') return { state: 'asking' };
      const roles = me.value.member.roles.filter(isRole);
      return { state: 'signed-in', me: me.value, roles };
    });
  }

  get live(): ReadonlySignal<Live> {
    return this.#link.current;
  }

  /** Asks who is signed in: at the start, and after a sign-in or sign-out. */
  async begin(): Promise<void> {
    this.#signedOut.value = false;
    await this.#me.reload();
    if (this.presence.value.state === 'signed-in') this.#link.start();
  }

  /** A key or a press: somebody is here. After a while without any it is a new stretch. */
  active(): void {
    const nowMs = this.#wallMs();
    // A clock that was set back is no reason to count on.
    const isBack = nowMs - this.#activeMs >= BREAK_MS || nowMs < this.#sinceMs;
    if (isBack) this.takeBreak();
    this.#activeMs = nowMs;
  }

  /** The suggestion was read: it comes again after as long. */
  takeBreak(): void {
    this.#sinceMs = this.#wallMs();
    this.breakDue.value = false;
  }

  /** Once a second. */
  tick(): void {
    const isHere = this.#wallMs() - this.#activeMs < BREAK_MS;
    if (isHere && this.#wallMs() - this.#sinceMs >= BREAK_AFTER_MS) this.breakDue.value = true;
    const { said } = this.live.value;
    if (said !== null && said.atMs !== this.#heardAtMs) {
      this.#heardAtMs = said.atMs;
      this.#clockAheadMs = said.atMs - this.#wallMs();
    }
    this.nowMs.value = this.#wallMs() + this.#clockAheadMs;
    const notice = this.notice.value;
    if (notice === null) return;
    const untilMs = notice.undo?.untilMs ?? this.#noticeUntilMs;
    if (this.nowMs.value >= untilMs) this.notice.value = null;
  }

  may(action: Action): boolean {
    const presence = this.presence.value;
    return presence.state === 'signed-in' && may(presence.roles, action);
  }

  /** One's own id; empty while nobody is signed in. */
  get myId(): string {
    const presence = this.presence.value;
    return presence.state === 'signed-in' ? presence.me.member.id : '';
  }

  /** To whom a case that may be of a minor is handed over; nobody is named while nobody is signed in. */
  get handOver(): ConsoleDesk['handOver'] {
    const presence = this.presence.value;
    return presence.state === 'signed-in'
      ? presence.me.handOver
      : { hotline: null, authority: null };
  }

  /** What a member is called; the id of one who is not known. */
  nameOf(member: string): string {
    const presence = this.presence.value;
    const names = presence.state === 'signed-in' ? presence.me.names : {};
    return Object.hasOwn(names, member) ? (names[member] ?? member) : member;
  }

  say(text: string, rest: Partial<Omit<Notice, 'text'>> = {}): void {
    this.#noticeUntilMs = this.nowMs.value + NOTICE_MS;
    this.notice.value = { text, bad: false, undo: null, ...rest };
  }

  draftOf(id: string): Draft {
    return this.#drafts.value.get(id) ?? EMPTY_DRAFT;
  }

  changeDraft(id: string, change: Partial<Draft>): void {
    const drafts = new Map(this.#drafts.peek());
    drafts.set(id, { ...(drafts.get(id) ?? EMPTY_DRAFT), ...change });
    this.#drafts.value = drafts;
  }

  forgetDraft(id: string): void {
    const drafts = new Map(this.#drafts.peek());
    drafts.delete(id);
    this.#drafts.value = drafts;
  }

  /** Whether something was written that is nowhere but here. */
  get hasUnsent(): boolean {
    return [...this.#drafts.peek().values()].some(({ note }) => note.trim() !== '');
  }

  #heard<Value>(answer: Answer<Value>): Answer<Value> {
    if (!answer.ok && answer.problem.status === 401) {
      this.#signedOut.value = true;
      this.#link.stop();
    }
    return answer;
  }
}
