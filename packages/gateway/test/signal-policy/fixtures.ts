import { readdirSync, readFileSync } from 'node:fs';

export interface SdpFixture {
  readonly name: string;
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

const folder = new URL('fixtures/', import.meta.url);

/**
 * SDP offers and answers recorded with Chromium 156 and Firefox ESR 153, with camera permission,
 * on a machine with the addresses 192.0.2.2 and fd00::2. They cover first offers, gathered
 * candidates, renegotiation, ICE restart, rejected and stopped media, and answers to the other
 * browser.
 */
export const SDP_FIXTURES: readonly SdpFixture[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sdp'))
  .map((file) => ({
    name: file.replace('.sdp', ''),
    type: file.includes('-answer-') ? 'answer' : 'offer',
    sdp: readFileSync(new URL(file, folder), 'utf8'),
  }));

export function sdpFixture(name: string): SdpFixture {
  const found = SDP_FIXTURES.find((fixture) => fixture.name === name);
  if (found === undefined) throw new Error(`no description is named ${name}`);
  return found;
}
