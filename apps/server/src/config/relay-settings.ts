import { RELAY_KBPS_MAX, RELAY_KBPS_MIN } from '../limits.ts';
import { integer, setting } from './setting.ts';

export const RELAY_SETTINGS = {
  FARANDOLE_RELAY_KBPS_MAX: setting({
    right: `Give kilobits per second from ${RELAY_KBPS_MIN} to ${RELAY_KBPS_MAX}, for example 500.`,
    byDefault: 'none: the browser chooses',
    purpose:
      'How much picture and sound a user sends through the relay, in kb/s. The page keeps this limit and tells the user; a changed page can exceed it, up to `max-bps` of coturn.',
    parse: integer(RELAY_KBPS_MIN, RELAY_KBPS_MAX),
  }),
} as const;
