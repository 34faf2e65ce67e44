import { parseIpAddress } from '@farandole/gateway/signal-policy/address';

/** A parsed `turn:` or `turns:` address (RFC 7065). */
export interface TurnUrl {
  readonly url: string;
  readonly scheme: 'turn' | 'turns';
  /** Host name of the TURN server, or its IP address without brackets. */
  readonly host: string;
  /** Port in the TURN URL. Null means the default port (3478, or 5349 with TLS). */
  readonly port: number | null;
  /** Transport in the TURN URL. Null means that the URL names none. Browsers then try UDP first. */
  readonly transport: 'udp' | 'tcp' | null;
}

const FORM =
  /^(turns?):(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::([0-9]{1,5}))?(?:\?transport=(udp|tcp))?$/;

export function parseTurnUrl(text: string): TurnUrl | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, scheme, bracketed = '', portText, transport] = match;
  const host = bracketed.replace(/^\[|\]$/g, '');
  if (bracketed.startsWith('[') && parseIpAddress(host) === null) return null;
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  return {
    url: text,
    scheme: scheme === 'turns' ? 'turns' : 'turn',
    host,
    port,
    transport: transport === 'udp' || transport === 'tcp' ? transport : null,
  };
}

/**
 * Returns the `stun:` address of a TURN server on UDP, which also serves STUN (RFC 8656, section
 * 3). Returns null for other transports.
 */
export function stunUrlOf(turn: TurnUrl): string | null {
  if (turn.scheme === 'turns' || turn.transport === 'tcp') return null;
  const host = turn.host.includes(':') ? `[${turn.host}]` : turn.host;
  return turn.port === null ? `stun:${host}` : `stun:${host}:${turn.port}`;
}
