import { type Action, isRole, may, type Role } from '@farandole/accounts/roles';
import type { ConsoleDesk } from '@farandole/protocol/console-api';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Api, ApiReply, Problem } from '../api/api-client.ts';
import { type Live, LiveLink, type OpenStream } from './live-link.ts';
import { Resource } from './loadable.ts';

export type Presence =
  | { readonly state: 'asking' }
  | { readonly state: 'signed-out' }
  | { readonly state: 'signed-in'; readonly me: ConsoleDesk; readonly roles: readonly Role[] }
  | { readonly state: 'failed'; readonly problem: Problem };

export interface Notice {
  readonly text: string;
  readonly bad: boolean;
  /** Undoes the action that the notice is about; null if the notice offers no undo. */
  readonly undo: { readonly untilMs: number; readonly run: () => Promise<void> } | null;
}

export interface Draft {
  readonly measure: string | null;
  readonly reason: string | null;
  /** Why the reports are dismissed; null until the moderator chooses a finding. */
  readonly finding?: string | null;
  readonly note: string;
  /** Hashes of the networks that the decision bans too. */
  readonly networks: readonly string[];
}

export const EMPTY_DRAFT: Draft = { measure: null, reason: null, note: '', networks: [] };

/** Working time in ms after which the console suggests a break. */
export const BREAK_AFTER_MS = 45 * 60_000;
/** Time in ms without input that counts as a break. */
export const BREAK_MS = 5 * 60_000;

const NOTICE_MS = 8_000;

export interface ConsolePorts {
  readonly api: Api;
  readonly open: OpenStream;
  readonly wallMs: () => number;
}

/** State that all console screens share: the member, the API, notices and drafts. */
export class ConsoleModel {
  readonly api: Api;
  readonly presence: ReadonlySignal<Presence>;
  readonly notice = signal<Notice | null>(null);
  /** Current time by the node's clock, updated each second. */
  readonly nowMs = signal(0);
  readonly keysOpen = signal(false);
  readonly breakDue = signal(false);
  readonly #wallMs: () => number;
  readonly #me: Resource<ConsoleDesk>;
  readonly #signedOut = signal(false);
  readonly #link: LiveLink;
  /** Drafts are kept when the same member signs in again without reloading the page. */
  readonly #drafts = signal<ReadonlyMap<string, Draft>>(new Map());
  #clockAheadMs = 0;
  #heardAtMs = 0;
  #noticeUntilMs = 0;
  /** Start of the current work period and time of the last input, both by the local clock. */
  #sinceMs: number;
  #activeMs: number;

  constructor({ api, open, wallMs }: ConsolePorts) {
    // Every answer of the node is checked, because an expired session must update the whole
    // console.
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
    // The browser doesn't say why a stream ended, so the console asks the node whether the session
    // is over.
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

  async begin(): Promise<void> {
    this.#signedOut.value = false;
    await this.#me.reload();
    if (this.presence.value.state === 'signed-in') this.#link.start();
  }

  /** Records input by the member. Starts a new work period if a break came before. */
  active(): void {
    const nowMs = this.#wallMs();
    // If the clock was set back, a new work period starts.
    const isBack = nowMs - this.#activeMs >= BREAK_MS || nowMs < this.#sinceMs;
    if (isBack) this.takeBreak();
    this.#activeMs = nowMs;
  }

  /** Hides the suggestion of a break and starts a new work period. */
  takeBreak(): void {
    this.#sinceMs = this.#wallMs();
    this.breakDue.value = false;
  }

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

  /** The member's id; empty while no member is signed in. */
  get myId(): string {
    const presence = this.presence.value;
    return presence.state === 'signed-in' ? presence.me.member.id : '';
  }

  /**
   * Authorities to notify of a case that may involve a minor; empty while no member is signed
   * in.
   */
  get handOver(): ConsoleDesk['handOver'] {
    const presence = this.presence.value;
    return presence.state === 'signed-in'
      ? presence.me.handOver
      : { hotline: null, authority: null };
  }

  /** Returns the name of a member, or the id if the name is unknown. */
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

  get hasUnsent(): boolean {
    return [...this.#drafts.peek().values()].some(({ note }) => note.trim() !== '');
  }

  #heard<Value>(answer: ApiReply<Value>): ApiReply<Value> {
    if (!answer.ok && answer.problem.status === 401) {
      this.#signedOut.value = true;
      this.#link.stop();
    }
    return answer;
  }
}
