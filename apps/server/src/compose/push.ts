import type { Gateway } from '@farandole/gateway/gateway';
import type { Config } from '../config.ts';
import { NotificationRequests } from '../http/notifications.ts';
import type { Site } from '../net/site.ts';
import type { Log } from '../observe/log.ts';
import { PushKeys } from '../push/push-keys.ts';
import { PushNotifier } from '../push/push-notifier.ts';
import type { PushRoute } from '../push/push-route.ts';
import { PushSender } from '../push/push-sender.ts';
import type { StoragePart } from './storage.ts';

export interface PushPart {
  readonly keys: PushKeys;
  readonly requests: NotificationRequests;
  readonly notifier: PushNotifier;
}

export interface PushOptions {
  readonly config: Config;
  readonly storage: StoragePart;
  readonly gateway: Gateway;
  readonly site: () => Site;
  readonly route: PushRoute;
  readonly log: Log;
}

/** Creates the parts that notify browsers. Returns null if the operator has turned them off. */
export function openPush(options: PushOptions): PushPart | null {
  const { config, storage, gateway, site, route, log } = options;
  if (!config.hasWebPush) return null;
  const { store, signer, clock } = storage;
  const keys = new PushKeys(storage.keys.ring.subject);
  const contact = (): string => {
    // A push service wants to know whom it can ask. Safari's refuses other kinds of addresses.
    const [origin = ''] = site().origins;
    const given = config.operatorContact ?? '';
    return given.startsWith('mailto:') || given.startsWith('https:') ? given : origin;
  };
  const sender = new PushSender({ keys, route, contact, wallMs: () => clock.wallMs() });
  const hours = () => storage.publishedHours.plan;
  const lonely = () => gateway.lonelySearches();
  return {
    keys,
    requests: new NotificationRequests({ store, signer, clock, keys, route }),
    notifier: new PushNotifier({ store, keys, sender, lonely, hours, log }),
  };
}
