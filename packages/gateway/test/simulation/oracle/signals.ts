import { CANDIDATES_PER_GENERATION_MAX } from '../../../src/signal-policy/limits.ts';
import { type Expectation, findLeaks } from '../../signal-policy/oracle.ts';
import type { Place, WorldRules } from '../rules.ts';
import { Violation } from './violation.ts';

/** The candidates of one side that the other has been shown, since the last ICE restart. */
export interface Shown {
  ufrags: string;
  readonly lines: Set<string>;
}

export function createShown(): Shown {
  return { ufrags: '', lines: new Set() };
}

/** What may be told of where somebody is. */
function expectationOf(rules: WorldRules, place: Place, isDirectAgreed: boolean): Expectation {
  const { relayMode } = rules.config;
  const isDirect =
    relayMode === 'direct' ||
    relayMode === 'fallback' ||
    (relayMode === 'until-consent' && isDirectAgreed);
  return {
    candidates: true,
    hosts: isDirect ? hostsOf(rules, place) : null,
    srflx: isDirect,
    relays: rules.relayAddresses,
  };
}

function hostsOf(
  { localAddresses }: WorldRules,
  { clientAddress, isLocal }: Place,
): readonly string[] {
  if (clientAddress !== '127.0.0.1') return [clientAddress];
  return isLocal ? localAddresses : [];
}

/**
 * SP-42: a text of one side's that the other is given tells only what the policy lets through, and
 * no more of it than between two ICE restarts may be.
 */
export function checkSignal(
  rules: WorldRules,
  text: string,
  from: { readonly place: Place; readonly isDirectAgreed: boolean; readonly shown: Shown },
): void {
  if (text === '') return;
  const leaks = findLeaks(text, expectationOf(rules, from.place, from.isDirectAgreed));
  if (leaks.length > 0) throw new Violation('SP-42', `what passed holds ${leaks.join('; ')}`);
  const { shown } = from;
  if (text.startsWith('v=')) {
    const ufrags = [...new Set(text.match(/^a=ice-ufrag:.*$/gm) ?? [])].join();
    if (ufrags !== shown.ufrags) {
      shown.ufrags = ufrags;
      shown.lines.clear();
    }
  }
  for (const [line] of text.matchAll(/candidate:[^\r\n]*/g)) shown.lines.add(line);
  if (shown.lines.size > CANDIDATES_PER_GENERATION_MAX) {
    throw new Violation('SP-42', `${shown.lines.size} candidates of one side passed`);
  }
  const reflexive = [...shown.lines].filter((line) => line.includes(' typ srflx'));
  const ofSix = reflexive.filter((line) => line.split(' ')[4]?.includes(':') === true).length;
  if (ofSix > 1 || reflexive.length - ofSix > 1) {
    throw new Violation('SP-42', 'two server-reflexive candidates of a family passed');
  }
}
