/**
 * The fields of a WebRTC statistics report that the page uses. TypeScript's own types lack some of
 * them.
 */
export interface StatsReport {
  readonly type: string;
  readonly kind?: string;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly totalFreezesDuration?: number;
  readonly fractionLost?: number;
  readonly frameHeight?: number;
}

export type StatsReports = ReadonlyMap<string, StatsReport>;

export function wayOf(reports: StatsReports): 'direct' | 'relay' | null {
  const pair = selectedPair(reports);
  if (pair === null) return null;
  const ends = [pair.localCandidateId, pair.remoteCandidateId];
  const relayed = ends.some((id) => reports.get(id ?? '')?.candidateType === 'relay');
  return relayed ? 'relay' : 'direct';
}

/**
 * Returns the candidate pair that the transport report names. If there is no transport report,
 * returns the nominated pair.
 */
export function selectedPair(reports: StatsReports): StatsReport | null {
  for (const { type, selectedCandidatePairId } of reports.values()) {
    if (type !== 'transport' || selectedCandidatePairId === undefined) continue;
    return reports.get(selectedCandidatePairId) ?? null;
  }
  for (const report of reports.values()) {
    const { type, nominated, state } = report;
    if (type === 'candidate-pair' && nominated === true && state === 'succeeded') return report;
  }
  return null;
}
