import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Config } from '../config.ts';
import { codeOf } from '../start-error.ts';
import type { Finding } from './finding.ts';

const TIMEOUT_MS = 5_000;
const DAY_MS = 24 * 60 * 60_000;
/** Caddy and certbot renew a certificate when 30 days are left. */
const DAYS_WARN = 14;
const PATH = '/livez';
/** What every Farandole server answers to `PATH`. */
const LIVE = 'ok\n';

/**
 * Requests each public address of the page, and checks its certificate.
 *
 * @param ca certificate of a further authority, for tests
 */
export async function examineAddresses(
  { origins }: Pick<Config, 'origins'>,
  nowMs: number,
  ca?: string,
): Promise<readonly Finding[]> {
  const about = 'address';
  const open = (origins ?? []).filter((origin) => origin.startsWith('https:'));
  if (open.length === 0) {
    return [{ about, is: 'ok', says: 'the page is for this machine alone (FARANDOLE_ORIGINS)' }];
  }
  return await Promise.all(
    open.map(async (origin) => ({ about, ...(await examineAddress(origin, nowMs, ca)) })),
  );
}

async function examineAddress(
  origin: string,
  nowMs: number,
  ca: string | undefined,
): Promise<Omit<Finding, 'about'>> {
  const answer = await answerOf(origin, ca).catch((error: unknown) => ({
    fault: codeOf(error) ?? (error instanceof Error ? error.message : String(error)),
  }));
  if ('fault' in answer) {
    const says = `${origin} can’t be reached from here (${answer.fault}). Start server and proxy, and check the name and the firewall. Some networks can’t reach their own public address.`;
    return { is: 'warn', says };
  }
  const { refusal, validUntilMs, status, text } = answer;
  if (refusal !== null) {
    const says = `browsers refuse the certificate of ${origin} (${refusal}). The log of the proxy says why it has no better one.`;
    return { is: 'fail', says };
  }
  if (status !== 200 || text !== LIVE) {
    const says = `${origin} answers ${status}, but not as a Farandole server. Check the address to which the proxy forwards.`;
    return { is: 'fail', says };
  }
  const days = Math.floor((validUntilMs - nowMs) / DAY_MS);
  const valid = `its certificate is valid for ${days === 1 ? '1 day' : `${days} days`}`;
  return days < DAYS_WARN
    ? { is: 'warn', says: `${origin} answers, but ${valid}: check its renewal` }
    : { is: 'ok', says: `${origin} answers, and ${valid}` };
}

interface Answer {
  /** Why a browser refuses the certificate; null if it doesn't. */
  readonly refusal: string | null;
  readonly validUntilMs: number;
  readonly status: number;
  readonly text: string;
}

/** @throws the system's error; Error after `TIMEOUT_MS` without an answer */
async function answerOf(origin: string, ca: string | undefined): Promise<Answer> {
  const sent = request(new URL(PATH, origin), {
    // The answer of an address with a bad certificate is read too, to say what is wrong.
    rejectUnauthorized: false,
    agent: false,
    ...(ca !== undefined && { ca }),
  });
  const timer = setTimeout(() => sent.destroy(new Error('no answer in 5 s')), TIMEOUT_MS);
  try {
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const socket = response.socket as TLSSocket;
    const certificate = socket.getPeerCertificate();
    const refusal = socket.authorized ? null : String(socket.authorizationError);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      if (chunks.length > LIVE.length) break;
    }
    return {
      refusal,
      validUntilMs: Date.parse(certificate.valid_to),
      status: response.statusCode ?? 0,
      text: Buffer.concat(chunks).toString(),
    };
  } finally {
    clearTimeout(timer);
    sent.destroy();
  }
}
