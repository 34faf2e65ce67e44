import type { Instant } from '@farandole/kernel/clock';
import type { AlertSettings } from '@farandole/moderation/alerts/alert-settings';
import { type AlertTestOutcome, CONSOLE_PATH } from '@farandole/protocol/console-api';
import type { AlertSender } from '../alerts/alert-sender.ts';
import { AlertTask } from '../alerts/alert-task.ts';
import { MailSender } from '../alerts/mail-sender.ts';
import { NodeFaults } from '../alerts/node-faults.ts';
import { WebhookSender } from '../alerts/webhook-sender.ts';
import type { Config } from '../config.ts';
import type { Site } from '../net/site.ts';
import type { FanOut } from '../observe/fan-out.ts';
import type { Log } from '../observe/log.ts';
import type { NodeFacts } from '../observe/node-facts.ts';
import { instantOf, type StoragePart } from './storage.ts';

export interface AlertsOptions {
  readonly config: Config;
  readonly storage: StoragePart;
  readonly facts: () => NodeFacts;
  readonly site: () => Site;
  readonly ticks: FanOut<Instant>;
  readonly log: Log;
}

export interface AlertsPart {
  /** The channels that the operator has configured. */
  readonly channels: readonly AlertSender['channel'][];
  /** Sends a test on every channel, by mail to each member of the rota. */
  test(settings: AlertSettings): Promise<readonly AlertTestOutcome[]>;
  close(): Promise<void>;
}

export function openAlerts(options: AlertsOptions): AlertsPart {
  const { config, storage, facts, site, ticks, log } = options;
  const { store, signer, clock, storeHealth } = storage;
  const { webhook, mail } = config.alerts;
  const service = config.operatorName ?? 'Farandole';
  const senders: AlertSender[] = [];
  if (webhook !== null) senders.push(new WebhookSender(webhook));
  if (mail !== null) senders.push(new MailSender({ ...mail, service }));
  const linkOf = (alert: string | null): string => {
    const [origin = ''] = site().origins;
    return `${origin}${CONSOLE_PATH}#/alerts${alert === null ? '' : `/${alert}`}`;
  };
  const task = new AlertTask({
    ...{ store, senders, facts, linkOf, log },
    node: signer.randomId(),
    faults: new NodeFaults(config.databaseUrl !== null),
    onWorked: () => storeHealth.worked('alerts'),
    onFailed: (error) => storeHealth.failed('alerts', error),
  });
  ticks.subscribe((now) => task.tick(now));
  return {
    channels: senders.map(({ channel }) => channel),
    test: async ({ rota, language }) => {
      const mails = rota.map((entry) => entry.mail).filter((address) => address !== '');
      const messages = senders.flatMap((sender) =>
        (sender.channel === 'mail' ? mails : [null]).map((to) => ({ sender, to })),
      );
      return await Promise.all(
        messages.map(async ({ sender, to }) => {
          const id = `test-${signer.randomId()}`;
          const nowMs = clock.wallMs();
          const outgoing = { id, alert: null, step: 0, link: linkOf(null), language, nowMs };
          return { channel: sender.channel, to, problem: await sender.send(outgoing, to) };
        }),
      );
    },
    close: () => task.close(instantOf(clock)),
  };
}
