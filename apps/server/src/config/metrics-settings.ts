import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { METRICS_TOKEN_CHARS_MIN } from '../limits.ts';
import { integer, setting, wrong } from './setting.ts';

/** Visible ASCII characters, which an HTTP header can carry. */
const TOKEN = /^[!-~]+$/;

export const METRICS_SETTINGS = {
  FARANDOLE_METRICS_PORT: setting({
    right: 'Give a port from 0 to 65535; 0 lets the system choose one.',
    byDefault: 'off',
    purpose: 'Where `/metrics` is served for Prometheus.',
    parse: integer(0, 65_535),
  }),
  FARANDOLE_METRICS_ADDRESS: setting({
    right: 'Give an IP address of this machine: 10.0.0.5.',
    defaultText: '127.0.0.1',
    purpose:
      'The address on which `/metrics` is served. An address that other machines can reach needs `FARANDOLE_METRICS_TOKEN`.',
    parse: (value) => {
      const address = parseIpAddress(value);
      return address === null ? wrong('is not an IP address') : { ok: true, value: address.text };
    },
  }),
  FARANDOLE_METRICS_TOKEN: setting({
    right: `Give ${METRICS_TOKEN_CHARS_MIN} or more visible characters: openssl rand -hex 32 makes them.`,
    purpose:
      'The token that Prometheus sends as `Authorization: Bearer TOKEN` to read `/metrics`. Without TLS, anyone on the network between the two can read it.',
    isSecret: true,
    parse: (value) => {
      if (value.length < METRICS_TOKEN_CHARS_MIN)
        return wrong('is so short that it can be guessed');
      return TOKEN.test(value)
        ? { ok: true, value }
        : wrong('holds characters that a header cannot carry');
    },
  }),
} as const;
