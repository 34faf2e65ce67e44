import type { Result } from '@farandole/kernel/result';
import type { CommunityFacts } from '@farandole/protocol/http-api';
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { KeyValueStore } from '../base/ports.ts';
import type { Wishes } from '../call/call-state.ts';
import type { WishFault } from '../call/wish-fault.ts';
import { CommunityMemory } from './community-memory.ts';

/** Why the server gave no answer: the community is closed or unknown, the code is wrong, and so on. */
export type CommunityFault = 'gone' | 'wrong-code' | 'too-many' | 'unreachable';

export interface CommunityPorts {
  readonly name: string;
  readonly show: (name: string) => Promise<Result<CommunityFacts, CommunityFault>>;
  readonly enter: (entry: {
    readonly name: string;
    readonly code: string;
    readonly receipt: string;
  }) => Promise<Result<{ readonly pass: string; readonly endsAtMs: number }, CommunityFault>>;
  readonly receipt: () => string | null;
  readonly isOnline: ReadonlySignal<boolean>;
  /** What the server refused in the last search. */
  readonly wishFault: ReadonlySignal<WishFault | null>;
  readonly store: KeyValueStore;
  readonly wallMs: () => number;
}

/**
 * Whether the user may start: `open`, or why not yet. `checking`: the server is asked whether the
 * invitation is valid. `needs-code`: the user has no invitation.
 */
export type DoorState = 'open' | 'checking' | 'needs-code' | Exclude<CommunityFault, 'gone'>;

export type CommunityView =
  | { readonly state: 'asking' | 'unreachable' | 'gone' }
  | { readonly state: 'here'; readonly facts: CommunityFacts; readonly door: DoorState };

/** The community whose page is open: its facts, and the pass that lets this browser in. */
export class CommunityModel {
  readonly #ports: CommunityPorts;
  readonly #memory: CommunityMemory;
  readonly #view = signal<CommunityView>({ state: 'asking' });
  /** Number of requests so far, so that the answer to an older one is ignored. */
  #asked = 0;

  /** @param code the code of the link that the user opened */
  constructor(ports: CommunityPorts, code: string | null) {
    this.#ports = ports;
    this.#memory = new CommunityMemory(ports.store, ports.name);
    if (code !== null) this.#memory.set({ code });
    effect(() => {
      if (!ports.isOnline.value) return;
      const view = this.#view.peek();
      if (view.state === 'here' && view.door === 'checking') void this.#enter(view.facts);
    });
    effect(() => {
      const fault = ports.wishFault.value;
      if (fault === 'community-pass') this.#memory.set({ pass: undefined });
      if (fault?.startsWith('community-') === true) void this.show();
    });
  }

  get view(): ReadonlySignal<CommunityView> {
    return this.#view;
  }

  get name(): string {
    return this.#ports.name;
  }

  /** What a search says about the community. Undefined while the user may not search in it. */
  get wish(): Wishes['community'] {
    const view = this.#view.value;
    if (view.state !== 'here' || view.door !== 'open') return undefined;
    const { name, version, needsCode } = view.facts;
    const pass = needsCode ? this.#pass() : undefined;
    return { name, version, ...(pass !== undefined && { pass }) };
  }

  /** Whether the user hasn't agreed to the current rules of the community. */
  get isNew(): boolean {
    const view = this.#view.value;
    return view.state === 'here' && this.#memory.value.agreedTo !== view.facts.version;
  }

  /** Whether the user agreed to earlier rules of the community. */
  get isChanged(): boolean {
    return this.isNew && this.#memory.value.agreedTo !== undefined;
  }

  accept(): void {
    const view = this.#view.value;
    if (view.state === 'here') this.#memory.set({ agreedTo: view.facts.version });
  }

  /** Asks the server for the community's facts, and then for a pass if one is needed. */
  async show(): Promise<void> {
    const asked = ++this.#asked;
    const shown = await this.#ports.show(this.#ports.name);
    if (asked !== this.#asked) return;
    if (!shown.ok) {
      this.#view.value = { state: shown.reason === 'gone' ? 'gone' : 'unreachable' };
      return;
    }
    const facts = shown.value;
    if (!facts.needsCode || this.#pass() !== undefined) this.#set(facts, 'open');
    else if (this.#memory.value.code === undefined) this.#set(facts, 'needs-code');
    else {
      this.#set(facts, 'checking');
      // Without a session the page enters as soon as one opens.
      if (this.#ports.isOnline.peek()) await this.#enter(facts);
    }
  }

  /** Uses the code of a link that the user opened while the page was open. */
  async use(code: string): Promise<void> {
    this.#memory.set({ code, pass: undefined });
    await this.show();
  }

  async #enter(facts: CommunityFacts): Promise<void> {
    const { code } = this.#memory.value;
    const receipt = this.#ports.receipt();
    if (code === undefined || receipt === null) return;
    const asked = ++this.#asked;
    const { name } = this.#ports;
    const entered = await this.#ports.enter({ name, code, receipt });
    if (asked !== this.#asked) return;
    if (entered.ok) {
      const { pass, endsAtMs } = entered.value;
      this.#memory.set({ pass: { token: pass, endsAtMs } });
      this.#set(facts, 'open');
    } else if (entered.reason === 'gone') this.#view.value = { state: 'gone' };
    else this.#set(facts, entered.reason);
  }

  #pass(): string | undefined {
    const { pass } = this.#memory.value;
    return pass !== undefined && this.#ports.wallMs() < pass.endsAtMs ? pass.token : undefined;
  }

  #set(facts: CommunityFacts, door: DoorState): void {
    this.#view.value = { state: 'here', facts, door };
  }
}
