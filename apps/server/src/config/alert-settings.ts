import { WEBHOOK_SECRET_CHARS_MIN } from '../limits.ts';
import { isLoopbackName } from '../net/loopback-name.ts';
import { type Parsed, setting, wrong } from './setting.ts';

/** Doesn't verify that mail can be delivered. */
const SENDER_ADDRESS = /^[^\s<>@,;]{1,64}@[^\s<>@,;]{1,190}$/u;
const SENDER_NAME = /^[^<>@\r\n"]{1,80}$/u;

export interface MailFrom {
  /** Empty if the setting has an address alone. */
  readonly name: string;
  readonly address: string;
}

/** Where the server sends alerts. The rota and the quiet hours are edited in the console. */
export interface AlertConfig {
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  readonly mail: { readonly smtpUrl: string; readonly from: MailFrom } | null;
}

export const ALERT_SETTINGS = {
  FARANDOLE_ALERT_WEBHOOK_URL: setting({
    right: 'Give an https: address: https://hooks.example.org/farandole. http: works on localhost.',
    byDefault: 'none: no webhook is called',
    purpose:
      'The address to which the server sends each alert as signed JSON. The address may contain a secret, so it is masked. See [alerts.md](alerts.md).',
    isSecret: true,
    parse: webhookUrl,
  }),
  FARANDOLE_ALERT_WEBHOOK_SECRET: setting({
    right: `Give ${WEBHOOK_SECRET_CHARS_MIN} characters or more: openssl rand -hex 32 makes them.`,
    purpose:
      'The secret with which the server signs each alert, so that the receiver can check it.',
    isSecret: true,
    parse: (value) =>
      value.length >= WEBHOOK_SECRET_CHARS_MIN
        ? { ok: true, value }
        : wrong('is so short that it can be guessed'),
  }),
  FARANDOLE_ALERT_SMTP_URL: setting({
    right: 'Give the address of a mail server: smtps://USER:PASSWORD@mail.example.org:465.',
    byDefault: 'none: no mail is sent',
    purpose:
      'The mail server for alerts to the members of the rota. `smtp:` needs STARTTLS, except on this machine.',
    isSecret: true,
    parse: smtpUrl,
  }),
  FARANDOLE_ALERT_MAIL_FROM: setting({
    right: 'Give an address, or a name with an address: Farandole <alerts@example.org>.',
    purpose: 'The sender of the mails.',
    parse: mailFrom,
  }),
} as const;

type AlertSettingName = keyof typeof ALERT_SETTINGS;

const PAIRS: readonly (readonly [AlertSettingName, AlertSettingName])[] = [
  ['FARANDOLE_ALERT_WEBHOOK_URL', 'FARANDOLE_ALERT_WEBHOOK_SECRET'],
  ['FARANDOLE_ALERT_SMTP_URL', 'FARANDOLE_ALERT_MAIL_FROM'],
];

/** Returns the missing halves of pairs: each with the problem and the remedy. */
export function alertContradictions(
  isSet: (name: AlertSettingName) => boolean,
): readonly (readonly [AlertSettingName, string, string])[] {
  return PAIRS.flatMap((pair) => [pair, pair.toReversed() as [AlertSettingName, AlertSettingName]])
    .filter(([name, other]) => isSet(name) && !isSet(other))
    .map(([name, other]) => [other, `is not set, and ${name} is.`, ALERT_SETTINGS[other].right]);
}

export function alertsOf(
  values: Readonly<
    Record<Exclude<AlertSettingName, 'FARANDOLE_ALERT_MAIL_FROM'>, string | null>
  > & {
    readonly FARANDOLE_ALERT_MAIL_FROM: MailFrom | null;
  },
): AlertConfig {
  const { FARANDOLE_ALERT_WEBHOOK_URL: url, FARANDOLE_ALERT_WEBHOOK_SECRET: secret } = values;
  const { FARANDOLE_ALERT_SMTP_URL: smtp, FARANDOLE_ALERT_MAIL_FROM: from } = values;
  return {
    webhook: url === null || secret === null ? null : { url, secret },
    mail: smtp === null || from === null ? null : { smtpUrl: smtp, from },
  };
}

function webhookUrl(value: string): Parsed<string> {
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return wrong('is no web address');
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return wrong('has a user name or a #');
  }
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) {
    return wrong('is not encrypted, so others on the way could read the alerts');
  }
  return { ok: true, value: url.href };
}

function smtpUrl(value: string): Parsed<string> {
  const url = URL.parse(value);
  const isSmtp = url !== null && ['smtp:', 'smtps:'].includes(url.protocol);
  if (!isSmtp || url.hostname === '') return wrong('is no smtp: or smtps: address');
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname)) {
    return wrong('has more than a user, a password, a host and a port');
  }
  if (![url.username, url.password].every(isEncoded)) {
    return wrong('has a % in its user or password, which must be written as %25');
  }
  return { ok: true, value };
}

/**
 * Parses `NAME <ADDRESS>`, `"NAME" <ADDRESS>` or an address alone. The name may contain a comma,
 * so the mail library gets it apart from the address. It reads a text with a comma as two senders.
 */
function mailFrom(value: string): Parsed<MailFrom> {
  const nameEnd = value.endsWith('>') ? value.lastIndexOf(' <') : -1;
  const isNamed = nameEnd !== -1;
  const address = isNamed ? value.slice(nameEnd + 2, -1) : value;
  const given = isNamed ? value.slice(0, nameEnd) : '';
  const isQuoted = given.length > 2 && given.startsWith('"') && given.endsWith('"');
  const name = isQuoted ? given.slice(1, -1) : given;
  const isRight = SENDER_ADDRESS.test(address) && (!isNamed || SENDER_NAME.test(name));
  return isRight ? { ok: true, value: { name, address } } : wrong('is not a mail address');
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
