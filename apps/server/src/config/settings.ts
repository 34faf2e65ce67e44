import { parseValkeyUrl } from '@farandole/cluster/valkey/location';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { AGE_STATES, LADDER } from '@farandole/matchmaking/mode';
import { isMode } from '@farandole/protocol/fields';
import {
  CLEAN_BELOW_MAX,
  CLEAN_BELOW_MIN,
  EXPLICIT_AT_MAX,
  EXPLICIT_AT_MIN,
} from '@farandole/protocol/shield-rules';
import {
  EVIDENCE_TEXT_CHARS_MAX,
  OPERATOR_CONTACT_CHARS_MAX,
  OPERATOR_NAME_CHARS_MAX,
  PROOF_MS_MAX,
  SOURCE_URL_CHARS_MAX,
  TURN_SECRET_CHARS_MIN,
} from '../limits.ts';
import { type AddressRange, parseAddressRange } from '../net/address-range.ts';
import { parseTurnUrl } from '../net/turn-url.ts';
import { ALERT_SETTINGS } from './alert-settings.ts';
import { helpLines, webAddress } from './help-lines.ts';
import { METRICS_SETTINGS } from './metrics-settings.ts';
import {
  integer,
  line,
  listOf,
  oneOf,
  type Parsed,
  type Setting,
  setting,
  text,
  wrong,
} from './setting.ts';

/**
 * Matches an origin on this machine. Browsers trust plain HTTP to such an origin, because the
 * traffic never leaves the machine.
 */
const LOCAL_ORIGIN = /^http:\/\/localhost(?::[0-9]+)?$/;
/**
 * Matches a mail address, to tell it from a web address. Doesn't verify that mail can be delivered.
 */
const MAIL_ADDRESS = /^[^\s@:/?#]+@[^\s@:/?#.]+(?:\.[^\s@:/?#.]+)+$/;
const HELP_LINES_RIGHT =
  'Give an http: or https: address, a number as tel:116111, or one for each country as FR=tel:3114,DE=https://example.org/.';
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** Log levels, from the quietest. Each level includes the levels before it. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug'] as const;

const wayList = listOf((item) => {
  const isWay = isMode(item) || item === 'exchange';
  return isWay ? { ok: true, value: item } : wrong('is no way to meet');
});

/**
 * All settings. `docs/configuration.md` has a row for each, and `--help` prints them. They are read
 * from the environment, or from the file that FARANDOLE_CONFIG names.
 */
export const SETTINGS = {
  PORT: setting({
    right: 'Give a port from 0 to 65535; 0 lets the system choose one.',
    defaultText: '8080',
    purpose: 'The port of the page, the API and WebSockets.',
    parse: integer(0, 65_535),
  }),
  HOST: setting({
    right: 'Give localhost, an IP address of this machine, or a name of it.',
    defaultText: 'localhost',
    purpose:
      'The address to listen on. `localhost` is this machine alone, by IPv4 and IPv6; `0.0.0.0` or `::` is every address.',
    parse: (value) =>
      parseIpAddress(value) !== null || HOST_NAME.test(value)
        ? { ok: true, value }
        : wrong('is neither an address nor a name'),
  }),
  FARANDOLE_DATA_DIR: setting({
    right: 'Give the path of a folder that this process may write.',
    defaultText: '.farandole',
    purpose:
      'Where keys, blocks, recent meetings and reports are kept. Made with mode 0700; one server at a time uses it.',
    parse: text,
  }),
  FARANDOLE_DATABASE_URL: setting({
    right:
      'Give the URL of a PostgreSQL database: postgres://user:password@host/database, and append ?sslmode=verify-full if it is on another machine.',
    byDefault: 'a file of SQLite in the data folder',
    purpose:
      'The PostgreSQL database for cases, decisions and sanctions, instead of the data folder.',
    isSecret: true,
    parse: (value) => {
      const url = URL.parse(value);
      const isPostgres = url !== null && ['postgres:', 'postgresql:'].includes(url.protocol);
      return isPostgres && url.pathname.length > 1
        ? { ok: true, value }
        : wrong('is not the URL of a PostgreSQL database');
    },
  }),
  FARANDOLE_KEYS_FILE: setting({
    right: 'Give the path of the file that keys init made, with mode 0600.',
    byDefault: '`keys.json` in the data folder',
    purpose:
      'The long-lived keys: the same file on every node of a database. The server makes it only for SQLite in the data folder; `keys init` makes it otherwise.',
    parse: text,
  }),
  FARANDOLE_VALKEY_URL: setting({
    right:
      'Give valkey://user:password@host:6379, valkeys:// for TLS, or valkey+sentinel://host,host,host/service.',
    byDefault: 'none: this is the only node',
    purpose:
      'The Valkey (or Redis 7) server through which several nodes of one PostgreSQL database work as one: their users meet, and the limits of tickets, reports and sign-in hold for all nodes together. Its content may be lost.',
    isSecret: true,
    parse: parseValkeyUrl,
  }),
  FARANDOLE_ORIGINS: setting({
    right:
      'Give the exact addresses of the page, separated by commas: https://meet.example.org, without a path.',
    byDefault: 'http://localhost and the port',
    purpose:
      'The only pages that may open a session. The server refuses sessions from pages of all other origins.',
    parse: listOf((item) => {
      const url = URL.parse(item);
      if (url === null || url.origin !== item || item.includes('*')) {
        return wrong('is not one exact origin');
      }
      return url.protocol === 'https:' || LOCAL_ORIGIN.test(item)
        ? { ok: true, value: item }
        : wrong('is not HTTPS, which browsers require for the camera');
    }),
  }),
  FARANDOLE_TRUSTED_PROXIES: setting({
    right: 'Give addresses or ranges, separated by commas: 127.0.0.1, 10.0.0.0/8, fd00::/8.',
    purpose:
      'The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted. These headers are ignored from other addresses, with one log line.',
    parse: listOf(addressRange),
  }),
  FARANDOLE_AGE_REQUIRED: setting({
    right: 'Give declared: each person says that they are 18 or over.',
    defaultText: 'declared',
    byDefault: '`declared`; must be set where others can reach the server',
    purpose: 'How a user’s age must be known before they meet a stranger.',
    parse: (value) => {
      const known = AGE_STATES.find((state) => state === value);
      switch (known) {
        case 'declared':
          return { ok: true, value: known };
        case 'estimated':
        case 'verified':
          return wrong('needs an age-check provider, and none exists yet');
        case 'unknown':
          return wrong('would admit users who never said that they are adults');
        case undefined:
          return wrong('is not an age check');
      }
    },
  }),
  FARANDOLE_MODES: setting({
    right:
      'Give one or more of video, voice and text, and exchange or question to offer them too: video,text,exchange.',
    defaultText: 'video,text',
    purpose:
      'The ways to meet. Users of a call may move from text to voice to video if both agree. With `voice` alone, only sound passes between users; let a lawyer confirm any exemption that you derive from that. With `exchange`, users can also meet to practise languages, by each of these ways. With `question`, a user who has earned trust asks two strangers a question and reads what they write; it needs another way to meet, and works on one node only.',
    parse: (list) => {
      const modes = wayList(list);
      const needsRung = modes.ok && modes.value.includes('exchange');
      const isMissing = needsRung && !LADDER.some(({ id }) => modes.value.includes(id));
      return isMissing ? wrong('needs video, voice or text too') : modes;
    },
  }),
  FARANDOLE_TURN_URLS: setting({
    right:
      'Give the addresses of your TURN server, separated by commas: turn:turn.example.org:3478?transport=udp, turns:turn.example.org:443?transport=tcp. It answers STUN on the same port.',
    byDefault: 'none: users connect directly or not at all',
    purpose: 'The relay for media between users who may not or can’t connect directly.',
    parse: listOf((item) => {
      const value = parseTurnUrl(item);
      return value === null ? wrong('is not a turn: or turns: address') : { ok: true, value };
    }),
  }),
  FARANDOLE_TURN_SECRET: setting({
    right: `Give the same text as static-auth-secret of the TURN server, ${TURN_SECRET_CHARS_MIN} characters or more: openssl rand -hex 32 makes one.`,
    purpose:
      'The secret that this server shares with the relay. Credentials derived from it expire after ten minutes.',
    isSecret: true,
    parse: (value) =>
      value.length >= TURN_SECRET_CHARS_MIN
        ? { ok: true, value }
        : wrong('is so short that it can be guessed'),
  }),
  FARANDOLE_TURN_RELAY_IPS: setting({
    right: 'Give IP addresses, separated by commas.',
    byDefault: 'the addresses that the names in `FARANDOLE_TURN_URLS` resolve to',
    purpose:
      'The addresses from which the relay sends. Relay candidates with other addresses are dropped, so that an attacker can’t aim one at a stranger.',
    parse: listOf((item) => {
      const address = parseIpAddress(item);
      return address === null ? wrong('is not an IP address') : { ok: true, value: address.text };
    }),
  }),
  FARANDOLE_RELAY: setting({
    right: 'Give direct, until-consent, always or fallback.',
    byDefault: '`until-consent` with a relay, `direct` without',
    purpose:
      'When two users connect directly, which shows each the other’s address: `direct` always, `until-consent` when both agreed, `always` (relayed) never, `fallback` first, and relayed if that fails.',
    parse: oneOf(['direct', 'until-consent', 'always', 'fallback']),
  }),
  FARANDOLE_SOURCE_URL: setting({
    right: 'Give an http: or https: address: https://code.example.org/farandole.',
    byDefault: 'none: the page has no such link',
    purpose:
      'The target of the page’s *Source code* link. If you changed Farandole, the AGPL (section 13) requires you to offer your source to its users.',
    parse: (value) => webAddress(value, SOURCE_URL_CHARS_MAX),
  }),
  FARANDOLE_OPERATOR_NAME: setting({
    right: `Give a name on one line, ${OPERATOR_NAME_CHARS_MAX} characters at most.`,
    byDefault: 'none: the page names no operator',
    purpose: 'Who runs this server, shown at the foot of the page.',
    parse: line(OPERATOR_NAME_CHARS_MAX),
  }),
  FARANDOLE_EVIDENCE_JURISDICTION: setting({
    right: `Give the country, on one line of ${EVIDENCE_TEXT_CHARS_MAX} characters at most: France.`,
    byDefault: 'none: no pictures are taken, sent or kept',
    purpose:
      'The law under which this server keeps pictures of strangers as evidence. Reports have pictures only if this and `FARANDOLE_EVIDENCE_REGISTRATION` are set; the audit records both.',
    parse: line(EVIDENCE_TEXT_CHARS_MAX),
  }),
  FARANDOLE_EVIDENCE_REGISTRATION: setting({
    right: `Give the authority and your number on one line of ${EVIDENCE_TEXT_CHARS_MAX} characters at most: NCMEC 12345.`,
    byDefault: 'none: no pictures are taken, sent or kept',
    purpose:
      'The authority with which you are registered to report what the law requires you to report.',
    parse: line(EVIDENCE_TEXT_CHARS_MAX),
  }),
  FARANDOLE_HANDOVER_HOTLINE: setting({
    right: `Give a name and contact on one line of ${EVIDENCE_TEXT_CHARS_MAX} characters at most: Point de Contact, pointdecontact.net.`,
    byDefault: 'none: the console says that none is named',
    purpose:
      'The hotline that child safety contacts about a case that may involve a minor; inhope.org lists one for most countries. The console shows it in such a case; the server sends nothing.',
    parse: line(EVIDENCE_TEXT_CHARS_MAX),
  }),
  FARANDOLE_HANDOVER_AUTHORITY: setting({
    right: `Give a name and contact on one line of ${EVIDENCE_TEXT_CHARS_MAX} characters at most: Pharos, internet-signalement.gouv.fr.`,
    byDefault: 'none: the console says that none is named',
    purpose:
      'The authority that child safety contacts about a case that may involve a minor. The console shows it in such a case; the server sends nothing.',
    parse: line(EVIDENCE_TEXT_CHARS_MAX),
  }),
  FARANDOLE_PICTURES_PER_SHIFT: setting({
    right: 'Give a number from 1 to 10000.',
    defaultText: '100',
    purpose:
      'How many pictures one member may uncover in a shift of eight hours. A senior can allow twenty more at a time.',
    parse: integer(1, 10_000),
  }),
  FARANDOLE_OPERATOR_CONTACT: setting({
    right: 'Give an e-mail address or an http: or https: address: help@example.org.',
    byDefault: 'none: the page has no such link',
    purpose: 'The target of the page’s *Contact* link, for example for a question about a report.',
    parse: (value) => {
      if (!MAIL_ADDRESS.test(value)) return webAddress(value, OPERATOR_CONTACT_CHARS_MAX);
      return value.length <= OPERATOR_CONTACT_CHARS_MAX
        ? { ok: true, value: `mailto:${encodeURI(value)}` }
        : wrong(`is longer than ${OPERATOR_CONTACT_CHARS_MAX} characters`);
    },
  }),
  FARANDOLE_HELP_LINES: setting({
    right: HELP_LINES_RIGHT,
    byDefault: 'a directory of help lines in all countries, findahelpline.com',
    purpose:
      'Help offered after a report of self-harm: the address of a page, a number, or a list by country such as `FR=tel:3114,DE=https://example.org/`. A list shows the country of the browser’s languages first, then the others, then the directory.',
    parse: helpLines,
  }),
  FARANDOLE_CHILD_HELP_LINES: setting({
    right: HELP_LINES_RIGHT,
    byDefault: 'the child helplines of all countries, childhelplineinternational.org',
    purpose:
      'Help offered to a user who says that they are under 18, or who reports that a stranger may be: the address of a page, a number, or a list by country, as for `FARANDOLE_HELP_LINES`.',
    parse: helpLines,
  }),
  FARANDOLE_SHIELD_EXPLICIT_PERCENT: setting({
    right: 'Give a whole number from 50 to 90.',
    defaultText: '70',
    purpose:
      'How sure the shield must be, in two samples in a row, before it covers a stranger as possibly explicit. A lower value covers more, and more by mistake.',
    parse: integer(EXPLICIT_AT_MIN * 100, EXPLICIT_AT_MAX * 100),
  }),
  FARANDOLE_SHIELD_CLEAN_PERCENT: setting({
    right: 'Give a whole number from 10 to 60, below FARANDOLE_SHIELD_EXPLICIT_PERCENT.',
    defaultText: '40',
    purpose:
      'A sample below this is clean; a stranger is shown after three clean samples in a row.',
    parse: integer(CLEAN_BELOW_MIN * 100, CLEAN_BELOW_MAX * 100),
  }),
  FARANDOLE_SHIELD_RESUME: setting({
    right: 'Give allowed or never.',
    defaultText: 'allowed',
    purpose: 'Whether a user may continue after the shield has covered a stranger.',
    parse: oneOf(['allowed', 'never']),
  }),
  FARANDOLE_SHIELD_OFF: setting({
    right: 'Give allowed or never.',
    defaultText: 'never',
    purpose: 'Whether a user may turn the shield off.',
    parse: oneOf(['allowed', 'never']),
  }),
  FARANDOLE_SAME_NETWORK: setting({
    right: 'Give meets or apart.',
    defaultText: 'meets',
    purpose:
      'Whether users of one network (a /24 of IPv4, a /56 of IPv6) may meet. `apart` separates households, and also users who share the addresses of a school, a company or a mobile carrier. A home with IPv4 and IPv6 is two networks.',
    parse: oneOf(['meets', 'apart']),
  }),
  FARANDOLE_RENTED_RANGES: setting({
    right: 'Give the path of a text file with one range per line: 192.0.2.0/24, 2001:db8::/32.',
    purpose:
      'A file of the address ranges of hosting companies, VPNs and Tor exits, which anyone can rent by the hour. Reports and calls from all of them count as from one network. Lines from `#` on are ignored; read at the start. None is shipped.',
    parse: text,
  }),
  FARANDOLE_OFFLINE_PAGE: setting({
    right: 'Give on or off.',
    defaultText: 'on',
    purpose:
      'Whether browsers keep a service worker, which shows a page while the server can’t be reached, and notifications. With `off`, every browser that visits again removes the service worker.',
    parse: oneOf(['on', 'off']),
  }),
  FARANDOLE_WEB_PUSH: setting({
    right: 'Give on or off.',
    defaultText: 'off',
    purpose:
      'Whether a user who searches alone can ask for a notification when someone is here, at most one an hour for 30 days. The server then connects to the push services of Google, Mozilla, Apple and Microsoft. A notification has no content; the push service learns that this server wakes this browser. Needs `FARANDOLE_OFFLINE_PAGE`.',
    parse: oneOf(['on', 'off']),
  }),
  ...METRICS_SETTINGS,
  ...ALERT_SETTINGS,
  FARANDOLE_LOG_LEVEL: setting({
    right: `Give ${LOG_LEVELS.join(', ')}.`,
    defaultText: 'info',
    purpose: 'How much is logged. No level logs an address, cookie, message or key.',
    parse: oneOf(LOG_LEVELS),
  }),
  FARANDOLE_CONNECTIONS_MAX: setting({
    right: 'Give a number from 1 to 1000000, below the limit of open files of the process.',
    defaultText: '20000',
    purpose: 'The maximum number of connected users.',
    parse: integer(1, 1_000_000),
  }),
  FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: setting({
    right: 'Give a number from 1 to 1000000.',
    defaultText: '2500',
    purpose:
      'The maximum per network (a /24 of IPv4, a /56 of IPv6), which a school or a mobile carrier shares. A single address may have half of this maximum, and a fifth while its network is busy. The maximum is also the burst of new connections per network; a tenth of it refills each second.',
    parse: integer(1, 1_000_000),
  }),
  FARANDOLE_EXEMPT_RANGES: setting({
    right: 'Give addresses or ranges, separated by commas: 198.51.100.0/22, 2001:db8::/32.',
    purpose:
      'The ranges of a campus or a mobile carrier where many users share few addresses. Only the limits of all users together apply to them, such as `FARANDOLE_CONNECTIONS_MAX`.',
    parse: listOf(addressRange),
  }),
  FARANDOLE_PROOF_MS: setting({
    right: `Give a number from 0 to ${PROOF_MS_MAX}; 0 asks nobody for a proof of work.`,
    defaultText: '500',
    purpose:
      'How many milliseconds the proof of work of a new user takes on a phone. It makes floods of new users expensive. Users who have earned trust need none; suspicion and floods make it longer, up to 15 seconds.',
    parse: integer(0, PROOF_MS_MAX),
  }),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

export type SettingValue<Name extends SettingName> =
  (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;

const FILE_SUFFIX = '_FILE';

/** Returns the secret setting that NAME_FILE gives the file of; null for any other name. */
export function secretOfFile(name: string): SettingName | null {
  if (!name.endsWith(FILE_SUFFIX)) return null;
  const secret = name.slice(0, -FILE_SUFFIX.length);
  return isSettingName(secret) && SETTINGS[secret].isSecret ? secret : null;
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function addressRange(item: string): Parsed<AddressRange> {
  const value = parseAddressRange(item);
  return value === null ? wrong('is neither an address nor a range') : { ok: true, value };
}
