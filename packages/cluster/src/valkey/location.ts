/** Where a Valkey server is, and how to sign in there. */
export interface ValkeyLocation {
  /** The server; with `service`, the Sentinels that know the server. */
  readonly hosts: readonly ValkeyHost[];
  /** Name that the Sentinels give to the service; null without Sentinels. */
  readonly service: string | null;
  readonly isTls: boolean;
  readonly user: string | null;
  readonly password: string | null;
}

export interface ValkeyHost {
  readonly host: string;
  readonly port: number;
}

export type ParsedLocation =
  | { readonly ok: true; readonly value: ValkeyLocation }
  | { readonly ok: false; readonly problem: string };

const FORM = /^(valkeys?|rediss?)(\+sentinel)?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^/?#]*))?$/;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::([0-9]{1,5}))?$/;
const SERVICE = /^[A-Za-z0-9._-]{1,64}$/;
const PORT = 6_379;
const SENTINEL_PORT = 26_379;

/**
 * Parses `valkey://user:password@host:port`, `valkeys://` for TLS, and
 * `valkey+sentinel://host,host,host/service`. `redis` in place of `valkey` means the same. The URL
 * names no database, because channels belong to the whole server. The problem is the second half
 * of a sentence, without the URL's secrets.
 */
export function parseValkeyUrl(text: string): ParsedLocation {
  const form = FORM.exec(text);
  if (form === null) return { ok: false, problem: 'is not the URL of a Valkey server' };
  const [, scheme = '', sentinel, credentials = '', list = '', path = ''] = form;
  const hosts = list.split(',').map((one) => hostOf(one, sentinel !== undefined));
  if (hosts.some((host) => host === null)) {
    return { ok: false, problem: 'names a host that is neither a name nor an address' };
  }
  if (sentinel === undefined && hosts.length > 1) {
    return { ok: false, problem: 'names several hosts without Sentinels' };
  }
  const named = namesOf(credentials);
  if (named === null) return { ok: false, problem: 'has a user or password that is not encoded' };
  const isTls = scheme.endsWith('s') && scheme !== 'redis';
  const value = { hosts: hosts.filter((host) => host !== null), isTls, ...named };
  if (sentinel === undefined) {
    return path === ''
      ? { ok: true, value: { ...value, service: null } }
      : { ok: false, problem: 'names a database, and channels have none' };
  }
  return SERVICE.test(path)
    ? { ok: true, value: { ...value, service: path } }
    : { ok: false, problem: 'does not name the service that the Sentinels watch' };
}

function hostOf(text: string, isSentinel: boolean): ValkeyHost | null {
  const [, host, port] = HOST.exec(text.trim()) ?? [];
  if (host === undefined) return null;
  const number = port === undefined ? (isSentinel ? SENTINEL_PORT : PORT) : Number(port);
  if (number < 1 || number > 65_535) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function namesOf(credentials: string): Pick<ValkeyLocation, 'user' | 'password'> | null {
  if (credentials === '') return { user: null, password: null };
  const at = credentials.indexOf(':');
  try {
    const user = decodeURIComponent(at < 0 ? credentials : credentials.slice(0, at));
    const password = at < 0 ? null : decodeURIComponent(credentials.slice(at + 1));
    return { user: user === '' ? null : user, password };
  } catch {
    return null;
  }
}
