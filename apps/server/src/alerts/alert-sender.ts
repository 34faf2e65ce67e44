import type { LanguageTag } from '@farandole/kernel/language';
import type { Alert, AlertChannel, AlertMessage } from '@farandole/moderation/alerts/alert';

/** What a receiver gets of an alert. A test has no alert. */
export interface OutgoingAlert {
  /** Stays the same if the message is repeated. */
  readonly id: string;
  readonly alert: Pick<Alert, 'kind' | 'count' | 'cases' | 'class' | 'atMs'> | null;
  readonly step: AlertMessage['step'];
  /** Address of the console's page with the alert. */
  readonly link: string;
  readonly language: LanguageTag;
  readonly nowMs: number;
}

/** Sends messages on one channel. */
export interface AlertSender {
  readonly channel: AlertChannel;
  /** Returns null once the receiver took the message, and otherwise why not. Never throws. */
  send(outgoing: OutgoingAlert, to: string | null): Promise<string | null>;
}
