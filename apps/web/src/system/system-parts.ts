import type { Result } from '@farandole/kernel/result';
import type { NotificationsReply, NotificationsRequest } from '@farandole/protocol/http-api';
import type { ReadonlySignal } from '@preact/signals';
import type { ApiFault } from '../signal/ports.ts';

/** Whether the site may show notifications; `unsupported` if the browser has none. */
export type Permission = 'granted' | 'default' | 'denied' | 'unsupported';

/** A subscription at the browser's push service, as far as the server knows it. */
export interface Subscribed {
  readonly endpoint: string;
  /** When the server forgets the endpoint. */
  readonly untilMs: number;
}

/** An hour for which the user has a reminder in this browser. */
export interface HourToRemind {
  readonly title: string;
  /** By the clock of the browser's device. */
  readonly startMs: number;
}

/** A reminder of an hour, as the browser keeps it until the hour begins. */
export interface KeptReminder extends HourToRemind {
  readonly endpoint: string;
  /** Name of the hour's community. Absent in the open pool. */
  readonly community?: string;
}

/** Notifications of the operating system. */
export interface Notifier {
  /** Whether the browser gets notifications while the page is closed. */
  readonly canPush: boolean;
  /** Whether it would if the user installed the page. True in a browser tab on iOS. */
  readonly needsInstall: boolean;
  permission(): Permission;
  /** Asks the user for the permission. Must be called in a user gesture. */
  ask(): Promise<Permission>;
  /**
   * Subscribes at the browser's push service, and returns the browser's address there, which stays
   * the same while the browser is subscribed. Rejects if the push service can't be reached.
   *
   * @param serverKey the server's public key
   */
  subscribe(serverKey: string): Promise<string>;
  unsubscribe(): Promise<void>;
  /** Sends a request to the server. */
  send(request: NotificationsRequest): Promise<Result<NotificationsReply, ApiFault>>;
  /** Shows a notification if the page is hidden and may show any. */
  show(text: string): void;
  /** Returns the subscription that this browser stored; null if there is none. */
  recall(): Subscribed | null;
  store(subscribed: Subscribed | null): void;
  /** Returns the reminders of hours that this browser stored, at most one of each pool. */
  recallHours(): readonly KeptReminder[];
  storeHours(reminders: readonly KeptReminder[]): void;
}

/** Installation of the page as an app. */
export interface Installer {
  /**
   * `prompt`: the browser can install the page. `by-hand`: the user can, in the browser's menu.
   * `none`: the page is installed already, can't be, or the user dismissed the hint.
   */
  readonly offer: ReadonlySignal<'none' | 'prompt' | 'by-hand'>;
  install(): Promise<void>;
  /** Never offers the installation again in this browser. */
  dismiss(): void;
  /** Forgets that the user dismissed the hint. */
  forget(): void;
}

/** What the page uses of the operating system. Its code loads when first needed. */
export interface SystemParts {
  readonly notifier: Notifier;
  readonly installer: Installer;
  readonly wallMs: () => number;
}
