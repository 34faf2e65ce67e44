import { ok, type Result, refused } from '@farandole/kernel/result';
import type { NotificationsReply, NotificationsRequest } from '@farandole/protocol/http-api';
import { signal } from '@preact/signals';
import type { ApiFault } from '../signal/ports.ts';
import type {
  Installer,
  KeptReminder,
  Notifier,
  Permission,
  Subscribed,
  SystemParts,
} from '../system/system-parts.ts';

/** How long the fake server keeps an endpoint. */
export const FAKE_PUSH_KEPT_MS = 30 * 86_400_000;

/** An operating system in memory. */
export class FakeSystem implements SystemParts {
  canPush = true;
  needsInstall = false;
  current: Permission = 'default';
  /** The user's answer to the question for the permission. `never` leaves it open. */
  answers: Permission | 'never' = 'granted';
  pushServiceReachable = true;
  fault: ApiFault | null = null;
  subscribed: Subscribed | null = null;
  hourReminders: readonly KeptReminder[] = [];
  /** The endpoint that the fake push service knows. */
  endpoint: string | null = null;
  installs = 0;
  readonly shown: string[] = [];
  readonly requests: NotificationsRequest[] = [];
  readonly installer: Installer;
  readonly #offer = signal<'none' | 'prompt' | 'by-hand'>('none');
  #dismissedOffer: 'none' | 'prompt' | 'by-hand' = 'none';
  #asked = 0;

  readonly wallMs: () => number;

  constructor(wallMs: () => number) {
    this.wallMs = wallMs;
    this.installer = {
      offer: this.#offer,
      install: async () => {
        this.installs += 1;
        this.#offer.value = 'none';
      },
      dismiss: () => {
        this.#dismissedOffer = this.#offer.value;
        this.#offer.value = 'none';
      },
      forget: () => {
        this.#offer.value = this.#dismissedOffer;
      },
    };
  }

  /** A test sets `canPush` and `needsInstall` before the page opens its notifications. */
  get notifier(): Notifier {
    const { canPush, needsInstall } = this;
    return {
      ...{ canPush, needsInstall },
      permission: () => this.current,
      ask: async () => await this.#ask(),
      subscribe: async () => {
        if (!this.pushServiceReachable) throw new DOMException('no push service', 'AbortError');
        this.#asked += 1;
        this.endpoint = `https://push.example/${this.#asked}`;
        return this.endpoint;
      },
      unsubscribe: async () => {
        this.endpoint = null;
      },
      send: async (request) => this.#answer(request),
      show: (text) => void this.shown.push(text),
      recall: () => this.subscribed,
      store: (subscribed) => {
        this.subscribed = subscribed;
        if (subscribed === null) this.hourReminders = [];
      },
      recallHours: () => this.hourReminders,
      storeHours: (reminders) => {
        this.hourReminders = reminders;
      },
    };
  }

  offers(offer: 'prompt' | 'by-hand'): void {
    this.#offer.value = offer;
  }

  async #ask(): Promise<Permission> {
    const { answers } = this;
    if (this.current !== 'default') return this.current;
    if (answers === 'never') return await new Promise(() => {});
    this.current = answers;
    return answers;
  }

  #answer(request: NotificationsRequest): Result<NotificationsReply, ApiFault> {
    this.requests.push(request);
    if (this.fault !== null) return refused(this.fault);
    return ok({ untilMs: this.wallMs() + FAKE_PUSH_KEPT_MS });
  }
}
